/** What the book may lose now: all sessions that are not over, and together by currency. Read again every two seconds. */
import Link from '@mui/material/Link';
import { Link as To } from 'react-router';
import type { ExposureBoard, ExposurePositions } from '../../../src/backoffice/rain-wire.ts';
import { Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant, Money } from '../kit/values.tsx';
import { Grid, type GridColumn } from './grid.tsx';
import { LimitUsed, SessionStatus, useSessionName } from './values.tsx';

type Sums = ExposurePositions['sessions'][number];
type Live = ExposureBoard['sessions'][number] & { readonly sums: Sums | undefined };
type Total = ExposureBoard['totals'][number];

export default function Exposure() {
  const t = useT();
  const reading = useApi<ExposureBoard>('/rain/exposure', {}, { everyMs: 2000, keep: true });
  // Summed over all positions: asked for less often.
  const { data } = useApi<ExposurePositions>('/rain/exposure/positions', {}, { everyMs: 10_000, keep: true });
  return (
    <>
      <PageHead title={t('rain.exposure')} />
      <Read of={reading}>
        {(board) =>
          board.sessions.length === 0 ? (
            <Nothing text="rain.no_live" />
          ) : (
            <Board board={board} sums={data?.sessions} />
          )
        }
      </Read>
    </>
  );
}

const TOTALS: readonly GridColumn<Total>[] = [
  { label: 'rain.currency', show: ({ currency }) => currency },
  { label: 'rain.sessions', align: 'right', show: ({ sessions }) => <Count value={sessions} /> },
  {
    label: 'rain.worst',
    align: 'right',
    show: ({ worst, currency }) => <Money minor={worst} currency={currency} />,
  },
  {
    label: 'rain.limit',
    align: 'right',
    show: ({ poolMax, currency }) => <Money minor={poolMax} currency={currency} />,
  },
];

function Named({ of }: { readonly of: Live }) {
  const name = useSessionName();
  return (
    <Link component={To} to={`/rain/sessions/${of.id}`}>
      {name(of)}
    </Link>
  );
}

const amount =
  (pick: (session: Live) => string | undefined, result: 'result' | 'amount' = 'amount') =>
  (session: Live) => <Money minor={pick(session)} currency={session.currency} result={result === 'result'} />;

const SESSIONS: readonly GridColumn<Live>[] = [
  { label: 'rain.session', show: (session) => <Named of={session} /> },
  { label: 'rain.status', show: ({ status }) => <SessionStatus status={status} /> },
  { label: 'rain.worst', align: 'right', show: amount(({ worst }) => worst) },
  { label: 'rain.used', show: ({ usedPercent }) => <LimitUsed percent={usedPercent} /> },
  { label: 'rain.closes', show: ({ closesAt }) => <Instant at={closesAt} /> },
  { label: 'rain.bettors', align: 'right', show: ({ sums }) => <Count value={sums?.players} /> },
  { label: 'rain.krain_owes', align: 'right', show: ({ sums }) => <Count value={sums?.pending} /> },
  { label: 'rain.pool_rain', align: 'right', show: amount(({ poolRain }) => poolRain, 'result') },
  { label: 'rain.pool_dry', align: 'right', show: amount(({ poolDry }) => poolDry, 'result') },
  {
    label: 'rain.krain_net_rain',
    align: 'right',
    show: amount(({ sums }) => sums?.krainNetRain, 'result'),
  },
  { label: 'rain.krain_net_dry', align: 'right', show: amount(({ sums }) => sums?.krainNetDry, 'result') },
];

const NOTHING = { players: 0, pending: 0, krainNetRain: '0', krainNetDry: '0' };

/** What may cost most comes first. */
function byUse(sessions: ExposureBoard['sessions'], sums: BoardProps['sums']): readonly Live[] {
  const found = new Map(sums?.map((each) => [each.id, each]));
  const none = ({ id }: { readonly id: number }) => (sums === undefined ? undefined : { ...NOTHING, id });
  const live = sessions.map((session) => ({ ...session, sums: found.get(session.id) ?? none(session) }));
  return live.toSorted((a, b) => b.usedPercent - a.usedPercent || a.closesAt.localeCompare(b.closesAt));
}

interface BoardProps {
  readonly board: ExposureBoard;
  /** Undefined: not told yet. One that is missing has no positions. */
  readonly sums: readonly Sums[] | undefined;
}

function Board({ board: { sessions, totals, more }, sums }: BoardProps) {
  const t = useT();
  return (
    <>
      <Section title="rain.totals">
        <Grid label="rain.totals" rows={totals} rowKey={({ currency }) => currency} columns={TOTALS} />
      </Section>
      <Section title="rain.live_sessions">
        {more ? <p>{t('rain.board_more', { count: sessions.length })}</p> : null}
        <Grid
          label="rain.live_sessions"
          rows={byUse(sessions, sums)}
          rowKey={({ id }) => id}
          columns={SESSIONS}
        />
      </Section>
    </>
  );
}
