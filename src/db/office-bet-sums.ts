/**
 * What a list of rounds comes to. From the hourly sums where the filter is one they know: whole hours, agents, games.
 * Otherwise the rounds are counted, up to a limit, and nothing is summed.
 */
import { numbers, type Query } from './connect.ts';
import { pageOfOpenings, ROUND_STATE_NAMES, type RoundFilter } from './office-bet.ts';

export const ROUNDS_COUNTED_MAX = 100_000;
/** Without a start the sums are of so much time. */
const DAYS = 7;

export interface RoundSums {
  readonly count: number;
  readonly more: boolean;
  readonly from: string | null;
  readonly sums:
    | readonly {
        readonly currency: string;
        readonly bets: number;
        readonly stake: string;
        readonly payout: string;
        readonly refunds: string;
        readonly other: string;
      }[]
    | null;
}

export function sumRounds(db: Query, filter: RoundFilter): Promise<RoundSums> {
  const { player, state, ref, minStake, from, to } = filter;
  const plain = player === null && ref === null && minStake === null;
  if (plain && state === null && isHour(from) && isHour(to)) return sumsOfHours(db, filter);
  if (plain && (state === 'settled' || state === 'cancelled') && isMilli(from) && isMilli(to))
    return countOfState(db, { ...filter, state });
  return countRounds(db, filter);
}

/** Rounds keep the instants of their openings in milliseconds: other bounds cut between rows of one. */
const isMilli = (at: string | null) => at === null || !/\.\d{3}\d*[1-9]/.test(at);

/** By the rounds' own states; settled ones are nearly all, and without a start those of some days are counted. */
async function countOfState(
  db: Query,
  { agents, games, state, from, to }: RoundFilter & { readonly state: 'settled' | 'cancelled' },
): Promise<RoundSums> {
  const since = from ?? (state === 'settled' ? new Date(Date.now() - DAYS * 86_400_000).toISOString() : null);
  const [row] = await db`
    select count(*)::int as count from (
      select from round r where r.state = ${ROUND_STATE_NAMES.indexOf(state)} and r.agent_id = any(${numbers(agents)}::bigint[])
        and ${since === null ? db`true` : db`r.opened_at >= ${since}::text::timestamptz`} and ${to === null ? db`true` : db`r.opened_at < ${to}::text::timestamptz`}
        and ${games === null ? db`true` : db`r.game_id = any(${numbers(games)}::int[])`} and jsonb_array_length(r.bundles) > 0
      limit ${ROUNDS_COUNTED_MAX + 1}) r`;
  return {
    count: Math.min(row?.count, ROUNDS_COUNTED_MAX),
    more: row?.count > ROUNDS_COUNTED_MAX,
    from: since === null ? null : new Date(since).toISOString().replace('Z', '000Z'),
    sums: null,
  };
}

const isHour = (at: string | null) => at === null || new Date(at).getTime() % 3_600_000 === 0;

async function sumsOfHours(db: Query, { agents, games, from, to }: RoundFilter): Promise<RoundSums> {
  const [start] =
    await db`select coalesce(${from}::text::timestamptz, date_trunc('hour', now()) - make_interval(days => ${DAYS})) as at`;
  const since = start?.at.toISOString();
  const rows = await db`
    select currency, sum(rounds)::text as rounds, sum(bets)::text as bets, sum(bet_sum)::text as stake, sum(win_sum)::text as payout,
      sum(cancel_sum)::text as refunds, (-sum(other_sum))::text as other
    from rollup_hour where agent_id = any(${numbers(agents)}::bigint[]) and hour >= ${since}::text::timestamptz
      and ${to === null ? db`true` : db`hour < ${to}::text::timestamptz`} and ${games === null ? db`true` : db`game_id = any(${numbers(games)}::int[])`}
    group by currency order by currency`;
  return {
    count: rows.reduce((all, row) => all + Number(row.rounds), 0),
    more: false,
    from: since.replace('Z', '000Z'),
    sums: rows.map(({ currency, bets, stake, payout, refunds, other }) => ({
      ...{ currency, bets: Number(bets), stake, payout, refunds, other },
    })),
  };
}

async function countRounds(db: Query, filter: RoundFilter): Promise<RoundSums> {
  const limit = ROUNDS_COUNTED_MAX + 1;
  const found = await pageOfOpenings(db, filter, { after: null, descending: true, limit });
  return {
    count: Math.min(found.length, ROUNDS_COUNTED_MAX),
    more: found.length > ROUNDS_COUNTED_MAX,
    from: null,
    sums: null,
  };
}
