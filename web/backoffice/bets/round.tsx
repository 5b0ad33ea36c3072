/** One round explained: what it came to, every movement of money and why, and what the studio told of it. */
import Alert from '@mui/material/Alert';
import Link from '@mui/material/Link';
import { Link as To, useParams } from 'react-router';
import { type Fact, Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant, Money, Status } from '../kit/values.tsx';
import { EndRound } from '../rounds/end-round.tsx';
import { useMay } from '../session.tsx';
import { cameTo, type RoundRowGiven } from './chain.ts';
import { DetailShown } from './detail-shown.tsx';
import { ROUND_TONES, type RoundState } from './round-row.tsx';
import { Chain } from './rows.tsx';

export interface Round {
  readonly player: number;
  readonly username: string;
  readonly agent: number;
  readonly agentName: string;
  readonly wallet: 'transfer' | 'seamless';
  readonly currency: string;
  readonly vendor: string;
  readonly game: string;
  readonly gameId: number;
  readonly gameType: string;
  readonly round: string;
  /** Null: no bet of it stands. */
  readonly state: RoundState | null;
  readonly overdue: boolean;
  readonly openedAt: string | null;
  readonly bundles: readonly { readonly firstId: number; readonly bets: number; readonly stake: string }[];
  readonly rows: readonly RoundRowGiven[];
  readonly more: boolean;
  readonly asked: readonly { readonly id: number; readonly what: string; readonly amount: string }[];
  readonly detailDays: number;
}

export default function OneRound() {
  const { transferId = '' } = useParams();
  const reading = useApi<Round>(`/rounds/${transferId}`);
  return <Read of={reading}>{(round) => <Shown round={round} />}</Read>;
}

function Shown({ round }: { readonly round: Round }) {
  const t = useT();
  const may = useMay();
  const { state, rows, more, asked, currency, username } = round;
  return (
    <>
      <PageHead
        title={t('bets.one_title', { round: round.round })}
        back={{ to: '/rounds', label: 'bets.title' }}
        beside={state === null ? null : <Status tone={ROUND_TONES[state]} label={`bets.states.${state}`} />}
        actions={
          state === 'open' && may('rounds') ? (
            <EndRound
              of={{ ...round, stake: String(openStake(round)) }}
              key={`${round.gameId} ${round.round} ${username}`}
            />
          ) : null
        }
      />
      {state === null ? <Alert severity="info">{t('bets.taken_back_text')}</Alert> : null}
      {round.overdue ? (
        <Alert severity="warning" sx={{ mb: 2 }}>
          {t('bets.overdue_text')}
        </Alert>
      ) : null}
      {asked.map(({ id, amount }) => (
        <Alert key={id} severity="info" sx={{ mb: 2 }}>
          {t('bets.asked_text')} <Money minor={amount} currency={currency} />
        </Alert>
      ))}
      <Section title="bets.sum">
        <Facts facts={factsOf(round)} />
      </Section>
      <Section title="bets.movements">
        <Chain of={round} />
        {more ? <Alert severity="warning">{t('bets.more_rows')}</Alert> : null}
        {rows.length === 0 ? <Nothing text="bets.no_rows" /> : null}
      </Section>
      <Section title="bets.told">
        <Told of={round} />
      </Section>
    </>
  );
}

/** What is staked in bets nobody has answered yet. */
function openStake({ bundles, rows }: Round): bigint {
  const answered = new Set(rows.map(({ refererId }) => refererId));
  return bundles
    .filter(({ firstId }) => !answered.has(firstId))
    .reduce((all, { stake }) => all + BigInt(stake), 0n);
}

function factsOf(round: Round): readonly Fact[] {
  const { currency, player, username, agent, agentName, vendor, game, openedAt, rows } = round;
  const { staked, paid, refunded, corrected, tips, net } = cameTo(rows);
  const money = (label: string, minor: bigint): Fact => ({
    label,
    value: <Money minor={minor} currency={currency} />,
  });
  return [
    {
      label: 'kit.player',
      value: (
        <Link component={To} to={`/players/${player}`}>
          {username}
        </Link>
      ),
    },
    {
      label: 'kit.agent',
      value: (
        <Link component={To} to={`/agents/${agent}`}>
          {agentName}
        </Link>
      ),
    },
    { label: 'bets.vendor', value: vendor },
    { label: 'bets.game', value: game },
    { label: 'bets.opened', value: <Instant at={openedAt} /> },
    { label: 'bets.bets', value: <Count value={rows.filter(({ what }) => what === 'bet').length} /> },
    money('bets.stake', staked),
    money('bets.payout', paid),
    ...(refunded === 0n ? [] : [money('bets.refunds', refunded)]),
    ...(corrected === 0n ? [] : [money('bets.corrections', corrected)]),
    ...(tips === 0n ? [] : [money('bets.tips', tips)]),
    { label: 'bets.net_of_user', value: <Money minor={net} currency={currency} result /> },
  ];
}

function Told({ of: { rows, currency, detailDays } }: { readonly of: Round }) {
  const t = useT();
  const told = rows.filter(({ detail }) => detail !== null);
  if (told.length === 0) return <p>{t('bets.nothing_told', { days: detailDays })}</p>;
  return told.map(({ id, detail }) => (
    <div key={id}>
      {told.length > 1 ? <p>{t('bets.told_with', { id })}</p> : null}
      <DetailShown text={detail ?? ''} currency={currency} />
    </div>
  ));
}
