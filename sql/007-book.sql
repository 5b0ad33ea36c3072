-- The rain book: outside sites (book operators) and their players, sites with a weather station, sessions, bets.
-- Amounts are minor units, odds are thousandths (49.0 is 49000), a betting day is the site's own calendar day.

create sequence rain_session_id_seq start 20001;
create sequence rain_revision_seq;

-- A correction may take more than a player has left: the shortage is named here, and nothing else may go below.
alter table account add column overdraft bigint not null default 0 check (overdraft >= 0 and (overdraft = 0 or kind = 4));
alter table account drop constraint account_check;
alter table account add constraint account_check
  check (kind >= 10 or (balance + overdraft >= 0 and reserved <= balance + overdraft));

create table book_operator (
  id          bigint primary key default nextval('party_id_seq'),
  name        text not null unique,
  cert_hash   bytea not null unique,                 -- SHA-256; the certCode itself is shown once and never stored
  cert_hint   text not null,
  allowed_ips text[] not null default '{}',          -- who may call; empty = set-up not finished
  time_zone   text not null default 'UTC',           -- how its updateTime is read
  enabled     boolean not null default true,
  created_at  timestamptz not null default now()
);

create table rain_site (
  name            text primary key,
  station         text not null,
  latitude        double precision not null,
  longitude       double precision not null,
  time_zone       text not null,
  threshold_mm    numeric(6, 2) not null default 0.1 check (threshold_mm > 0),  -- so much in the session's hours is rain
  calendar        jsonb not null,                    -- [{"type":"NOON","from":"06:00","to":"18:00"}], local time
  opens_before_ms bigint not null default 86400000 check (opens_before_ms > 0),    -- betting opens so long before the session's hours
  closes_before_ms bigint not null default 0 check (closes_before_ms >= 0),        -- and closes so long before them
  margin_bps      integer not null default 400 check (margin_bps between 0 and 5000),
  odds_valid_ms   integer not null default 30000 check (odds_valid_ms > 0),
  own_bps         integer not null default 3000 check (own_bps between 0 and 10000),  -- what the book keeps of a stake
  own_min_bps     integer not null default 500 check (own_min_bps between 0 and own_bps),  -- and keeps at least when its pool is near its limit
  pool_max        bigint not null default 2000000 check (pool_max >= 0),  -- most the book itself may lose in a session
  automatic       boolean not null default false,    -- the weather source settles without a person
  enabled         boolean not null default true
);

create table book_vendor_type (
  name     text primary key,
  site     text not null references rain_site (name),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  min_bet  bigint not null check (min_bet > 0),
  max_bet  bigint not null check (max_bet >= min_bet),
  enabled  boolean not null
);

create table book_player (
  id             bigint primary key default nextval('party_id_seq'),
  operator_id    bigint not null references book_operator (id),
  vendor_type    text not null references book_vendor_type (name),
  user_id        text not null,
  account_id     bigint not null unique,
  credit         bigint not null default 0,          -- as the last transfer left it; what came since is profit and loss
  min_bet        bigint not null,                    -- the operator's bet limit
  max_bet        bigint not null check (max_bet >= min_bet),
  max_exposure   bigint not null check (max_exposure >= 0),
  own_max_bet    bigint,                             -- the player's own limits; null = none
  own_day_stake  bigint,
  own_clock_min  integer,                            -- how often the page says how long the visit lasts
  next_limits    jsonb,                              -- looser ones hold only after a day: {"maxBet","dayStake"}
  next_limits_at timestamptz,
  day            integer not null default 0,         -- days since 1970, UTC
  day_stake      bigint not null default 0,          -- staked on that day
  excluded_until timestamptz,                        -- self-exclusion: cannot be lifted early; 'infinity' = for good
  blocked_at     timestamptz,
  password_hash  text,                               -- the page's own lock, if the player set one
  password_tries integer not null default 0,
  language       text,
  created_at     timestamptz not null default now(),
  unique (operator_id, vendor_type, user_id)
);

-- A visit of the player page: a login link becomes an access and a refresh token, bound to the address that used it.
create table book_visit (
  id                 bigint primary key generated always as identity,
  player_id          bigint not null references book_player (id),
  login_hash         bytea not null unique,
  login_expires_at   timestamptz not null,
  ip                 text,
  refresh_hash       bytea unique,
  refresh_expires_at timestamptz,
  opened_at          timestamptz,
  ended_at           timestamptz,
  last_seen_at       timestamptz
);
create index book_visit_player on book_visit (player_id) where ended_at is null;

