/** Bets of the rain book: all of them, or those of a session or a player on its page. */
import type { RainBetRow } from '../../../src/backoffice/rain-wire.ts';
import type { Query } from '../api.ts';
import { ListPage, ListView } from '../kit/list.tsx';
import type { ListColumn, ListDescription, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { BET_STATE_CHOICES, DAYS, SIDE_CHOICES, useOperatorChoices, useSiteChoices } from './choices.ts';
import { BetState, Odds, Side } from './values.tsx';

export function BetReason({ reason }: Pick<RainBetRow, 'reason'>) {
  const t = useT();
  return reason === null ? '–' : t(`rain.reasons.${reason}`);
}

function Hours({ sessionType }: Pick<RainBetRow, 'sessionType'>) {
  const t = useT();
  return t(`rain.types.${sessionType}`);
}

const COLUMNS: readonly ListColumn<RainBetRow>[] = [
  { key: 'id', label: 'rain.bet', type: 'text', order: { ascending: 'oldest', descending: 'newest' } },
  { key: 'placedAt', label: 'rain.placed', type: 'instant' },
  { key: 'status', label: 'rain.state', type: 'text', render: ({ status }) => <BetState status={status} /> },
  { key: 'type', label: 'rain.side', type: 'text', render: ({ type }) => <Side type={type} /> },
  { key: 'stake', label: 'rain.stake', type: 'money' },
  { key: 'odds', label: 'rain.odds', type: 'number', render: ({ odds }) => <Odds value={odds} /> },
  { key: 'win', label: 'rain.win', type: 'money' },
  { key: 'payout', label: 'rain.payout', type: 'money', result: true },
  { key: 'ownStake', label: 'rain.kept', type: 'money' },
  { key: 'krainStake', label: 'rain.laid_off', type: 'money' },
  {
    key: 'krainOdds',
    label: 'rain.krain_odds',
    type: 'number',
    hidden: true,
    render: ({ krainOdds }) => <Odds value={krainOdds} />,
  },
  { key: 'krainWin', label: 'rain.krain_win', type: 'money', hidden: true },
  {
    key: 'reason',
    label: 'rain.reason',
    type: 'text',
    hidden: true,
    render: ({ reason }) => <BetReason reason={reason} />,
  },
  { key: 'settledAt', label: 'rain.settled', type: 'instant', hidden: true },
  { key: 'updatedAt', label: 'rain.changed', type: 'instant', hidden: true },
];
const OF_SESSION: readonly ListColumn<RainBetRow>[] = [
  { key: 'session', label: 'rain.session', type: 'text' },
  { key: 'site', label: 'rain.site', type: 'text' },
  { key: 'gameDate', label: 'rain.day', type: 'text' },
  {
    key: 'sessionType',
    label: 'rain.hours',
    type: 'text',
    render: ({ sessionType }) => <Hours sessionType={sessionType} />,
  },
];
const OF_PLAYER: readonly ListColumn<RainBetRow>[] = [
  { key: 'userId', label: 'rain.user', type: 'text' },
  { key: 'operatorName', label: 'rain.operator', type: 'text' },
  { key: 'bookPlayer', label: 'rain.player', type: 'text', hidden: true },
  { key: 'vendorType', label: 'rain.vendor_type', type: 'text', hidden: true },
];

const STATE: ListFilter = { type: 'choice', key: 'status', label: 'rain.state', choices: BET_STATE_CHOICES };
const SIDE: ListFilter = { type: 'choice', key: 'type', label: 'rain.side', choices: SIDE_CHOICES };

const described = (columns: readonly ListColumn<RainBetRow>[]): ListDescription<RainBetRow> => ({
  path: '/rain/bets',
  columns,
  standardOrder: 'newest',
  rowLink: ({ id }) => `/rain/bets/${id}`,
  empty: 'rain.no_bets',
});

export default function Bets() {
  const sites = useSiteChoices();
  const operators = useOperatorChoices();
  const filters: readonly ListFilter[] = [
    STATE,
    { type: 'choice', key: 'operator', label: 'rain.operator', choices: operators },
    { type: 'choice', key: 'site', label: 'rain.site', choices: sites },
    SIDE,
    ...DAYS,
    { type: 'text', key: 'session', label: 'rain.session' },
    { type: 'text', key: 'bookPlayer', label: 'rain.player' },
  ];
  const [id, ...rest] = COLUMNS;
  const columns = id === undefined ? [] : [id, ...OF_PLAYER, ...OF_SESSION, ...rest];
  return <ListPage<RainBetRow> {...described(columns)} filters={filters} />;
}

/** Those of one session or one player. */
export function BetsOf({ of }: { readonly of: Query }) {
  const [id, ...rest] = COLUMNS;
  const more = 'session' in of ? OF_PLAYER : OF_SESSION;
  const columns = id === undefined ? [] : [id, ...more, ...rest];
  return <ListView<RainBetRow> {...described(columns)} filters={[STATE, SIDE]} fixed={of} everyMs={5000} />;
}
