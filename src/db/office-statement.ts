/**
 * Statements: the rows of the ledger as one account sees them, with what it held before and after. Read to its end, a
 * statement has no gap: each row begins with what the one before left, and the last leaves the balance.
 *
 * The order is (time, step in the batch, id). The indexes know the time alone; so a page is read with all rows of the
 * instants at its edges, a batch's worth at most, and cut when it is in order.
 */
import type { Fragment } from 'postgres';
import { CODE, FEED, type TransferCode } from '../core/chart.ts';
import type { AccountId, AgentId, PlayerId } from '../core/ids.ts';
import { numbers, type Query } from './connect.ts';
import { type KeysetPage, keyset } from './keyset.ts';
import { whatOf } from './office-bet-round.ts';
import { fillPage, inSpan, type Span, spansOf } from './office-bet-spans.ts';

/** What moves a user's money. */
export const PLAYER_CODES: readonly TransferCode[] = [
  CODE.addBalance,
  CODE.subBalance,
  CODE.subBalanceAll,
  CODE.bet,
  CODE.win,
  CODE.cancel,
  CODE.charge,
  CODE.adjustCredit,
  CODE.adjustDebit,
  CODE.promoWin,
  CODE.exceedCredit,
  CODE.pointsGive,
  CODE.pointsExchange,
];
/** Moves the POT of an agent with transfer wallets, under its own name. */
const POT_CODES: readonly TransferCode[] = [
  CODE.potGive,
  CODE.potTake,
  CODE.addBalance,
  CODE.subBalance,
  CODE.subBalanceAll,
];

export interface StatementFilter extends Span {
  readonly codes: readonly TransferCode[];
  /** Minor units, without sign. */
  readonly minAmount: string | null;
}

