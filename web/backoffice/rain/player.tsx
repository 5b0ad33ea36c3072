/** One player of the rain book: money, limits, protection, bets, positions, transfers, visits. */
import { useParams } from 'react-router';
import type {
  BookPlayerDetail,
  BookTransferRow,
  PositionRow,
} from '../../../src/backoffice/rain-player-wire.ts';
import { ListView } from '../kit/list.tsx';
import type { ListColumn } from '../kit/list-types.ts';
import { PageHead } from '../kit/page-head.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { BetsOf } from './bets.tsx';
import { Profile } from './player-profile.tsx';
import { Visits } from './player-visits.tsx';
import { PlayerState } from './players.tsx';
import { Trail } from './trail.tsx';
import { SessionStatus } from './values.tsx';

export default function Player() {
  const { bookPlayerId = '' } = useParams();
  const reading = useApi<BookPlayerDetail>(
    `/rain/players/${bookPlayerId}`,
    {},
    { everyMs: 10_000, keep: true },
  );
  return <Read of={reading}>{(detail) => <Shown detail={detail} />}</Read>;
}

function Shown({ detail }: { readonly detail: BookPlayerDetail }) {
  const { player, trail } = detail;
  return (
    <>
      <PageHead
        title={player.userId}
        beside={<PlayerState of={player} />}
        back={{ to: '/rain/players', label: 'rain.players' }}
      />
      <Tabs
        label="rain.player"
        tabs={[
          { key: 'profile', label: 'rain.profile', render: () => <Profile detail={detail} /> },
          { key: 'bets', label: 'rain.bets', render: () => <BetsOf of={{ bookPlayer: player.id }} /> },
          { key: 'positions', label: 'rain.positions', render: () => <Positions id={player.id} /> },
          { key: 'transfers', label: 'rain.transfers', render: () => <Transfers id={player.id} /> },
          { key: 'visits', label: 'rain.visits', render: () => <Visits detail={detail} /> },
          { key: 'trail', label: 'rain.trail', render: () => <Trail lines={trail} /> },
        ]}
      />
    </>
  );
}

function Hours({ sessionType }: Pick<PositionRow, 'sessionType'>) {
  const t = useT();
  return t(`rain.types.${sessionType}`);
}

const POSITIONS: readonly ListColumn<PositionRow>[] = [
  {
    key: 'session',
    label: 'rain.session',
    type: 'text',
    order: { ascending: 'oldest', descending: 'newest' },
  },
  { key: 'site', label: 'rain.site', type: 'text' },
  { key: 'gameDate', label: 'rain.day', type: 'text' },
  {
    key: 'sessionType',
    label: 'rain.hours',
    type: 'text',
    render: ({ sessionType }) => <Hours sessionType={sessionType} />,
  },
  {
    key: 'status',
    label: 'rain.status',
    type: 'text',
    render: ({ status }) => <SessionStatus status={status} />,
  },
  { key: 'bets', label: 'rain.count', type: 'number' },
  { key: 'netRain', label: 'rain.net_rain', type: 'money', result: true },
  { key: 'netDry', label: 'rain.net_dry', type: 'money', result: true },
  { key: 'exposure', label: 'rain.player_exposure', type: 'money' },
  { key: 'settledNet', label: 'rain.posted', type: 'money', result: true },
];

function Positions({ id }: { readonly id: number }) {
  return (
    <ListView<PositionRow>
      path={`/rain/players/${id}/positions`}
      columns={POSITIONS}
      standardOrder="newest"
      rowKey={({ session }) => session}
      rowLink={({ session }) => `/rain/sessions/${session}`}
      empty="rain.no_positions"
    />
  );
}

function Kind({ kind }: Pick<BookTransferRow, 'kind'>) {
  const t = useT();
  return t(`rain.transfer_kinds.${kind}`);
}

const TRANSFERS: readonly ListColumn<BookTransferRow>[] = [
  { key: 'at', label: 'rain.when', type: 'instant', order: { ascending: 'oldest', descending: 'newest' } },
  { key: 'kind', label: 'rain.kind', type: 'text', render: ({ kind }) => <Kind kind={kind} /> },
  { key: 'amount', label: 'rain.amount', type: 'money', result: true },
  { key: 'profitLoss', label: 'rain.profit_loss', type: 'money', result: true },
  { key: 'creditBefore', label: 'rain.credit_before', type: 'money' },
  { key: 'creditAfter', label: 'rain.credit_after', type: 'money' },
  { key: 'exposure', label: 'rain.player_exposure', type: 'money', hidden: true },
  { key: 'tsCode', label: 'rain.ts_code', type: 'text' },
];

function Transfers({ id }: { readonly id: number }) {
  return (
    <ListView<BookTransferRow>
      path={`/rain/players/${id}/transfers`}
      columns={TRANSFERS}
      standardOrder="newest"
      empty="rain.no_transfers"
    />
  );
}
