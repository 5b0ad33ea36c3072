/**
 * What a list of rounds comes to. From the hourly sums where the filter is one they know: whole hours, agents, games.
 * Otherwise the rounds are counted, up to a limit, and nothing is summed.
 */
import { numbers, type Query } from './connect.ts';
import { pageOfOpenings, type RoundFilter } from './office-bet.ts';

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
  const plain = player === null && state === null && ref === null && minStake === null;
  return plain && isHour(from) && isHour(to) ? sumsOfHours(db, filter) : countRounds(db, filter);
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
