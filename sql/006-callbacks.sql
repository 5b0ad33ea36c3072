-- Seamless wallets: the player's money is at the operator, the agent's POT covers it (docs/ledger.md).

alter table account add column known bigint;            -- a seamless player's wallet: what the operator holds for it, as last told and moved since
alter table transfer add column player_before bigint;   -- the same before this transfer; null in transfer wallets
-- Place in its batch. A bet is posted under the id it was asked by, older than those of its batch: order is (at, step), not (at, id).
alter table transfer add column step smallint not null default 0;
alter table reservation drop constraint reservation_amount_check;
alter table reservation add constraint reservation_amount_check check (amount >= 0);  -- a free spin stakes nothing, and is asked like any bet

-- What an operator has to be asked or told, until that is done: then the row goes, its attempts stay.
-- A player's rows are a line in the order of ids; only its head has a finite next_at.
create table callback (
  id          bigint primary key,          -- the transaction's public id: what the operator dedupes by
  agent_id    bigint not null,
  player_id   bigint not null,
  code        smallint not null,           -- src/core/chart.ts
  amount      bigint not null check (amount >= 0),
  referer_id  bigint,
  game_id     integer,
  round       text,
  studio_id   bigint,
  external_id text,
  after       bigint not null,             -- the player's balance after it, as the operator is told
  at          timestamptz not null,
  state       smallint not null,           -- 0 asking (a bet in flight), 1 due, 2 listed (given up), 3 resolved by hand
  attempts    integer not null default 0,
  next_at     timestamptz not null,        -- when somebody must look after it; infinity = others come first, or nobody
  resolved_by text,
  reason      text,
  check ((state = 3) = (reason is not null))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create unique index callback_asking on callback (player_id) where state = 0;   -- one bet in flight for each player
create index callback_held_back on callback (agent_id, id) where state = 0;    -- the feed by ids ends before the oldest of them
create index callback_line on callback (player_id, id) where state < 2;
create index callback_due on callback (agent_id, next_at) where state < 2;
create index callback_listed on callback (agent_id, id) where state >= 2;

-- Every attempt, kept as long as details are.
create table callback_attempt (
  callback_id bigint not null,
  at          timestamptz not null,
  agent_id    bigint not null,
  player_id   bigint not null,
  n           integer not null,            -- which attempt at this callback
  class       text not null,               -- src/core/delivery.ts
  status      integer,                     -- null when nothing was answered
  elapsed_ms  integer not null,
  request     text not null,               -- the body as it was sent
  answer      text not null                -- the first of what came back
) partition by range (at);
create index callback_attempt_callback on callback_attempt (callback_id);
create index callback_attempt_agent on callback_attempt (agent_id, at);

alter table agent
  add column callback_user_agent text not null default 'GuzzleHttp/7',
  add column slot_booster boolean not null default false,       -- answers must carry the balance, which is then believed
  add column callback_cutoff_ms bigint not null default 86400000 check (callback_cutoff_ms > 0),  -- how long delivery is tried
  add column callback_tls text;                                 -- sealed: client certificate, key and CA

-- HMAC needs the secret itself: sealed. Two may live at once (rotation); the newest signs first.
create table callback_secret (
  id         bigint primary key generated always as identity,
  agent_id   bigint not null references agent (id),
  sealed     text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index callback_secret_agent on callback_secret (agent_id);
create trigger callback_secret_changed after insert or update or delete on callback_secret for each statement execute function tell_nodes();
