/**
 * An agent's people see their agent and those below it. Every route there is, is called by the owner of `a` with ids of
 * its upline, of its neighbour and of a stranger: nothing is there, nothing changes, and nothing of theirs is told.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { IdName, OfficeRoute } from '../../src/backoffice/route.ts';
import { OFFICE_ROUTES } from '../../src/backoffice/tables.ts';
import { permissionsOf } from '../../src/core/office/roles.ts';
import type { Sql } from '../../src/db/connect.ts';
import type { Answer } from '../world.ts';
import { BODIES, FIELDS, NOT_OWN, SHARED, SHOWN, THINGS } from './isolation-things.ts';
import { type Branch, type OfficeClient, type OfficeRig, openRig } from './rig.ts';
import { sampleOf } from './samples.ts';

const OTHERS = ['root', 'b', 'other'] as const satisfies readonly Branch[];
const NAMES = OTHERS.flatMap((branch) => [
  `player-${branch}`,
  `${branch === 'b' ? 'branch' : 'trunk'}-${branch}`,
]);

let rig: OfficeRig;
let caller: OfficeClient;
const made = new Map<string, string>();

before(async () => {
  rig = await openRig();
  caller = await rig.of('a');
  for (const branch of ['a', ...OTHERS] as const)
    for (const [name, make] of Object.entries(THINGS))
      made.set(`${name} ${branch}`, String(await make(rig, branch)));
  for (const [name, find] of Object.entries(SHARED)) made.set(`${name} a`, String(await find(rig)));
});
after(() => rig.close());

const thing = (name: IdName, branch: Branch) => made.get(`${name} ${branch}`) ?? '0';
const idsOf = ({ path }: OfficeRoute) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as IdName);
const allowed = permissionsOf('agent_owner', { byLink: false });

/** What the caller's role keeps it from needs no things: it is refused as such. */
function isOpen({ permission }: OfficeRoute): boolean {
  return permission === 'self' || permission === 'enrol' || allowed.some((each) => each === permission);
}

const CLOSED = OFFICE_ROUTES.filter((route) => route.permission !== 'open' && !isOpen(route));
const OPEN = OFFICE_ROUTES.filter(isOpen);

type Ids = Partial<Record<IdName, string>>;

/** The call with ids in its address; all else is the caller's own. */
function call(route: OfficeRoute, ids: Ids, given: Given = {}): Promise<Answer> {
  const path = route.path.replace(/:(\w+)/g, (_all, name: IdName) =>
    encodeURIComponent(ids[name] ?? thing(name, 'a')),
  );
  const body = route.method === 'GET' ? {} : { body: given.body ?? bodyOf(route) };
  return caller.call(route.method, path, {
    ...(given.query === undefined ? {} : { query: given.query }),
    ...body,
  });
}