/** Amounts are minor units as text. */
export interface StatementLine {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly at: string;
  readonly step: number;
  readonly what: string;
  /** As the account's balance moves. */
  readonly amount: string;
  readonly before: string;
  readonly after: string;
  /** Seamless: of the agent's POT, which covers what the user has with the operator. */
  readonly potBefore: string | null;
  readonly potAfter: string | null;
  readonly account: 'wallet' | 'points' | 'pot';
  readonly player: number | null;
  readonly username: string | null;
  /** Whose row it is: the user's agent, or the agent that was given POT or had it taken. */
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

const KEY = (db: Query) => [
  { column: db`t.at`, type: 'timestamptz' } as const,
  { column: db`t.step`, type: 'bigint' } as const,
  { column: db`t.id`, type: 'bigint' } as const,
];

/** Those that an index of their own finds, when asked for in these words (transfer_rare). */
const RARE_CODES: readonly TransferCode[] = [
  CODE.subBalanceAll,
  CODE.charge,
  CODE.adjustCredit,
  CODE.adjustDebit,
  CODE.promoWin,
  CODE.exceedCredit,
  CODE.pointsGive,
  CODE.pointsExchange,
];
const amongRare = (db: Query, codes: readonly TransferCode[]) =>
  codes.every((code) => RARE_CODES.includes(code))
    ? db`and t.code in (12, 23, 24, 25, 26, 27, 30, 31)`
    : db``;

const conditions = (db: Query, { codes, minAmount, ...span }: StatementFilter) =>
  db`t.code = any(${numbers(codes)}::smallint[]) ${amongRare(db, codes)} and ${inSpan(db, span)} ${minAmount === null ? db`` : db`and t.amount >= ${minAmount}::bigint`}`;

/** Names of the rows of a page among those of `whose`, with all of the instants at its edges. */
function edges(
  db: Query,
  page: KeysetPage,
  { whose, matching }: { whose: Fragment; matching: Fragment },
): Fragment {
  const { after, descending, limit } = page;
  const at = after?.[0];
  const rows = db`select t.agent_id, t.at, t.id from transfer t where ${whose} and ${matching}`;
  const beyond =
    at === undefined
      ? db``
      : descending
        ? db`and t.at < ${at}::text::timestamptz`
        : db`and t.at > ${at}::text::timestamptz`;
  const next = db`(${rows} ${beyond} order by t.at ${direction(db, page)} fetch first (${limit}) rows with ties)`;
  return at === undefined ? next : db`(${rows} and t.at = ${at}::text::timestamptz) union all ${next}`;
}

const direction = (db: Query, { descending }: Pick<KeysetPage, 'descending'>) =>
  descending ? db`desc` : db`asc`;

/** The named rows that belong to the page, whole. */
async function linesOf(
  db: Query,
  page: KeysetPage,
  { names, pot }: { names: Fragment; pot: AccountId | null },
) {
  const { where, order, limit } = keyset(db, page, KEY(db));
  const rows = await db`
    with names as materialized (${names}),
    page as materialized (select t.* from names n cross join lateral (select * from transfer t where t.agent_id = n.agent_id and t.id = n.id and t.at = n.at offset 0) t where ${where} ${order} ${limit})
    select t.id, wire_time(t.at) as at_text, t.step, t.code, t.amount, t.debit_account, t.credit_account, t.debit_before, t.credit_before, t.player_before,
      t.player_id, p.username, t.agent_id, a.username as agent_name, a.currency, v.name as vendor, g.title as game, t.round, t.referer_id, t.external_id, t.ip
    from page t join agent a on a.id = t.agent_id left join player p on p.id = t.player_id
    left join game g on g.id = t.game_id left join vendor v on v.id = g.vendor_id ${order}`;
  return rows.map((row) => toLine(row, pot));
}

export interface PlayerAccount {
  readonly playerId: PlayerId;
  readonly account: 'wallet' | 'points';
  readonly accountId: AccountId;
  readonly seamless: boolean;
}

/** The statement of a user's wallet or points. Of a seamless user's wallet: what its operator was asked and told. */
export async function pageOfPlayerStatement(
  db: Query,
  { of, filter }: { of: PlayerAccount; filter: StatementFilter },
  page: KeysetPage,
): Promise<StatementLine[]> {
  const touched =
    of.seamless && of.account === 'wallet'
      ? db`t.player_before is not null`
      : db`(t.debit_account = ${of.accountId} or t.credit_account = ${of.accountId})`;
  const names = edges(db, page, {
    whose: db`t.player_id = ${of.playerId}`,
    matching: db`${conditions(db, filter)} and ${touched}`,
  });
  const lines = await linesOf(db, page, { names, pot: null });
  return of.account === 'points' ? lines.map(seenFromPoints) : lines;
}

/** An exchange is shown by the wallet it fills; the points it empties are its other side, which holds all there was. */
function seenFromPoints(line: StatementLine & { readonly other?: OtherSide }): StatementLine {
  if (line.what !== 'pointsExchange') return { ...line, account: 'points' };
  const { amount, before, after } = line.other ?? { amount: line.amount, before: '0', after: '0' };
  return { ...line, account: 'points', amount, before, after };
}

/** Rows of the users of these agents, or of one user, newest first as a rule. */
export async function pageOfStatement(
  db: Query,
  { agents, player, filter }: { agents: readonly AgentId[]; player: string | null; filter: StatementFilter },
  page: KeysetPage,
): Promise<StatementLine[]> {
  const all = numbers(agents);
  if (player !== null) {
    const whose = db`t.player_id = ${player}::bigint and t.agent_id = any(${all}::bigint[])`;
    return linesOf(db, page, {
      names: edges(db, page, { whose, matching: conditions(db, filter) }),
      pot: null,
    });
  }
  return fillPage(page.limit, spansOf(page, filter), (span, limit) => {
    const cut = { ...page, limit };
    const each = edges(db, cut, {
      whose: db`t.agent_id = s.id`,
      matching: conditions(db, { ...filter, ...span }),
    });
    const names = nearest(
      db,
      cut,
      db`select n.* from unnest(${all}::bigint[]) s (id) cross join lateral (${each}) n`,
    );
    return linesOf(db, cut, { names, pot: null });
  });
}

/** Of many agents' names those that can be on the page: the rest of them need not be looked up. */
function nearest(db: Query, page: KeysetPage, names: Fragment): Fragment {
  const at = page.after?.[0];
  const next = (which: Fragment) =>
    db`(select * from near n where ${which} order by n.at ${direction(db, page)} fetch first (${page.limit}) rows with ties)`;
  return at === undefined
    ? db`with near as materialized (${names}) ${next(db`true`)}`
    : db`with near as materialized (${names}) (select * from near n where n.at = ${at}::text::timestamptz) union all ${next(db`n.at <> ${at}::text::timestamptz`)}`;
}

export interface PotAccount {
  readonly agentId: AgentId;
  readonly potId: AccountId;
  readonly seamless: boolean;
}

/** The statement of an agent's POT: what its upline and it, its users and it, it and the agents below it moved. */
export async function pageOfPotStatement(
  db: Query,
  { of, filter }: { of: PotAccount; filter: StatementFilter },
  page: KeysetPage,
): Promise<StatementLine[]> {
  const own = of.seamless ? [...POT_CODES, ...PLAYER_CODES] : POT_CODES;
  const codes = filter.codes.filter((code) => own.includes(code));
  // Nearly all rows of these codes touch the POT. In plain words the planner expects hardly any, and reads all the time
  // there is instead of the page.
  const ofAgent = edges(db, page, {
    whose: db`t.agent_id = ${of.agentId} and case when t.debit_account = ${of.potId} or t.credit_account = ${of.potId} then true else false end`,
    matching: conditions(db, { ...filter, codes }),
  });
  // In these words an index of their own finds them.
  const ofBelow = edges(db, page, {
    whose: db`t.agent_id = s.id and t.code in (1, 2)`,
    matching: conditions(db, filter),
  });
  const below = db`select n.* from agent s cross join lateral (${ofBelow}) n where s.parent_id = ${of.agentId}`;
  const names = nearest(db, page, db`(${ofAgent}) union all (${below})`);
  return linesOf(db, page, { names, pot: of.potId });
}

interface OtherSide {
  readonly amount: string;
  readonly before: string;
  readonly after: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a database row, typed here
function toLine(row: any, pot: AccountId | null): StatementLine & { readonly other: OtherSide } {
  const code = row.code as TransferCode;
  const credited = pot === null ? FEED[code].side === 'credit' : Number(row.credit_account) === pot;
  const sides = {
    credit: sideOf(row.credit_before, row.amount),
    debit: sideOf(row.debit_before, 0n - row.amount),
  };
  const [own, other] = credited ? [sides.credit, sides.debit] : [sides.debit, sides.credit];
  const seamless = pot === null && row.player_before !== null;
  const told = seamless ? sideOf(row.player_before, credited ? row.amount : 0n - row.amount) : own;
  return {
    id: Number(row.id),
    at: row.at_text,
    step: row.step,
    what: whatOf(code),
    ...told,
    potBefore: seamless ? own.before : null,
    potAfter: seamless ? own.after : null,
    account: pot !== null ? 'pot' : code === CODE.pointsGive ? 'points' : 'wallet',
    player: row.player_id === null ? null : Number(row.player_id),
    username: row.username,
    agent: Number(row.agent_id),
    agentName: row.agent_name,
    currency: row.currency,
    vendor: row.vendor,
    game: row.game,
    round: row.round,
    refererId: row.referer_id === null ? null : Number(row.referer_id),
    externalId: row.external_id,
    ip: row.ip,
    other,
  };
}

/** Accounts without a lock have no balance in the row. */
function sideOf(before: bigint | null, amount: bigint): OtherSide {
  const from = before ?? 0n;
  return { amount: String(amount), before: String(from), after: String(from + amount) };
}
