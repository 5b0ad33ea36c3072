/** The rain book's part of the proof: bets, positions, exposure, credit and pools tell one story. */
import { BET_STATUSES } from '../core/book/types.ts';
import type { Check, Tx } from './audit.ts';

const status = (name: (typeof BET_STATUSES)[number]) => BET_STATUSES.indexOf(name);

/** What a player's bets in a session come to by outcome: as matched, as still at risk, and at K-Rain. */
const fromBets = (tx: Tx) => tx`
  select session_id, player_id, count(*) as bets, count(*) filter (where pending) as pending,
    coalesce(sum(case type when 'RAIN' then win else -stake end) filter (where matched), 0) as net_rain,
    coalesce(sum(case type when 'RAIN' then -stake else win end) filter (where matched), 0) as net_dry,
    coalesce(sum(-stake) filter (where pending and type = 'NO_RAIN'), 0) as risk_rain,
    coalesce(sum(-stake) filter (where pending and type = 'RAIN'), 0) as risk_dry,
    coalesce(sum(case type when 'RAIN' then krain_win else -krain_stake end) filter (where matched), 0) as hedge_rain,
    coalesce(sum(case type when 'RAIN' then -krain_stake else krain_win end) filter (where matched), 0) as hedge_dry
  from (select *, status in (${status('TEMP')}, ${status('CHECK')}) as pending, status in (${status('ACTIVE')}, ${status('SETTLED')}, ${status('VOID')}) as matched from book_bet) b
  group by 1, 2`;

const columns = (tx: Tx) =>
  tx`session_id, player_id, bets, pending, net_rain, net_dry, risk_rain, risk_dry, hedge_rain, hedge_dry`;

export const BOOK_CHECKS: readonly Check[] = [
  [
    'every position is the sum of its bets',
    (tx) => tx`
    with b as (select ${columns(tx)} from (${fromBets(tx)}) x), p as (select ${columns(tx)} from book_position)
    select format('session %s player %s', session_id, player_id) as finding from ((table b except table p) union all (table p except table b)) d limit 10`,
  ],
  [
    'exposure is the worst that can still come',
    (tx) => tx`
    select format('session %s player %s: %s', p.session_id, p.player_id, p.exposure) as finding from book_position p join rain_session s on s.id = p.session_id
    where s.version = 0 and p.exposure <> greatest(0, -least(p.net_rain + p.risk_rain, p.net_dry + p.risk_dry) + p.settled_net)
      or s.version > 0 and p.version = s.version and p.exposure <> 0 limit 10`,
  ],
  [
    'credit promises its exposure, and is short by what corrections took alone',
    (tx) => tx`
    select format('account %s: reserved %s, exposure %s, overdraft %s', a.id, a.reserved, coalesce(e.exposure, 0), a.overdraft) as finding
    from account a left join (select account_id, sum(exposure) as exposure from book_position group by 1) e on e.account_id = a.id
    where a.kind = 4 and (a.reserved <> coalesce(e.exposure, 0) or a.overdraft <> greatest(0, a.reserved - a.balance)) limit 10`,
  ],
  [
    'credit is what came in, went out and was settled',
    (tx) => tx`
    select format('account %s: %s, expected %s', a.id, a.balance, coalesce(t.moved, 0) + coalesce(p.settled, 0)) as finding from account a
    join book_player bp on bp.account_id = a.id
    left join (select player_id, sum(amount) as moved from book_transfer group by 1) t on t.player_id = bp.id
    left join (select player_id, sum(settled_net) as settled from book_position group by 1) p on p.player_id = bp.id
    where a.balance <> coalesce(t.moved, 0) + coalesce(p.settled, 0) limit 10`,
  ],
  [
    'settled bets come to what was posted',
    (tx) => tx`
    select format('session %s player %s: bets %s, posted %s', p.session_id, p.player_id, b.payout, p.settled_net) as finding from book_position p
    join (select session_id, player_id, sum(payout) as payout from book_bet group by 1, 2) b using (session_id, player_id)
    where b.payout <> p.settled_net limit 10`,
  ],
  [
    "a session's pool is what its positions leave to the book",
    (tx) => tx`
    select format('session %s: pool %s %s, positions %s %s', s.id, s.pool_rain, s.pool_dry, coalesce(p.rain, 0), coalesce(p.dry, 0)) as finding from rain_session s
    left join (select session_id, sum(hedge_rain - net_rain) as rain, sum(hedge_dry - net_dry) as dry, sum(pending) as pending from book_position group by 1) p on p.session_id = s.id
    where s.pool_rain <> coalesce(p.rain, 0) or s.pool_dry <> coalesce(p.dry, 0) or coalesce(p.pending, 0) = 0 and (s.risk_rain <> 0 or s.risk_dry <> 0) limit 10`,
  ],
  [
    'every settled session has nothing left to settle',
    (tx) => tx`
    select format('session %s player %s', s.id, p.player_id) as finding from rain_session s join book_position p on p.session_id = s.id
    where s.status in ('SETTLED', 'VOID') and s.version > 0 and p.version <> s.version limit 10`,
  ],
];
