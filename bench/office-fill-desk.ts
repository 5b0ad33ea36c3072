/** The smaller things of a filled back office: callbacks, audit lines, sessions, limits, requests, threads, notices. */
import { CODE } from '../src/core/chart.ts';
import type { Sql } from '../src/db/connect.ts';

const MANY = 100_000;
const SOME = 20_000;
const FEW = 5000;

/** `bench_player` and `bench_game` are there, and transfers. */
export async function fillDesk(sql: Sql, to: Date): Promise<void> {
  await fillCallbacks(sql, to);
  // Chained one by one, as lines are.
  await sql`insert into audit_log (actor, action, subject, detail, at)
    select 'person ' || n % 50, case n % 4 when 0 then 'player.block' when 1 then 'limit.set' when 2 then 'pot.give' else 'session.start' end,
      'player' || lpad((n % 100000)::text, 6, '0'), jsonb_build_object('agentId', b.agent_id, 'ip', '127.0.0.1', 'after', jsonb_build_object('n', n)),
      ${to}::timestamptz - (${MANY}::int - n) * interval '20 seconds'
    from generate_series(1, ${MANY}::int) n join bench_player b on b.p = n % 100000 order by n`;
  await sql`insert into session (player_id, agent_id, game_id, studio_id, issued_at, expires_at, opened_at, ended_at)
    select b.id, b.agent_id, m.id, m.studio_id, ${to}::timestamptz - n * interval '10 seconds', ${to}::timestamptz + interval '1 day', now(), case when n % 3 > 0 then now() end
    from generate_series(1, ${2 * MANY}::int) n join bench_player b on b.p = n % 1000 * 100 join bench_game m on m.g = n % 40`;
  await sql`insert into player_note (player_id, person, house_only, text) select b.id, 'person ' || n % 50, false, 'note ' || n
    from generate_series(1, ${SOME}::int) n join bench_player b on b.p = n % 500 * 200`;
  await sql`insert into bet_limit (agent_id, game_id, player_id, max_bet, max_win)
    select b.agent_id, m.id, b.id, 100000, 1000000 from generate_series(1, ${SOME}::int) n join bench_player b on b.p = n join bench_game m on m.g = n % 40`;
  await sql`insert into request_log (at, agent_id, method, path, status, elapsed_ms, ip, username, parameters, answer, left_out)
    select ${to}::timestamptz - (${MANY}::int - n) * interval '1 second', case when n % 20 > 0 then b.agent_id end, 'GET', '/user', case when n % 10 = 0 then 422 else 200 end, 1, '127.0.0.1',
      'player' || n, '{}', '', 0 from generate_series(1, ${MANY}::int) n join bench_player b on b.p = n % 100`;
  await fillRequests(sql, to);
  await fillThreads(sql, to);
  await sql`insert into office_user (name, shown_name, agent_id, role, created_by)
    select 'somebody ' || n, 'Somebody ' || n, b.agent_id, 'agent_staff', 'bench' from generate_series(1, ${FEW}::int) n join bench_player b on b.p = n % 100`;
}

/** Given up or resolved: what is due would be tried by the hub that is measured. */
async function fillCallbacks(sql: Sql, to: Date): Promise<void> {
  const found = sql`select t.* from transfer t join agent a on a.id = t.agent_id and a.wallet = 'seamless'
    where t.code = ${CODE.win} and t.at > ${to}::timestamptz - interval '13 days' order by t.id limit ${MANY}`;
  await sql`insert into callback (id, agent_id, player_id, code, amount, referer_id, game_id, round, studio_id, external_id, after, at, state, attempts, next_at, resolved_by, reason)
    select id, agent_id, player_id, code, amount, referer_id, game_id, round, studio_id, external_id, 500000, at, case when id % 10 = 1 then 2 else 3 end, 3, 'infinity',
      case when id % 10 = 1 then null else 'person 1' end, case when id % 10 = 1 then null else 'told by hand' end from (${found}) t`;
  await sql`insert into callback_attempt (callback_id, at, agent_id, player_id, n, class, status, elapsed_ms, request, answer)
    select id, at, agent_id, player_id, 1, 'refused', 500, 20, '{}', '' from (${found}) t`;
}

async function fillRequests(sql: Sql, to: Date): Promise<void> {
  await sql`insert into pot_request (agent_id, upline_id, kind, amount, currency, page_key, state, needed, asked_by, asked_at, expires_at, ended_by, ended_at, reason)
    select a.id, a.parent_id, case n % 2 when 0 then 'recharge' else 'payment' end, 100000 + n, 'KRW', 'key-' || n, case when n % 20 = 0 then 'asked' else 'refused' end, 1,
      'person ' || n % 50, ${to}::timestamptz - (${SOME}::int - n) * interval '2 minutes', now() + interval '7 days',
      case when n % 20 > 0 then 'person 1' end, case when n % 20 > 0 then now() end, case when n % 20 > 0 then 'no' end
    from generate_series(1, ${SOME}::int) n join bench_player b on b.p = n % 100 join agent a on a.id = b.agent_id`;
  await sql`insert into round_order (agent_id, player_id, game_id, ref, act, amount, reason, state, made_by, made_at, ended_by, ended_at)
    select b.agent_id, b.id, m.id, 'order-' || n, 'void', 0, 'because', 'refused', 'person 1', ${to}::timestamptz - (${FEW}::int - n) * interval '1 minute', 'person 2', now()
    from generate_series(1, ${FEW}::int) n join bench_player b on b.p = n join bench_game m on m.g = n % 40`;
}

async function fillThreads(sql: Sql, to: Date): Promise<void> {
  await sql`insert into office_thread (kind, agent_id, answerer_id, player_id, subject, category, state, opened_by, opened_at, activity_at, messages)
    select case n % 2 when 0 then 'inquiry' else 'desk' end, a.id, case n % 2 when 0 then a.parent_id end, case when n % 5 = 0 then b.id end, 'Subject ' || n, 'other',
      case when n % 10 = 0 then 'open' else 'closed' end, 'person ' || n % 50, ${to}::timestamptz - (${SOME}::int - n) * interval '2 minutes', ${to}::timestamptz - (${SOME}::int - n) * interval '2 minutes', 2
    from generate_series(1, ${SOME}::int) n join bench_player b on b.p = n % 100 join agent a on a.id = b.agent_id`;
  await sql`insert into office_message (thread_id, at, person, side, act, text)
    select id, opened_at, opened_by, 'asker', 'open', 'Text' from office_thread union all select id, opened_at, 'person 1', 'answerer', 'answer', 'Text' from office_thread`;
  await sql`insert into office_notice (audience, texts, language, from_at, made_by)
    select 'all', '{"en": {"title": "Title", "text": "Text"}}', 'en', ${to}::timestamptz - n * interval '1 hour', 'person 1' from generate_series(1, 500) n`;
}
