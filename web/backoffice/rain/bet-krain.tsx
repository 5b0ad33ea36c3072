/** What K-Rain says of a bet's order, and ruling on it where that cannot be: two persons, with the statement before them. */
import Alert from '@mui/material/Alert';
import { useNotify } from 'ra-core';
import { useState } from 'react';
import type { BetAtKrain, RainBetDetail } from '../../../src/backoffice/rain-wire.ts';
import { ActButton } from '../kit/act-button.tsx';
import { formatMinor, formatNumber } from '../kit/amount.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';
import { Instant, Money } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';
import { useMay } from '../session.tsx';
import { AskKrain } from './ask-krain.tsx';
import { BetReason } from './bets.tsx';
import { Grid } from './grid.tsx';
import { Odds, Side } from './values.tsx';

export function BetAtKrainPart({ detail }: { readonly detail: RainBetDetail }) {
  const t = useT();
  const { id, status } = detail.bet;
  const isOpen = status === 'CHECK';
  const [asked, setAsked] = useState(isOpen);
  const reading = useApi<BetAtKrain>(asked ? `/rain/bets/${id}/krain` : null);
  return (
    <>
      <AskKrain title="rain.krain_says" asked={asked} reading={reading} onAsk={() => setAsked(true)}>
        {(found) => <Found found={found} />}
      </AskKrain>
      {isOpen || detail.rulings.length > 0 ? (
        <Section title="rain.rulings">
          {isOpen ? <Alert severity="info">{t('rain.ruling_text')}</Alert> : null}
          <Rulings detail={detail} />
          {isOpen && reading.data !== undefined ? <Rule detail={detail} found={reading.data} /> : null}
        </Section>
      ) : null}
    </>
  );
}

function Found({ found: { meaning, record, unavailable, currency } }: { readonly found: BetAtKrain }) {
  const t = useT();
  const words = { label: 'rain.meaning', value: t(`rain.why.${meaning}`) };
  if (record === null)
    return (
      <>
        <Facts facts={[words]} />
        {unavailable === null ? null : (
          <Alert severity="warning">{t('rain.unavailable', { why: t(`rain.why.${unavailable}`) })}</Alert>
        )}
      </>
    );
  const money = (minor: string) => <Money minor={minor} currency={currency} />;
  return (
    <Facts
      facts={[
        words,
        { label: 'rain.state', value: t(`rain.why.${record.state}`) },
        { label: 'rain.market', value: record.market },
        { label: 'rain.side', value: <Side type={record.side} /> },
        { label: 'rain.stake', value: money(record.stake) },
        { label: 'rain.matched', value: money(record.matched) },
        { label: 'rain.odds', value: <Odds value={record.odds} /> },
        { label: 'rain.win', value: money(record.win) },
        { label: 'rain.when', value: <Instant at={record.at} /> },
        ...(record.reason === null
          ? []
          : [{ label: 'rain.refused_reason', value: <BetReason reason={record.reason} /> }]),
      ]}
    />
  );
}

function Rulings({ detail: { rulings, bet } }: { readonly detail: RainBetDetail }) {
  const t = useT();
  if (rulings.length === 0) return null;
  return (
    <Grid
      label="rain.rulings"
      rows={rulings}
      rowKey={({ by }) => by}
      columns={[
        { label: 'rain.who', show: ({ by }) => by },
        { label: 'rain.ruling', show: ({ fate }) => t(`rain.fates.${fate}`) },
        {
          label: 'rain.matched',
          align: 'right',
          show: ({ stake }) => <Money minor={stake} currency={bet.currency} />,
        },
        { label: 'rain.odds', align: 'right', show: ({ odds }) => <Odds value={odds} /> },
        {
          label: 'rain.win',
          align: 'right',
          show: ({ win }) => <Money minor={win} currency={bet.currency} />,
        },
        { label: 'rain.reason', show: ({ reason }) => reason },
        { label: 'rain.when', show: ({ at }) => <Instant at={at} /> },
      ]}
    />
  );
}

interface RuleProps {
  readonly detail: RainBetDetail;
  readonly found: BetAtKrain;
}

/** What is ruled names what was read: it is refused when K-Rain says something else by then. */
function Rule({ detail: { bet }, found: { record, taken, failed, currency } }: RuleProps) {
  const t = useT();
  const { locale } = useLanguage();
  const may = useMay();
  const notify = useNotify();
  if (!may('rain')) return null;
  const path = `/rain/bets/${bet.id}/ruling`;
  const onDone = ({ counts }: { readonly counts: boolean }) =>
    notify(t(counts ? 'rain.ruled' : 'rain.ruled_first'), { type: counts ? 'success' : 'info' });
  const fields = [{ key: 'reason', type: 'reason' as const }];
  const refusal = (code: string | null, label: string) =>
    code === null ? null : <li key={label}>{`${t(label)}: ${t(`refusals.${code}`)}`}</li>;
  return (
    <>
      <Row>
        {taken === null && record?.odds != null ? (
          <ActButton<{ counts: boolean }>
            label="rain.rule_taken"
            text="rain.rule_taken_text"
            named={{
              stake: formatMinor(record.matched, currency, locale),
              odds: formatNumber(record.odds, locale),
              win: formatMinor(record.win, currency, locale),
            }}
            path={path}
            fields={fields}
            body={({ reason }) => ({
              fate: 'taken',
              stake: record.matched,
              odds: record.odds,
              win: record.win,
              reason,
            })}
            onDone={onDone}
          />
        ) : null}
        {failed === null ? (
          <ActButton<{ counts: boolean }>
            label="rain.rule_failed"
            text="rain.rule_failed_text"
            path={path}
            fields={fields}
            body={({ reason }) => ({ fate: 'failed', reason })}
            onDone={onDone}
            danger
          />
        ) : null}
      </Row>
      <ul style={{ margin: '8px 0 0', paddingLeft: 20 }}>
        {refusal(taken, 'rain.rule_taken')}
        {refusal(failed, 'rain.rule_failed')}
      </ul>
    </>
  );
}