interface Given {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

function bodyOf(route: OfficeRoute, fields: Readonly<Record<string, unknown>> = {}): unknown {
  if (route.rawBytesMax !== undefined) return Buffer.from('text');
  if (route.body === undefined) return {};
  const known = BODIES[route.operationId];
  const body = known === undefined ? sampleOf(route.body, fields) : { ...known, ...fields };
  assert.ok(body !== undefined, `${route.operationId}: no body can be guessed; add one to BODIES`);
  return body;
}

function queryOf(route: OfficeRoute): Readonly<Record<string, string>> {
  const needed = route.query === undefined ? {} : sampleOf(route.query);
  return (needed ?? {}) as Readonly<Record<string, string>>;
}

function isNotThere(answer: Answer, what: string): void {
  assert.ok([403, 404].includes(answer.status), `${what}: ${answer.status} ${answer.text.slice(0, 300)}`);
  assert.ok(!NAMES.some((name) => answer.text.includes(name)), `${what} tells of it: ${answer.text}`);
}

/** What goes on by itself, and what a refusal may leave behind. */
const MOVES = /^(office_try|pace|lease|\w+_cursor|rollup_\w+|audit_log|request_log)$/;
/** Of these the part that moves only when somebody moves it. */
const PARTS: Readonly<Record<string, string>> = {
  // Accounts of the house follow transfers a moment later.
  account: 'select * from account where kind < 10',
  api_key: 'select id, agent_id, revoked_at from api_key',
  office_session: 'select id, hash, proven, ended_at, expires_at from office_session',
};

/** Each table's rows as one number. */
async function fingerprints(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const tables = await sql`select relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = 'public' and relkind = 'r' order by relname`;
  const kept = tables.map(({ name }) => String(name)).filter((name) => !MOVES.test(name));
  const prints = kept.map((name) => {
    const part = PARTS[name] ?? `select * from "${name}"`;
    return `select '${name}' as name, count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) as print from (${part}) t`;
  });
  const text = prints.join(' union all ');
  const rows = await sql.unsafe(text);
  return new Map(rows.map((row) => [String(row.name), String(row.print)]));
}

async function unchanged(what: string, act: () => Promise<void>): Promise<void> {
  const before = await fingerprints(rig.sql);
  await act();
  const after = await fingerprints(rig.sql);
  const changed = [...after].filter(([name, print]) => before.get(name) !== print).map(([name]) => name);
  assert.deepEqual(changed, [], `${what} changed something`);
}

test('things can be made for every id of a route an agent may call', () => {
  const missing = OPEN.flatMap((route) =>
    idsOf(route)
      .filter((name) => THINGS[name] === undefined && SHARED[name] === undefined)
      .map((name) => `${route.operationId}: ${name}`),
  );
  assert.deepEqual(missing, [], 'add them to isolation-things.ts');
});

describe('what the role does not allow is refused', () => {
  for (const route of CLOSED)
    test(route.operationId, async () => {
      const answer = await call(route, {}, { body: {} });
      assert.deepEqual([answer.status, answer.body.code], [403, 'forbidden']);
    });
});

describe('ids in addresses', () => {
  for (const route of OPEN) {
    const ids = idsOf(route).filter((name) => THINGS[name] !== undefined);
    if (ids.length === 0) continue;
    test(`${route.operationId}: ${route.method} ${route.path}`, () =>
      unchanged(route.operationId, async () => {
        for (const branch of OTHERS) {
          const all: Ids = Object.fromEntries(ids.map((name) => [name, thing(name, branch)]));
          isNotThere(await call(route, all, { query: queryOf(route) }), `${branch}'s`);
          for (const name of ids.length > 1 ? ids : [])
            isNotThere(
              await call(route, { [name]: thing(name, branch) }, { query: queryOf(route) }),
              `${branch}'s ${name}`,
            );
        }
      }));
  }
});

const propertiesOf = (shape: unknown): Readonly<Record<string, { readonly type?: string }>> =>
  (shape as { properties?: Record<string, { type?: string }> } | undefined)?.properties ?? {};

describe('fields', () => {
  for (const route of OPEN) {
    for (const part of ['query', 'body'] as const) {
      const fields = Object.entries(propertiesOf(route[part])).filter(
        ([field]) => FIELDS[field] !== undefined,
      );
      for (const [field, { type }] of fields)
        test(`${route.operationId}: ${field} in its ${part}`, () =>
          unchanged(route.operationId, async () => {
            for (const branch of OTHERS) {
              const id = thing(FIELDS[field] as IdName, branch);
              const value = type === 'integer' ? Number(id) : id;
              const given =
                part === 'query'
                  ? { query: { ...queryOf(route), [field]: id } }
                  : { body: bodyOf(route, { [field]: value }) };
              isNotThere(await call(route, {}, given), `${branch}'s`);
            }
          }));
    }
  }
});

describe("one's own is there", () => {
  for (const route of OPEN.filter((each) => each.method === 'GET' && idsOf(each).length > 0))
    test(route.operationId, async () => {
      const answer = await call(route, {}, { query: queryOf(route) });
      const isThere = !['not_found', 'forbidden'].includes(answer.body?.code);
      assert.equal(isThere, NOT_OWN[route.operationId] === undefined, answer.text);
    });
});

describe('nothing of others is told', () => {
  for (const route of OPEN.filter(({ method }) => method === 'GET'))
    test(route.operationId, async () => {
      const answer = await call(route, {}, { query: queryOf(route) });
      assert.ok(answer.status < 500, answer.text);
      const told = NAMES.filter(
        (name) => answer.text.includes(name) && !SHOWN[route.operationId]?.names.includes(name),
      );
      assert.deepEqual(told, []);
    });
});
