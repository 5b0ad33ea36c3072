-- Agents in the back office: their rates, what is switched off for them, and requests for POT.

-- Who sees whom is asked with every list.
create index agent_path on agent using gin (path);

-- What an agent earns of the GGR of its players and of those below it. Never changed: a new rate is a new row.
-- From full hours on, as GGR is summed.
create table agent_rate (
  id        bigint primary key generated always as identity,
  agent_id  bigint not null references agent (id),
  vendor_id integer references vendor (id),                    -- null: the standard rate
  bps       integer check (bps between 0 and 10000),           -- null: from then on no rate of its own
  from_at   timestamptz not null check (extract(epoch from from_at)::bigint % 3600 = 0),
  made_by   text not null,
  made_at   timestamptz not null default now()
);
create index agent_rate_agent on agent_rate (agent_id, id);

-- What an agent, and with it those below, does not have. It has what nobody above it and not itself has switched off.
-- Each side has a switch of its own: what an upline has switched off for an agent, the agent cannot switch on.
create table agent_vendor_off (
  agent_id  bigint not null references agent (id),
  vendor_id integer not null references vendor (id),
  game_id   integer references game (id),                      -- null: the whole vendor
  side      bigint references agent (id),                      -- who switched it off: an agent, or (null) the house
  made_by   text not null,                                     -- the person
  made_at   timestamptz not null default now(),
  unique nulls not distinct (agent_id, vendor_id, game_id, side)
);
create trigger agent_vendor_off_changed after insert or update or delete on agent_vendor_off for each statement execute function tell_nodes();

-- What the house says of a game holds whatever its studio publishes.
alter table game
  add column house_off boolean not null default false,
  add column house_rank integer,
  add column house_thumbnails jsonb not null default '{}';     -- addresses by language; '*' for all others

-- POT that is to move between an agent and its upline: asked by the agent, or done by the upline.
create table pot_request (
  id          bigint primary key generated always as identity,
  agent_id    bigint not null references agent (id),           -- whose POT grows or shrinks
  upline_id   bigint references agent (id),                    -- null: the house
  kind        text not null check (kind in ('recharge', 'payment', 'give', 'take')),
  amount      bigint not null check (amount > 0),
  currency    text not null,
  note        text not null default '',
  page_key    text not null,                                   -- drawn by the page: a second click is the same request
  ledger_key  uuid not null default gen_random_uuid(),         -- with the id what the ledger knows it by; nobody can guess it
  state       text not null check (state in ('asked', 'approved', 'carried_out', 'refused', 'withdrawn', 'expired')),
  needed      smallint not null check (needed in (1, 2)),      -- approvals
  asked_by    text not null,                                   -- the person
  asked_at    timestamptz not null default now(),
  expires_at  timestamptz not null,
  trying      boolean not null default false,                  -- given to the ledger, and its answer not yet written down
  trouble     text,                                            -- why the ledger refused it at the last try
  ended_by    text,
  ended_at    timestamptz,
  reason      text,
  transfer_id bigint,
  transfer_at timestamptz,
  check ((state = 'carried_out') = (transfer_id is not null)),
  check ((state in ('asked', 'approved')) = (ended_at is null)),
  unique (asked_by, page_key)
);
create index pot_request_agent on pot_request (agent_id, id);
create index pot_request_open on pot_request (upline_id, id) where state in ('asked', 'approved');
create index pot_request_expiry on pot_request (expires_at) where state in ('asked', 'approved');
create unique index pot_request_transfer on pot_request (transfer_id) where transfer_id is not null;

create table pot_approval (
  request_id bigint not null references pot_request (id),
  person     text not null,
  at         timestamptz not null default now(),
  primary key (request_id, person)                             -- two approvals are two persons
);

-- Above the amount a second person of the upline must approve. No row: one is enough.
create table pot_four_eyes (
  agent_id bigint references agent (id),                       -- null: the house
  currency text not null,
  above    bigint not null check (above >= 0),
  set_by   text not null,
  set_at   timestamptz not null default now(),
  unique nulls not distinct (agent_id, currency)
);