-- Money in and out, under the operator's code, for ever.
create table book_transfer (
  operator_id   bigint not null,
  ts_code       text not null,
  player_id     bigint not null,
  kind          text not null check (kind in ('deposit', 'withdraw', 'withdraw_all')),
  amount        bigint not null,                     -- signed: withdrawals below zero
  profit_loss   bigint not null,
  exposure      bigint not null,
  credit_before bigint not null,
  credit_after  bigint not null check (credit_after = credit_before + profit_loss + amount),
  transfer_id   bigint not null,
  at            timestamptz not null,
  primary key (operator_id, ts_code)
);
create index book_transfer_player on book_transfer (player_id, at);
create index book_transfer_at on book_transfer (at);

create table rain_session (
  id             bigint primary key default nextval('rain_session_id_seq'),
  site           text not null references rain_site (name),
  currency       text not null,
  type           text not null check (type in ('MORNING', 'AFTERNOON', 'NOON', 'NIGHT')),
  game_date      date not null,                      -- local day of the session's first hour
  opens_at       timestamptz not null,
  closes_at      timestamptz not null check (closes_at > opens_at),
  starts_at      timestamptz not null check (starts_at >= closes_at),
  ends_at        timestamptz not null check (ends_at > starts_at),
  status         text not null default 'READY' check (status in ('READY', 'OPEN', 'CLOSE', 'SUSPEND', 'UNSETTLED', 'SETTLED', 'VOID')),
  market         text not null default 'CLOSE' check (market in ('OPEN', 'SUSPEND', 'CLOSE')),
  quote          bigint not null default 0,          -- number of the odds; 0 = none yet
  odds_rain      integer,
  odds_dry       integer,
  krain_rain     integer,                            -- K-Rain's own, without the margin
  krain_dry      integer,
  quote_until    timestamptz,                        -- odds are good so long
  result         text not null default 'NOT_AVAILABLE' check (result in ('NOT_AVAILABLE', 'NO_RAIN', 'RAIN', 'VOID')),
  version        integer not null default 0,         -- of the result: 1 the first, higher ones are corrections
  resulted_at    timestamptz,
  rain_mm        numeric(8, 2),
  pool_rain      bigint not null default 0,          -- what the book itself gains by its matched bets if it rains
  pool_dry       bigint not null default 0,
  risk_rain      bigint not null default 0 check (risk_rain <= 0),  -- what bets not matched yet may add to that at worst
  risk_dry       bigint not null default 0 check (risk_dry <= 0),
  revision       bigint not null default nextval('rain_revision_seq'),
  check ((result = 'NOT_AVAILABLE') = (version = 0)),
  unique (site, currency, game_date, type)
) with (fillfactor = 50);
create index rain_session_live on rain_session (site, starts_at) where status not in ('SETTLED', 'VOID');
create index rain_session_revision on rain_session (revision);

-- Pages and nodes follow what a session shows; the pool's figures, which move with every bet, are not shown.
create function rain_session_moved() returns trigger language plpgsql as $$
begin
  new.revision := nextval('rain_revision_seq');
  perform pg_notify('rain_changed', new.id::text);
  return new;
end $$;
create trigger rain_session_moved before update of status, market, quote, odds_rain, odds_dry, quote_until, result, version,
  opens_at, closes_at, starts_at, ends_at, rain_mm on rain_session for each row execute function rain_session_moved();

-- Odds as they were offered.
create table rain_quote (
  session_id bigint not null references rain_session (id),
  quote      bigint not null,
  at         timestamptz not null default clock_timestamp(),
  odds_rain  integer not null,
  odds_dry   integer not null,
  krain_rain integer not null,
  krain_dry  integer not null,
  primary key (session_id, quote)
);

-- What somebody says the result is. A result is taken when two persons stand for it, or by a site's automatic mode.
create table rain_finding (
  id         bigint primary key generated always as identity,
  session_id bigint not null references rain_session (id),
  round      integer not null,                       -- the version of the result it is to become
  result     text not null check (result in ('RAIN', 'NO_RAIN', 'VOID')),
  by         text not null,                          -- a person, or 'weather'
  rain_mm    numeric(8, 2),
  reason     text,
  at         timestamptz not null default clock_timestamp(),
  unique (session_id, round, by)
);

-- Hours of rain as the source told them, for the page's charts and for the proof of a result.
create table rain_hour (
  site        text not null references rain_site (name),
  hour        timestamptz not null,
  mm          numeric(8, 2) not null,
  probability integer,                               -- per cent, of a forecast
  observed    boolean not null,                      -- false: forecast
  told_at     timestamptz not null default clock_timestamp(),
  primary key (site, hour)
);

