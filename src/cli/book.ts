/** Commands about the rain book: its operators, what it stands to lose, its bets at K-Rain. */
import { poolExposure } from '../core/book/hedge.ts';
import { isCurrency, toDecimal } from '../core/money.ts';
import { type SessionExposure, sessionExposures } from '../db/book-exposure.ts';
import {
  bookOperators,
  changeBookOperator,
  createBookOperatorWithCert,
  renewCertCode,
} from '../office-book.ts';
import { reconcileSession, type SessionStatement } from '../rain/reconcile.ts';
import { sessionsToReconcile } from '../staff/handlers.ts';
import { STAFF_ANSWERS } from '../staff/replies.ts';
import { viewOfExposure, viewOfStatement } from '../staff/views.ts';
import { sessionOf, withBook, withMarket } from './book-context.ts';
import { actor, CliError, type Json, onOff, print, table, withOffice } from './context.ts';

interface OperatorOptions extends Json {
  readonly name: string;
  readonly allowedIps?: string;
  readonly timeZone?: string;
  readonly enabled?: string;
}

export async function createOperator(options: OperatorOptions): Promise<void> {
  const wish = { name: options.name, ...settingsOf(options), actor: actor() };
  const made = await withBook((desk) => createBookOperatorWithCert(desk, wish));
  const { id, name, certCode } = made;
  print(options, { id, name, certCode }, () => `book operator ${name}\ncertCode, shown once: ${certCode}`);
}

export async function setOperator(
  options: OperatorOptions & { readonly renewCert?: boolean },
): Promise<void> {
  const settings = settingsOf(options);
  const isRenewed = options.renewCert === true;
  if (Object.keys(settings).length === 0 && !isRenewed)
    throw new CliError('nothing to change: name a setting', 2);
  const wish = { name: options.name, actor: actor() };
  const changed = await withBook(async (desk) => {
    const operator = await changeBookOperator(desk, { ...wish, ...settings });
    const fresh = isRenewed ? await renewCertCode(desk, wish) : null;
    return { ...operator, ...fresh };
  });
  print(options, changed, (operator) =>
    'certCode' in operator
      ? `book operator ${operator.name}\ncertCode, shown once; the one before is dead: ${operator.certCode}`
      : `book operator ${operator.name} is changed`,
  );
}

export async function listOperators(options: Json): Promise<void> {
  const operators = await withOffice((office) => bookOperators(office));
  print(options, operators, (rows) =>
    table(rows.map((row) => ({ ...row, allowedIps: row.allowedIps.join(',') || 'any' }))),
  );
}

function settingsOf({ allowedIps, timeZone, enabled }: OperatorOptions) {
  const isEnabled = onOff(enabled, '--enabled');
  return {
    ...(allowedIps === undefined ? {} : { allowedIps: addressesOf(allowedIps) }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(isEnabled === undefined ? {} : { enabled: isEnabled }),
  };
}

function addressesOf(text: string): string[] {
  if (text.trim() === 'any') return [];
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

export async function exposure(options: Json & { readonly session?: string }): Promise<void> {
  const id = options.session === undefined ? null : sessionOf(options.session);
  const rows = await withOffice((office) => sessionExposures(office.sql, id));
  if (id !== null && rows.length === 0) throw new CliError(STAFF_ANSWERS.unknown_session.message);
  if (options.json) print(options, rows.map(viewOfExposure), () => '');
  else print(options, rows, (all) => table(all.map(rowOf)));
}

/** For people: in the currency's unit, the book's gains and losses by outcome. */
function rowOf(row: SessionExposure) {
  const money = (amount: bigint) =>
    isCurrency(row.currency) ? toDecimal(amount, row.currency) : String(amount);
  const both = ({ rain, dry }: { rain: bigint; dry: bigint }) => `${money(rain)} / ${money(dry)}`;
  const { id, site, gameDate, type, currency, status, players, bets, pending } = row;
  const worst = poolExposure(row);
  return {
    id,
    session: `${site} ${gameDate} ${type}`,
    currency,
    status,
    players,
    bets,
    pending,
    'staked rain / dry': both(row.stake),
    'own pool rain / dry': both(row.pool),
    'at K-Rain rain / dry': both(row.krain),
    worst: money(worst),
    limit: money(row.poolMax),
    used: `${viewOfExposure(row).usedPercent} %`,
  };
}

interface ReconcileOptions extends Json {
  readonly session?: string;
  readonly days: string;
}

/** Exit codes as of `reconcile`: 0 equal, 1 different, 2 not found out. */
export async function reconcile(options: ReconcileOptions): Promise<void> {
  const id = options.session === undefined ? null : sessionOf(options.session);
  if (!/^\d{1,3}$/.test(options.days)) throw new CliError('--days is a number of days', 2);
  const statements = await withMarket((market) =>
    withOffice(async ({ sql }) => {
      const found = await sessionsToReconcile(sql, { id, days: Number(options.days) });
      if (found === null) throw new CliError(STAFF_ANSWERS.unknown_session.message);
      const all: SessionStatement[] = [];
      for (const session of found) all.push(await reconcileSession({ sql, market }, session));
      return all;
    }),
  );
  const isUnknown = statements.some(({ unavailable }) => unavailable !== null);
  const isDifferent = statements.some(({ differences }) => differences.length > 0);
  const result = { equal: !isUnknown && !isDifferent, sessions: statements.map(viewOfStatement) };
  print(options, result, () => statementText(statements));
  process.exitCode = isDifferent ? 1 : isUnknown ? 2 : 0;
}

function statementText(statements: readonly SessionStatement[]): string {
  const views = statements.map(viewOfStatement);
  const rows = views
    .filter(
      ({ matched, pending, differences, unavailable }) =>
        matched + pending + differences.length > 0 || unavailable,
    )
    .map(({ differences, ...row }) => ({ ...row, different: differences.length }));
  const found = views.flatMap(({ market, differences }) =>
    differences.map(({ kind, order, ours, theirs }) => ({
      market,
      order,
      kind,
      ours: ours === null ? null : `${ours.side} ${ours.stake} → ${ours.win}`,
      theirs: theirs === null ? null : `${theirs.side} ${theirs.stake} → ${theirs.win}`,
    })),
  );
  const bets = statements.reduce((sum, { matched }) => sum + matched, 0);
  const head = `${statements.length} sessions, ${bets} bets alike on both sides`;
  const parts = [head, ...(rows.length === 0 ? [] : [table(rows)])];
  if (found.length > 0) parts.push(`different (minor units):\n${table(found)}`);
  return parts.join('\n\n');
}
