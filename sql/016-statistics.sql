-- Figures of long times by agent, vendor and game. Once an hour (a day) can change no more it is closed: its sums by
-- agent and by vendor stand beside those by game, and with them, of every player who bet in it, the hour they bet in
-- before. Whose hour before lies ahead of a time is new in it: distinct players of any time are a sum over its rows.

create table rollup_closed (
  kind       smallint not null,           -- src/db/office-statistics-close.ts
  agent_id   bigint not null,
  at         timestamptz not null,        -- start of the hour or the day of UTC
  vendor_id  integer not null,            -- 0: all
  game_id    integer not null,            -- 0: all
  currency   text not null,
  bets       bigint not null,
  bet_sum    bigint not null,
  wins       bigint not null,
  win_sum    bigint not null,
  cancels    bigint not null,
  cancel_sum bigint not null,
  other_sum  bigint not null,
  rounds     bigint not null,
  before     integer[] not null,          -- sorted; one a player: the hour they last bet in before, hours since 1970; 0 = never
  primary key (kind, agent_id, at, vendor_id, game_id, currency)
);
create index rollup_closed_game on rollup_closed (kind, game_id, vendor_id, agent_id, at);

-- The hours by game are those of rollup_hour itself. Null: not closed yet.
alter table rollup_hour add before integer[];
create index rollup_hour_game on rollup_hour (game_id, agent_id, hour);

-- The last closed hour a player bet in: at all, at a vendor, in a game.
create table rollup_last (
  player_id bigint not null,
  vendor_id integer not null,             -- 0: at all
  game_id   integer not null,             -- 0: at all
  hour      integer not null,             -- since 1970
  primary key (player_id, vendor_id, game_id)
);

-- Hours before `hour` and days before `day` are closed. Players of hours that are not stand in rollup_player.
create table close_cursor (
  one  boolean primary key default true check (one),
  hour timestamptz not null,
  day  timestamptz not null
);
insert into close_cursor values (true, '2000-01-01', '2000-01-01');

-- Movements of kinds that are few among bets and wins, or none for years: found without reading all the others.
create index transfer_rare on transfer (agent_id, at, id) include (code) where code in (12, 23, 24, 25, 26, 27, 30, 31);
