/**
 * How long the back office takes to answer on a database of ten million transfers: every list its API has, found in its
 * table of routes, at its start, behind its first page, in the middle and near the end, with the usual filters, for the
 * house and for agents with few and with many below them; and statistics of a month. Server time: over a loopback
 * connection that is open already, one call at a time.
 */
import { OFFICE_ROUTES } from '../src/backoffice/tables.ts';
import { type AgentRole, type HouseRole, may } from '../src/core/office/roles.ts';
import { connect, type Sql } from '../src/db/connect.ts';
import { hashKey, newSecret } from '../src/engine/seal.ts';
import { startHub } from './load-section.ts';
import {
  deeper,
  listsOf,
  type OfficeListCall,
  readThings,
  statisticsCalls,
  type Things,
} from './office-calls.ts';
import { AGENTS, type FilledOffice, fillOffice } from './office-fill.ts';
import { createDatabase } from './setup.ts';
import { median } from './targets.ts';

export interface OfficeSection {
  readonly serverUrl: string;
  readonly rows: number;
  readonly samples: number;
  readonly onProgress: (line: string) => void;
}

export interface OfficeRow {
  readonly name: 'office-list' | 'office-statistics';
  readonly title: string;
  readonly times: readonly number[];
  readonly medianMs: number;
  readonly errors: number;
}

interface Caller {
  readonly name: string;
  readonly role: HouseRole | AgentRole;
  readonly cookie: string;
  /** An agent with those below it, to filter by; null: any. */
  readonly subtree: string | null;
}

export async function runOffice(section: OfficeSection): Promise<OfficeRow[]> {
  const { serverUrl, rows, onProgress } = section;
  onProgress(`filling a back office of ${rows.toLocaleString('en')} transfers`);
  const url = await createDatabase(serverUrl, 'bench_office');
  return measureOffice(url, await fillOffice(url, rows, onProgress), section);
}

/** On a database that is filled. */
export async function measureOffice(
  url: string,
  filled: Pick<FilledOffice, 'from' | 'to' | 'agents'>,
  { samples, onProgress }: Pick<OfficeSection, 'samples' | 'onProgress'>,
): Promise<OfficeRow[]> {
  const sql = connect(url, { max: 1, name: 'bench', statementTimeoutMs: 0 });
  const hub = await startHub(url);
  try {
    const callers = await callersOf(sql, filled);
    const things = await readThings(sql, filled);
    const rows: OfficeRow[] = [];
    for (const caller of callers) {
      const seen = {
        ...things,
        filters: { ...things.filters, subtree: caller.subtree ?? things.filters.subtree ?? '' },
      };
      const ask = asker(`http://127.0.0.1:${hub.port}/office/v1`, caller, samples);
      for (const list of listsOf(
        OFFICE_ROUTES.filter((route) => isFor(caller, route.permission)),
        seen,
      ))
        rows.push(...(await measureList(ask, list, { caller, things: seen })));
      for (const { title, path } of statisticsCalls(things))
        rows.push(rowOf('office-statistics', `${title}, ${caller.name}`, await ask(path)));
    }
    for (const row of rows.toSorted((a, b) => b.medianMs - a.medianMs).slice(0, 15))
      onProgress(`${row.medianMs.toFixed(0)} ms: ${row.title}`);
    return rows;
  } finally {
    await hub.stop();
    await sql.end();
  }
}

const isFor = ({ role }: Caller, permission: string) =>
  permission === 'self' ||
  (permission !== 'open' && permission !== 'enrol' && may(role, permission as never));

/** The house, a root with more than thirty agents below it, and an agent with none or one. */
async function callersOf(sql: Sql, { agents }: Pick<FilledOffice, 'agents'>): Promise<Caller[]> {
  const people = [
    { name: 'the house', role: 'owner', agentId: null },
    { name: 'an agent with many below', role: 'agent_owner', agentId: agents[0] ?? null },
    {
      name: 'an agent with few below',
      role: 'agent_owner',
      agentId: agents[AGENTS.roots + AGENTS.middle] ?? null,
    },
  ] as const;
  const callers: Caller[] = [];
  for (const { name, role, agentId } of people) {
    const cookie = newSecret();
    const [user] =
      await sql`insert into office_user (name, shown_name, agent_id, role, password_at, totp_at, created_by)
      values (${`bench ${name}`}, ${name}, ${agentId}, ${role}, now(), now(), 'bench') returning id`;
    await sql`insert into office_session (hash, user_id, person, proven, expires_at, ip)
      values (${hashKey(cookie)}, ${user?.id}, ${name}, true, now() + interval '12 hours', '127.0.0.1')`;
    callers.push({ name, role, cookie, subtree: agentId === null ? null : String(agentId) });
  }
  return callers;
}

interface Asked {
  readonly times: readonly number[];
  readonly errors: readonly string[];
  /** Of the last. */
  readonly body: { readonly next?: string | null; readonly rows?: readonly unknown[] };
}
type Ask = (path: string) => Promise<Asked>;

/** Asks a few times; the first warms what is cold and is not counted. */
function asker(base: string, { cookie }: Caller, samples: number): Ask {
  return async (path) => {
    const times: number[] = [];
    const errors: string[] = [];
    let body: Asked['body'] = {};
    for (let turn = 0; turn <= samples; turn++) {
      const startedAt = performance.now();
      const response = await fetch(`${base}${path}`, { headers: { cookie: `croupier_office=${cookie}` } });
      const text = await response.text();
      if (turn > 0) times.push(performance.now() - startedAt);
      if (response.ok) body = JSON.parse(text) as Asked['body'];
      else errors.push(`${response.status} ${text.slice(0, 200)}`);
    }
    return { times, errors: [...new Set(errors)], body };
  };
}

/** All pages of a list under its filters: the slowest is what counts. */
async function measureList(
  ask: Ask,
  list: OfficeListCall,
  { caller, things }: { readonly caller: Caller; readonly things: Things },
): Promise<OfficeRow[]> {
  // What the house alone has is not there for others.
  if ((await ask(list.calls[0]?.path ?? list.path)).errors.some((error) => error.startsWith('404')))
    return [];
  let slowest: { readonly where: string; readonly asked: Asked } | null = null;
  const errors: string[] = [];
  const take = async (where: string, path: string) => {
    const asked = await ask(path);
    errors.push(...asked.errors.map((error) => `${where}: ${error}`));
    if (slowest === null || median(asked.times) > median(slowest.asked.times)) slowest = { where, asked };
    return asked;
  };
  for (const { where, path } of list.calls) {
    const first = await take(where, path);
    const { next } = first.body;
    if (typeof next !== 'string') continue;
    const more = `${path}${path.includes('?') ? '&' : '?'}after=`;
    await take(`${where}, next page`, `${more}${next}`);
    for (const [place, share] of [
      ['in the middle', 0.5],
      ['near the end', 0.98],
    ] as const) {
      const cursor = deeper(next, { share, order: list.orderOf(path), things });
      await take(`${where}, ${place}`, `${more}${cursor}`);
    }
  }
  for (const error of errors.slice(0, 3))
    process.stdout.write(`error: ${list.path} as ${caller.name}: ${error}\n`);
  const { where, asked } = slowest ?? { where: 'never asked', asked: { times: [], errors: [], body: {} } };
  return [
    { ...rowOf('office-list', `${list.path} (${where}), ${caller.name}`, asked), errors: errors.length },
  ];
}

function rowOf(name: OfficeRow['name'], title: string, { times, errors }: Asked): OfficeRow {
  return { name, title, times, medianMs: median(times), errors: errors.length };
}