-- All of a player's bets in a session: its exposure, and what settlement posts. One row to lock and to settle.
create table book_position (
  session_id    bigint not null references rain_session (id),
  player_id     bigint not null references book_player (id),
  account_id    bigint not null,
  operator_id   bigint not null,
  bets          integer not null default 0,
  pending       integer not null default 0 check (pending >= 0),   -- TEMP and CHECK
  net_rain      bigint not null default 0,           -- what the player's matched bets come to if it rains
  net_dry       bigint not null default 0,
  risk_rain     bigint not null default 0 check (risk_rain <= 0),  -- what pending ones may lose if it rains
  risk_dry      bigint not null default 0 check (risk_dry <= 0),
  hedge_rain    bigint not null default 0,           -- what the part at K-Rain brings the book if it rains
  hedge_dry     bigint not null default 0,
  exposure      bigint not null default 0 check (exposure >= 0),
  version       integer not null default 0,          -- of the result it is settled by; 0 = not, or not fully
  settled_net   bigint not null default 0,           -- posted so far
  settled_hedge bigint not null default 0,
  primary key (session_id, player_id)
) with (fillfactor = 50);   -- no index on what a bet changes: its new version stays on the page
-- Both columns, as in the key: whichever the planner takes before it knows the table, a lookup reads one row.
create unique index book_position_player on book_position (player_id, session_id);

create table book_bet (
  id           bigint not null,                      -- drawn from the ids of transfers
  operator_id  bigint not null,
  vendor_type  text not null,
  player_id    bigint not null,
  session_id   bigint not null,
  key          text not null,                        -- the page's own id of the bet
  type         text not null check (type in ('RAIN', 'NO_RAIN')),
  odds         integer not null check (odds > 1000),
  stake        bigint not null check (stake > 0),
  win          bigint not null check (win > 0),      -- net, if it wins
  own_stake    bigint not null check (own_stake >= 0),      -- kept in the book's pool
  krain_stake  bigint not null check (krain_stake >= 0),    -- asked of K-Rain while pending, then what it took
  krain_odds   integer,                              -- the least asked while pending, then what it gave
  krain_win    bigint not null default 0,
  krain_whole  boolean not null,                     -- all or nothing: the pool could not carry a part that is left over
  krain_until  timestamptz,                          -- K-Rain takes it before this instant or never
  status       smallint not null,                    -- src/core/book/types.ts
  reason       text,                                 -- why it failed
  payout       bigint not null default 0,            -- net: below zero for a loss
  ip           text,
  placed_at    timestamptz not null,
  settled_at   timestamptz,
  updated_at   timestamptz not null,
  check (own_stake + krain_stake = stake or status in (0, 2, 3)),
  primary key (player_id, session_id, id)            -- whoever names a bet knows its position: one index serves both
) with (fillfactor = 70);
create index book_bet_feed on book_bet (operator_id, updated_at, id);
-- One text, so that no other index can be taken for it while the planner does not know the table.
create unique index book_bet_key on book_bet ((player_id::text || '/' || key) collate "C");
create index book_bet_pending on book_bet (placed_at) where status in (0, 3);

insert into rain_site (name, station, latitude, longitude, time_zone, calendar) values
  ('CPS', 'Cherrapunji', 25.2702, 91.7326, 'Asia/Kolkata', '[{"type":"MORNING","from":"06:00","to":"12:00"},{"type":"NOON","from":"06:00","to":"18:00"},{"type":"NIGHT","from":"18:00","to":"06:00"}]'),
  ('CPS2', 'Mawsynram', 25.2975, 91.5826, 'Asia/Kolkata', '[{"type":"NOON","from":"06:00","to":"18:00"},{"type":"NIGHT","from":"18:00","to":"06:00"}]'),
  ('MPS', 'Mumbai', 19.0760, 72.8777, 'Asia/Kolkata', '[{"type":"NOON","from":"06:00","to":"18:00"},{"type":"NIGHT","from":"18:00","to":"06:00"}]');
update rain_site set enabled = false where name = 'MPS';
insert into book_vendor_type (name, site, currency, min_bet, max_bet, enabled) values
  ('CPS_USD', 'CPS', 'USD', 1000, 500000, true),
  ('CPS2_USD', 'CPS2', 'USD', 1000, 500000, true),
  ('CPS_HKD', 'CPS', 'HKD', 10000, 600000, false),
  ('MPS_USD', 'MPS', 'USD', 10000, 700000, false);

create trigger book_operator_changed after insert or update or delete on book_operator for each statement execute function tell_nodes();
create trigger book_vendor_type_changed after insert or update or delete on book_vendor_type for each statement execute function tell_nodes();
create trigger rain_site_changed after insert or update or delete on rain_site for each statement execute function tell_nodes();
