/** Statistics: totals by currency, a drawing, and the figures themselves. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { Chart } from '../kit/chart.tsx';
import { formatInstant } from '../kit/clock.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { ChoiceInput } from '../kit/fields.tsx';
import { ListExport } from '../kit/list-export.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Money } from '../kit/values.tsx';
import { Change } from './change.tsx';
import { Controls } from './controls.tsx';
import { FiguresTable, Percent } from './table.tsx';
import {
  type Answer,
  type Asked,
  figuresOf,
  nameOf,
  queryOf,
  type Total,
  troubleOf,
  useAsked,
} from './wire.ts';

export default function Statistics() {
  const t = useT();
  const [asked, change] = useAsked();
  const query = queryOf(asked);
  const trouble = troubleOf(asked);
  const reading = useApi<Answer>(trouble === null ? '/statistics' : null, query, { keep: true });
  return (
    <>
      <PageHead
        title={t('statistics.title')}
        actions={
          trouble === null ? (
            <ListExport path="/statistics" query={query} columns={exportedOf(asked)} />
          ) : null
        }
      />
      <Controls asked={asked} change={change} />
      {trouble === null ? (
        <Read of={reading}>{(answer) => <Told answer={answer} asked={asked} />}</Read>
      ) : (
        <Alert severity="warning">{t(trouble.key, { days: trouble.days })}</Alert>
      )}
    </>
  );
}

function Told({ answer, asked }: { readonly answer: Answer; readonly asked: Asked }) {
  const t = useT();
  const { asOf, zone, minutesLate, compared, rows, more, totals } = answer;
  return (
    <>
      <Typography variant="body2" sx={{ color: 'text.secondary', mb: 1 }}>
        {[
          t('statistics.in_zone', { zone }),
          t('statistics.as_of', { at: formatInstant(asOf, zone) }),
          ...(compared === null
            ? []
            : [t('statistics.compared_with', { from: compared.from, to: compared.to })]),
        ].join(' · ')}
      </Typography>
      {minutesLate === 0 ? null : (
        <Alert severity="info" sx={{ mb: 1.5 }}>
          {t('statistics.late', { zone, minutes: minutesLate })}
        </Alert>
      )}
      {rows.length === 0 ? (
        <Nothing text="statistics.nothing" />
      ) : (
        <>
          {totals.map((total) => (
            <Totals key={total.currency} total={total} />
          ))}
          <Drawing answer={answer} asked={asked} />
          {more ? <Alert severity="warning">{t('statistics.more')}</Alert> : null}
          <FiguresTable answer={answer} asked={asked} />
          <Typography variant="body2" sx={{ color: 'text.secondary', mt: 1 }}>
            {t('statistics.ggr_what')} {t('statistics.players_what')}
          </Typography>
        </>
      )}
    </>
  );
}

function Totals({ total: { currency, now, before, share } }: { readonly total: Total }) {
  const compared = (key: 'ggr' | 'betSum' | 'players') =>
    before === null ? null : (
      <Box sx={{ fontSize: '0.75rem' }}>
        <Change now={now[key]} before={before[key]} {...(key === 'players' ? {} : { currency })} />
      </Box>
    );
  return (
    <Section>
      <Typography variant="h2" sx={{ mb: 1 }}>
        {currency}
      </Typography>
      <Facts
        facts={[
          {
            label: 'statistics.ggr',
            value: [<Money key="now" minor={now.ggr} currency={currency} result />, compared('ggr')],
          },
          { label: 'statistics.hold', value: <Percent value={now.hold} /> },
          {
            label: 'statistics.bet_sum',
            value: [<Money key="now" minor={now.betSum} currency={currency} />, compared('betSum')],
          },
          {
            label: 'statistics.players',
            value: [<Count key="now" value={now.players} />, compared('players')],
          },
          { label: 'statistics.rounds', value: <Count value={now.rounds} /> },
          ...(share === null
            ? []
            : [{ label: 'statistics.share', value: <Money minor={share} currency={currency} result /> }]),
        ]}
      />
    </Section>
  );
}

/** Bars beyond these are too thin to tell apart; times are drawn all. */
const BARS_MAX = 20;

function Drawing({ answer, asked }: { readonly answer: Answer; readonly asked: Asked }) {
  const t = useT();
  const currencies = answer.totals.map(({ currency }) => currency);
  const [chosen, setChosen] = useState('');
  const currency = currencies.includes(chosen) ? chosen : (currencies[0] ?? '');
  const isTime = asked.by === 'day' || asked.by === 'hour';
  const all = answer.rows.filter((row) => row.currency === currency);
  const rows = isTime ? all : all.slice(0, BARS_MAX);
  const names = labelsOf(rows.map((row) => nameOf(row, answer.zone)));
  const title = t('statistics.chart', { by: t(`statistics.bys.${asked.by}`), currency });
  const before = rows.map((row) => figuresOf(row, asked).before);
  const isCompared = before.some((figures) => figures !== null);
  return (
    <Section>
      {currencies.length > 1 ? (
        <ChoiceInput
          label={t('statistics.chart_currency')}
          value={currency}
          choices={currencies.map((value) => ({ value, label: value, plain: true }))}
          onChange={setChosen}
        />
      ) : null}
      <Chart
        title={title}
        labels={names}
        currency={currency}
        series={[
          {
            name: isCompared ? t('statistics.now') : t('statistics.ggr'),
            type: 'bar',
            values: rows.map((row) => figuresOf(row, asked).now.ggr),
          },
          ...(isCompared
            ? [
                {
                  name: t('statistics.before'),
                  type: isTime ? ('line' as const) : ('bar' as const),
                  values: before.map((figures) => figures?.ggr ?? null),
                },
              ]
            : []),
        ]}
      />
    </Section>
  );
}

/** An hour that comes twice, when clocks go back, is told apart. */
function labelsOf(names: readonly string[]): string[] {
  return names.map((name, index) => (names.indexOf(name) === index ? name : `${name} (2)`));
}

function exportedOf({ by, compare }: Asked) {
  const figures = [
    { key: 'bets', label: 'statistics.bets' },
    { key: 'betSum', label: 'statistics.bet_sum' },
    { key: 'wins', label: 'statistics.wins' },
    { key: 'winSum', label: 'statistics.win_sum' },
    { key: 'cancels', label: 'statistics.cancels' },
    { key: 'cancelSum', label: 'statistics.cancel_sum' },
    { key: 'other', label: 'statistics.other' },
    { key: 'ggr', label: 'statistics.ggr' },
    { key: 'hold', label: 'statistics.hold' },
    { key: 'rounds', label: 'statistics.rounds' },
    { key: 'players', label: 'statistics.players' },
  ];
  const whole = [
    { key: 'whole.betSum', label: 'statistics.whole_export.bet_sum' },
    { key: 'whole.ggr', label: 'statistics.whole_export.ggr' },
    { key: 'whole.players', label: 'statistics.whole_export.players' },
    { key: 'whole.share', label: 'statistics.whole_export.share' },
  ];
  const before = [
    { key: 'before.betSum', label: 'statistics.before_export.bet_sum' },
    { key: 'before.ggr', label: 'statistics.before_export.ggr' },
    { key: 'before.players', label: 'statistics.before_export.players' },
  ];
  return [
    { key: 'name', label: `statistics.bys.${by}` },
    { key: 'currency', label: 'statistics.currency' },
    ...figures,
    ...(by === 'agent' || by === 'vendor' ? [{ key: 'share', label: 'statistics.share' }] : []),
    ...(by === 'agent' ? whole : []),
    ...(compare === '' ? [] : before),
  ];
}
