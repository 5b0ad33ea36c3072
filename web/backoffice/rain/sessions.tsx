/** All sessions of the rain book as a list. */
import Box from '@mui/material/Box';
import type { RainSessionRow } from '../../../src/backoffice/rain-wire.ts';
import { ListPage } from '../kit/list.tsx';
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Status } from '../kit/values.tsx';
import { DAYS, STATUS_CHOICES, TYPE_CHOICES, useSiteChoices } from './choices.ts';
import { LimitUsed, MarketStatus, Odds, Result, SessionStatus } from './values.tsx';

function Hours({ type }: Pick<RainSessionRow, 'type'>) {
  const t = useT();
  return t(`rain.types.${type}`);
}

const COLUMNS: readonly ListColumn<RainSessionRow>[] = [
  { key: 'id', label: 'rain.session', type: 'text' },
  { key: 'site', label: 'rain.site', type: 'text' },
  { key: 'gameDate', label: 'rain.day', type: 'text' },
  { key: 'type', label: 'rain.hours', type: 'text', render: ({ type }) => <Hours type={type} /> },
  { key: 'currency', label: 'rain.currency', type: 'text' },
  {
    key: 'status',
    label: 'rain.status',
    type: 'text',
    render: ({ status, said }) => (
      <Box component="span" sx={{ display: 'inline-flex', gap: 0.5 }}>
        <SessionStatus status={status} />
        {said > 0 ? <Status tone="warn" label="rain.waiting_for_second" /> : null}
      </Box>
    ),
  },
  {
    key: 'market',
    label: 'rain.market',
    type: 'text',
    render: ({ status, market }) => (status === 'OPEN' ? <MarketStatus market={market} /> : '–'),
  },
  {
    key: 'result',
    label: 'rain.result',
    type: 'text',
    render: ({ result, version }) => <Result result={result} version={version} />,
  },
  {
    key: 'oddsRain',
    label: 'rain.odds_rain',
    type: 'number',
    render: ({ oddsRain }) => <Odds value={oddsRain} />,
  },
  {
    key: 'oddsDry',
    label: 'rain.odds_dry',
    type: 'number',
    render: ({ oddsDry }) => <Odds value={oddsDry} />,
  },
  { key: 'poolRain', label: 'rain.pool_rain', type: 'money', result: true },
  { key: 'poolDry', label: 'rain.pool_dry', type: 'money', result: true },
  { key: 'worst', label: 'rain.worst', type: 'money' },
  {
    key: 'usedPercent',
    label: 'rain.used',
    type: 'number',
    notExported: true,
    render: ({ usedPercent }) => <LimitUsed percent={usedPercent} />,
  },
  { key: 'rainMm', label: 'rain.rain_mm', type: 'number', hidden: true },
  { key: 'poolMax', label: 'rain.limit', type: 'money', hidden: true },
  { key: 'opensAt', label: 'rain.opens', type: 'instant', hidden: true },
  { key: 'closesAt', label: 'rain.closes', type: 'instant' },
  {
    key: 'startsAt',
    label: 'rain.starts',
    type: 'instant',
    order: { ascending: 'oldest', descending: 'newest' },
  },
  { key: 'endsAt', label: 'rain.ends', type: 'instant', hidden: true },
  { key: 'resultedAt', label: 'rain.resulted', type: 'instant', hidden: true },
];

export default function Sessions() {
  const sites = useSiteChoices();
  const filters: readonly ListFilter[] = [
    { type: 'choice', key: 'site', label: 'rain.site', choices: sites },
    { type: 'choice', key: 'status', label: 'rain.status', choices: STATUS_CHOICES },
    { type: 'choice', key: 'type', label: 'rain.hours', choices: TYPE_CHOICES },
    ...DAYS,
    {
      type: 'choice',
      key: 'waiting',
      label: 'rain.result',
      choices: [{ value: 'yes', label: 'rain.to_confirm' }],
    },
  ];
  return (
    <ListPage<RainSessionRow>
      path="/rain/sessions"
      columns={COLUMNS}
      filters={filters}
      standardOrder="newest"
      rowLink={({ id }) => `/rain/sessions/${id}`}
      empty="rain.no_session_yet"
      everyMs={10_000}
    />
  );
}
