-- What the back office shows of users and their rounds.

-- Users in the order of their names, of all agents and of one. The collation is named so that a prefix is a range.
create index player_name on player ((username_key collate "C"), id);
create index player_agent_name on player (agent_id, (username_key collate "C"), id);
create index player_blocked on player (id) where blocked_at is not null;
create index player_excluded on player (id) where excluded_until is not null or cooling_until is not null;
create index session_player on session (player_id, id);
-- Cancelled rounds are few among all: the others are found by their opening bets, open ones by round_open.
create index round_cancelled on round (agent_id, opened_at) where state = 2;

-- What the staff of the house and of agents write down about a user. Only ever added to. An agent's people do not see
-- what the house wrote for itself.
create table player_note (
  id         bigint primary key generated always as identity,
  player_id  bigint not null references player (id),
  person     text not null,
  house_only boolean not null,
  text       text not null check (text <> ''),
  at         timestamptz not null default now()
);
create index player_note_player on player_note (player_id, id);

-- A round is settled or voided by hand in two steps by two persons: one orders it, another one confirms.
-- waiting → done | failed | refused | withdrawn; confirmed = somebody has confirmed it and it is being carried out.
create table round_order (
  id           bigint primary key generated always as identity,
  agent_id     bigint not null references agent (id),
  player_id    bigint not null references player (id),
  game_id      integer not null references game (id),
  ref          text not null,
  act          text not null check (act in ('settle', 'void')),
  amount       bigint not null check (amount >= 0),      -- what a settled round wins; 0 for a voided one
  reason       text not null check (reason <> ''),
  state        text not null default 'waiting' check (state in ('waiting', 'confirmed', 'done', 'failed', 'refused', 'withdrawn')),
  made_by      text not null,
  made_at      timestamptz not null default now(),
  confirmed_by text,
  confirmed_at timestamptz,
  ended_by     text,
  ended_at     timestamptz,
  end_reason   text,                                     -- why it was refused or withdrawn, or could not be carried out
  transfer_id  bigint,
  check (act = 'settle' or amount = 0),
  check (confirmed_by <> made_by),
  check ((state in ('waiting', 'confirmed')) = (ended_at is null)),
  check (state not in ('confirmed', 'done', 'failed') or confirmed_by is not null),
  check (state <> 'done' or transfer_id is not null)
);
create unique index round_order_live on round_order (game_id, ref, player_id) where state in ('waiting', 'confirmed');
create index round_order_agent on round_order (agent_id, id);
