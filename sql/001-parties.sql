-- Who takes part: agents (operators) in a tree, their players, studios with their vendors and games.
-- Agents, players and studios draw ids from one sequence, so an id names one party in every API.

create sequence party_id_seq start 1001;
create sequence account_id_seq start 100;
create sequence session_id_seq start 1;

create table agent (
  id              bigint primary key default nextval('party_id_seq'),
  parent_id       bigint references agent (id),
  path            bigint[] not null,                 -- ancestors first, itself last
  username        text not null,
  username_key    text not null unique,              -- folded: compared without case
  nickname        text not null,
  currency        text not null check (currency ~ '^[A-Z]{3}$'),
  wallet          text not null check (wallet in ('transfer', 'seamless')),
  pot_account_id  bigint not null unique,
  callback_url    text,
  pacing          boolean not null default true,
  feed_interval_ms integer not null default 1000 check (feed_interval_ms >= 0),
  allowed_ips     text[] not null default '{}',      -- who may call the API; empty = set-up not finished
  browser_origins text[] not null default '{}',      -- who may call it from a browser page
  blocked_at      timestamptz,
  created_at      timestamptz not null default now()
);
create index agent_parent on agent (parent_id);

create table api_key (
  id           bigint primary key generated always as identity,
  agent_id     bigint not null references agent (id),
  hash         bytea not null unique,                -- SHA-256; the key itself is shown once and never stored
  hint         text not null,                        -- its first characters, to tell keys apart
  label        text not null default '',
  created_at   timestamptz not null default now(),
  revoked_at   timestamptz,
  last_used_at timestamptz
);
create index api_key_agent on api_key (agent_id);

create table player (
  id                bigint primary key default nextval('party_id_seq'),
  agent_id          bigint not null references agent (id),
  username          text not null,
  username_key      text not null,
  nickname          text,
  wallet_account_id bigint not null unique,
  points_account_id bigint not null unique,
  blocked_at        timestamptz,
  block_reason      text,
  excluded_until    timestamptz,                     -- self-exclusion: cannot be lifted early; 'infinity' = for good
  cooling_until     timestamptz,                     -- a short break of the player's own choice
  session_id        bigint,                          -- the session whose token is the user's current one
  created_at        timestamptz not null default now(),
  updated_at        timestamptz not null default now(),
  last_access_at    timestamptz,
  unique (agent_id, username_key)
);
create index player_agent on player (agent_id, id);

create table studio (
  id         bigint primary key default nextval('party_id_seq'),
  name       text not null unique,
  enabled    boolean not null default true,
  created_at timestamptz not null default now()
);

-- One public key, up to two live secrets (rotation). HMAC needs the secret itself: it is sealed, not hashed.
create table studio_secret (
  id         bigint primary key generated always as identity,
  studio_id  bigint not null references studio (id),
  key        text not null,
  sealed     text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index studio_secret_key on studio_secret (key);

create table vendor (
  id              integer primary key generated always as identity,
  name            text not null unique,
  studio_id       bigint references studio (id),
  enabled         boolean not null default true,
  zero_wins       boolean not null default true,     -- a lost round is told by a win of 0
  multi_bet       boolean not null default false,    -- several bets of a round are one bundle: one win or cancel for all
  cancel_pause_ms integer not null default 0,        -- a bet sooner than this after a cancel is refused
  betting_ms      integer not null default 0,        -- a bet later than this after the round's first is refused; 0 = no limit
  round_limit_ms  bigint not null default 3600000    -- an open round older than this is reported
);

create table game (
  id         integer primary key generated always as identity,
  studio_id  bigint not null references studio (id),
  vendor_id  integer not null references vendor (id),
  public_id  text not null,
  title      text not null,
  type       text not null,
  lobby      boolean not null default false,
  thumbnail  text,
  thumbnails jsonb not null default '{}',
  rank       integer,
  langs      jsonb,
  enabled    boolean not null default true,
  launch_url text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (studio_id, public_id)
);
create index game_vendor on game (vendor_id);

-- A token becomes a session when the studio opens it. Token and session handle are derived from the id with a
-- key only the hub has, so neither is stored.
create table session (
  id         bigint primary key default nextval('session_id_seq'),
  player_id  bigint not null references player (id),
  agent_id   bigint not null references agent (id),
  game_id    integer references game (id),
  studio_id  bigint references studio (id),
  skin       text,
  issued_at  timestamptz not null default now(),
  expires_at timestamptz not null,
  opened_at  timestamptz,
  ended_at   timestamptz,
  end_reason text
);
create index session_live on session (player_id, studio_id, id desc);

-- The narrowest of all rows that fit a bet holds.
create table bet_limit (
  id        bigint primary key generated always as identity,
  agent_id  bigint not null references agent (id),
  vendor_id integer references vendor (id),
  game_id   integer references game (id),
  player_id bigint references player (id),
  max_bet   bigint check (max_bet >= 0),
  max_win   bigint check (max_win >= 0),
  unique nulls not distinct (agent_id, vendor_id, game_id, player_id)
);

create table audit_log (
  id      bigint primary key generated always as identity,
  at      timestamptz not null default clock_timestamp(),
  actor   text not null,
  action  text not null,
  subject text not null,
  detail  jsonb not null default '{}'
);

-- Pacing of reads and spent nonces are worth nothing after a crash: no WAL for them.
create unlogged table pace (
  key text primary key,
  at  timestamptz not null
);
create unlogged table studio_nonce (
  key   text not null,
  nonce text not null,
  at    timestamptz not null default clock_timestamp(),
  primary key (key, nonce)
);

-- Nodes keep agents, keys, vendors and games in memory; a change anywhere is told to all of them.
create function tell_nodes() returns trigger language plpgsql as $$
begin
  perform pg_notify('croupier_changed', tg_table_name);
  return null;
end $$;
create trigger agent_changed after insert or update or delete on agent for each statement execute function tell_nodes();
create trigger studio_changed after insert or update or delete on studio for each statement execute function tell_nodes();
create trigger studio_secret_changed after insert or update or delete on studio_secret for each statement execute function tell_nodes();
create trigger vendor_changed after insert or update or delete on vendor for each statement execute function tell_nodes();
create trigger game_changed after insert or update or delete on game for each statement execute function tell_nodes();
create trigger api_key_changed after insert or delete or update of revoked_at on api_key for each statement execute function tell_nodes();
