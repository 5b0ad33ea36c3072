/** Rows of statements: what they show, and where their cause is. */
import type { ListColumn, ListFilter } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Money } from '../kit/values.tsx';

export interface StatementLine {
  readonly id: number;
  readonly at: string;
  readonly what: string;
  readonly amount: string;
  readonly before: string;
  readonly after: string;
  readonly potBefore: string | null;
  readonly potAfter: string | null;
  readonly account: 'wallet' | 'points' | 'pot';
  readonly player: number | null;
  readonly username: string | null;
  readonly agent: number;
  readonly agentName: string;
  readonly currency: string;
  readonly vendor: string | null;
  readonly game: string | null;
  readonly round: string | null;
  readonly refererId: number | null;
  readonly externalId: string | null;
  readonly ip: string | null;
}

export const PLAYER_TYPES = [
  'addBalance',
  'subBalance',
  'subBalanceAll',
  'bet',
  'win',
  'cancel',
  'charge',
  'adjustCredit',
  'adjustDebit',
  'promoWin',
  'exceedCredit',
  'pointsGive',
  'pointsExchange',
] as const;

/** A choice among types of movements. */
export function typeFilter(types: readonly string[]): ListFilter {
  return {
    type: 'choice',
    key: 'type',
    label: 'statement.type',
    choices: types.map((value) => ({ value, label: `statement.types.${value}` })),
  };
}

/** In the game the row leads to its round, else to what caused it. */
export function addressOfLine({ id, game, round }: StatementLine): string {
  return game !== null && round !== null ? `/rounds/${id}` : `/movements/${id}`;
}

function Kind({ what }: { readonly what: string }) {
  const t = useT();
  return t(`statement.types.${what}`);
}

/** What the row is about: its game and round, or whom the POT moved with. */
function About({ row }: { readonly row: StatementLine }) {
  const t = useT();
  if (row.game !== null) return [row.game, row.round].filter((each) => each !== null).join(' · ');
  return row.refererId === null ? '–' : t('statement.answers', { id: row.refererId });
}

const COMMON: readonly ListColumn<StatementLine>[] = [
  { key: 'what', label: 'statement.type', type: 'text', render: ({ what }) => <Kind what={what} /> },
  { key: 'amount', label: 'statement.amount', type: 'money', result: true },
  { key: 'before', label: 'statement.before', type: 'money' },
  { key: 'after', label: 'statement.after', type: 'money' },
];
const BEHIND: readonly ListColumn<StatementLine>[] = [
  {
    key: 'about',
    label: 'statement.about',
    type: 'text',
    render: (row) => <About row={row} />,
    notExported: true,
  },
  { key: 'id', label: 'bets.transaction', type: 'text', hidden: true },
  { key: 'externalId', label: 'statement.external_id', type: 'text', hidden: true },
  { key: 'ip', label: 'statement.ip', type: 'text', hidden: true },
];
const TIME: ListColumn<StatementLine> = {
  key: 'at',
  label: 'statement.time',
  type: 'instant',
};
const POT: readonly ListColumn<StatementLine>[] = [
  {
    key: 'potAfter',
    label: 'statement.pot_after',
    type: 'money',
    hidden: true,
    render: ({ potAfter, currency }) => <Money minor={potAfter} currency={currency} />,
  },
];

const ORDERED = { ...TIME, order: { descending: 'newest', ascending: 'oldest' } };
const WHO: ListColumn<StatementLine> = { key: 'username', label: 'kit.player', type: 'text' };
const WHOSE: ListColumn<StatementLine> = { key: 'agentName', label: 'kit.agent', type: 'text' };

/** Of all users, of one user, of a POT. */
export const ALL_COLUMNS = [TIME, WHO, WHOSE, ...COMMON, ...POT, ...BEHIND];
export const PLAYER_COLUMNS = [
  ORDERED,
  ...COMMON,
  ...POT.map((column) => ({ ...column, hidden: false })),
  ...BEHIND,
];
export const WALLET_COLUMNS = [ORDERED, ...COMMON, ...BEHIND];
export const POT_COLUMNS = [ORDERED, ...COMMON, WHO, WHOSE, ...BEHIND];
