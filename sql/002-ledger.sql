-- The ledger. Transfers are never changed or deleted; XT's rows are views of them.
-- A transfer owns two consecutive public ids: its own (the player's row) and the next (the causer's row).
-- A batch draws a block of 1024 ids at once: 512 transfers. Operators expect ids above 2^31.

create sequence transfer_id_seq start 3000000001 increment 1024;

create table account (
  id        bigint primary key default nextval('account_id_seq'),
  agent_id  bigint,                       -- null: the house's own
  kind      smallint not null,            -- src/core/chart.ts
  owner_id  bigint not null,              -- agent, player or vendor; 0 = the house
  currency  text not null,
  balance   bigint not null default 0,    -- of accounts without a lock on the hot path: as folded up to fold_cursor
  reserved  bigint not null default 0 check (reserved >= 0),
  archived  bigint not null default 0,    -- net of transfers whose partitions were detached
  paced_at  timestamptz,                  -- the last paced call that was decided
  unique nulls not distinct (agent_id, kind, owner_id, currency),
  -- kinds 1–9 hold somebody's money and may not go below zero, nor promise more than they hold
  check (kind >= 10 or (balance >= 0 and reserved <= balance))
);

create table transfer (
  id             bigint not null,
  at             timestamptz not null,
  agent_id       bigint not null,
  player_id      bigint,
  code           smallint not null,       -- src/core/chart.ts
  debit_account  bigint not null,
  credit_account bigint not null,
  amount         bigint not null check (amount >= 0),
  debit_before   bigint,                  -- null for accounts that are folded later
  credit_before  bigint,
  referer_id     bigint,
  game_id        integer,
  round          text,
  opens_round    boolean not null default false,
  studio_id      bigint,
  external_id    text,
  ip             text,
  check (debit_account <> credit_account),
  primary key (agent_id, id, at)
) partition by range (at);
create index transfer_feed on transfer (agent_id, at, id);
create index transfer_at on transfer using brin (at) with (pages_per_range = 32, autosummarize = on);

-- Large and short-lived: dropped a day at a time after 14 days.
create table transfer_detail (
  transfer_id bigint not null,
  at          timestamptz not null,       -- the transfer's
  detail      text not null,              -- JSON as the studio sent it
  primary key (transfer_id, at)
) partition by range (at);

-- One answer per id for ever (at least four months). scope: the party that made the key.
create table idempotency (
  scope       bigint not null,
  key         text not null,
  content     text not null,              -- what the id stands for; '' = a tombstone left by a cancel
  outcome     text not null,              -- JSON
  transfer_id bigint,
  at          timestamptz not null,
  primary key (scope, key)
);
create index idempotency_at on idempotency using brin (at);

create table round (
  game_id      integer not null,
  ref          text not null,
  player_id    bigint not null,
  agent_id     bigint not null,
  studio_id    bigint not null,
  state        smallint not null,         -- 0 open, 1 settled, 2 cancelled
  closed       boolean not null default false,
  opened_at    timestamptz not null,
  cancelled_at timestamptz,               -- the last cancel in it
  bundles      jsonb not null,            -- [first transfer id, sum as text, bets, state][]
  primary key (game_id, ref, player_id)
);
create index round_open on round (studio_id, opened_at) where state = 0;
create index round_opened on round using brin (opened_at);

-- Two-phase transfers: money promised to somebody until they answer.
create table reservation (
  id             bigint primary key,
  agent_id       bigint not null,
  debit_account  bigint not null,
  credit_account bigint not null,
  amount         bigint not null check (amount > 0),
  code           smallint not null,
  owner          text not null check (owner <> ''),   -- what it waits for
  state          smallint not null default 0,         -- 0 held, 1 posted, 2 void
  created_at     timestamptz not null,
  ended_at       timestamptz,
  transfer_id    bigint,
  check ((state = 0) = (ended_at is null)),
  check ((state = 1) = (transfer_id is not null))
);
create index reservation_held on reservation (debit_account) where state = 0;

-- Sums per hour, filled from the transfers up to fold_cursor in one transaction with it: provably equal.
create table rollup_hour (
  hour         timestamptz not null,
  agent_id     bigint not null,
  vendor_id    integer not null,
  game_id      integer not null,
  currency     text not null,
  bets         bigint not null default 0,
  bet_sum      bigint not null default 0,
  wins         bigint not null default 0,
  win_sum      bigint not null default 0,
  cancels      bigint not null default 0,
  cancel_sum   bigint not null default 0,
  other_sum    bigint not null default 0,  -- charges and adjustments, as gain of the house
  rounds       bigint not null default 0,
  players      bigint not null default 0,
  primary key (agent_id, hour, game_id, vendor_id, currency)
);
create table rollup_player (
  hour      timestamptz not null,
  agent_id  bigint not null,
  game_id   integer not null,
  player_id bigint not null,
  primary key (hour, agent_id, game_id, player_id)
);
create table fold_cursor (
  one boolean primary key default true check (one),
  at  timestamptz not null
);
insert into fold_cursor values (true, '2000-01-01');

