/** One bet of the rain book: its path, its order at K-Rain, what was ruled, the money its session moved. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import { Link as To, useParams } from 'react-router';
import type { RainBetDetail } from '../../../src/backoffice/rain-wire.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant, Money } from '../kit/values.tsx';
import { BetAtKrainPart } from './bet-krain.tsx';
import { BetReason } from './bets.tsx';
import { Grid } from './grid.tsx';
import { Trail } from './trail.tsx';
import { BetState, Odds, Side, useSessionName } from './values.tsx';

export default function Bet() {
  const { betId = '' } = useParams();
  const reading = useApi<RainBetDetail>(`/rain/bets/${betId}`, {}, { everyMs: 5000, keep: true });
  return <Read of={reading}>{(detail) => <Shown detail={detail} />}</Read>;
}

function Shown({ detail }: { readonly detail: RainBetDetail }) {
  const t = useT();
  const { bet, transfers, trail } = detail;
  return (
    <>
      <PageHead
        title={`${t('rain.bet')} ${bet.id}`}
        beside={<BetState status={bet.status} />}
        back={{ to: '/rain/bets', label: 'rain.bets' }}
      />
      <Section>
        <Terms detail={detail} />
      </Section>
      <Section title="rain.path">
        <Path detail={detail} />
      </Section>
      <Section title="rain.order_title">
        <Order detail={detail} />
      </Section>
      {detail.order === null ? null : <BetAtKrainPart detail={detail} />}
      <Section title="rain.money">
        {transfers.length === 0 ? <Nothing text="rain.no_money" /> : <Transfers detail={detail} />}
      </Section>
      <Section title="rain.trail">
        <Trail lines={trail} />
      </Section>
    </>
  );
}

function Terms({ detail: { bet, key, ip } }: { readonly detail: RainBetDetail }) {
  const name = useSessionName();
  const money = (minor: string) => <Money minor={minor} currency={bet.currency} />;
  const session = { ...bet, type: bet.sessionType };
  return (
    <Facts
      facts={[
        {
          label: 'rain.session',
          value: (
            <Link component={To} to={`/rain/sessions/${bet.session}`}>
              {name(session)}
            </Link>
          ),
        },
        {
          label: 'rain.user',
          value: (
            <Link component={To} to={`/rain/players/${bet.bookPlayer}`}>
              {bet.userId}
            </Link>
          ),
        },
        { label: 'rain.operator', value: bet.operatorName },
        { label: 'rain.vendor_type', value: bet.vendorType },
        { label: 'rain.side', value: <Side type={bet.type} /> },
        { label: 'rain.odds', value: <Odds value={bet.odds} /> },
        { label: 'rain.stake', value: money(bet.stake) },
        { label: 'rain.win', value: money(bet.win) },
        { label: 'rain.payout', value: <Money minor={bet.payout} currency={bet.currency} result /> },
        { label: 'rain.kept', value: money(bet.ownStake) },
        { label: 'rain.key', value: key },
        { label: 'rain.address', value: ip ?? '–' },
      ]}
    />
  );
}

/** What is kept of a bet's course: when it was placed, what it is, when it was settled. */
function Path({ detail: { bet } }: { readonly detail: RainBetDetail }) {
  const t = useT();
  const isOver = bet.status === 'SETTLED' || bet.status === 'VOID';
  const steps = [
    { status: 'TEMP' as const, at: bet.placedAt },
    ...(isOver ? [{ status: 'ACTIVE' as const, at: null }] : []),
    ...(bet.status === 'TEMP' ? [] : [{ status: bet.status, at: bet.settledAt ?? bet.updatedAt }]),
  ];
  return (
    <Box component="ol" sx={{ m: 0, pl: 2.5 }}>
      {steps.map(({ status, at }) => (
        <li key={status}>
          {t(`rain.path_of.${status}`)}
          {at === null ? '' : ' · '}
          {at === null ? null : <Instant at={at} />}
          {status === 'FAILED' ? (
            <>
              {' · '}
              <BetReason reason={bet.reason} />
            </>
          ) : null}
        </li>
      ))}
    </Box>
  );
}

function Order({ detail: { bet, order } }: { readonly detail: RainBetDetail }) {
  const t = useT();
  if (order === null) return <Nothing text="rain.no_order" />;
  const money = (minor: string) => <Money minor={minor} currency={bet.currency} />;
  return (
    <Facts
      facts={[
        { label: 'rain.order', value: order.id },
        { label: 'rain.market', value: order.market },
        { label: 'rain.fill', value: t(`rain.fills.${order.fill}`) },
        { label: 'rain.until', value: <Instant at={order.until} /> },
        { label: 'rain.krain_stake', value: money(bet.krainStake) },
        { label: 'rain.krain_odds', value: <Odds value={bet.krainOdds} /> },
        { label: 'rain.krain_win', value: money(bet.krainWin) },
      ]}
    />
  );
}

function Transfers({ detail: { transfers } }: { readonly detail: RainBetDetail }) {
  const t = useT();
  return (
    <>
      <p>{t('rain.money_note')}</p>
      <Grid
        label="rain.money"
        rows={transfers}
        rowKey={({ id }) => id}
        columns={[
          { label: 'rain.when', show: ({ at }) => <Instant at={at} /> },
          { label: 'rain.kind', show: ({ kind }) => t(`rain.kinds.${kind}`) },
          {
            label: 'rain.amount',
            align: 'right',
            show: ({ amount, currency }) => <Money minor={amount} currency={currency} />,
          },
          { label: 'rain.cause', show: ({ cause }) => cause },
        ]}
      />
    </>
  );
}
