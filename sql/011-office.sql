-- The back office: people who sign in, their sessions, and one-time links into an agent's back office.

create table office_user (
  id               bigint primary key generated always as identity,
  name             text not null unique check (name = lower(name) and name <> 'weather'),  -- the person, as in staff_key
  shown_name       text not null,
  agent_id         bigint references agent (id),       -- null: the house's own staff
  role             text not null,                      -- src/core/office/roles.ts
  password_hash    text,                               -- null: not set yet, an invitation is out
  password_at      timestamptz,
  totp_sealed      text,                               -- the second factor's secret; sealed, since it must be read
  totp_at          timestamptz,                        -- when it was proven for the first time; null = not in force
  totp_step        bigint not null default 0,          -- the last step that was used: a code is good once
  tries            integer not null default 0,         -- wrong ones in a row
  locked_until     timestamptz,
  language         text not null default 'en' check (language in ('en', 'ko', 'zh')),
  time_zone        text not null default 'UTC',
  notify           jsonb not null default '{}',        -- what the person wants to be told of
  signed_in_at     timestamptz,                        -- the last sign-in, shown at the next one
  signed_in_ip     text,
  created_by       text not null,
  created_at       timestamptz not null default now(),
  disabled_at      timestamptz,
  check ((agent_id is null) = (role not in ('agent_owner', 'agent_staff')))
);
create index office_user_agent on office_user (agent_id);

-- Whoever holds the cookie is the person. What may be done is read from the person each time, never from here.
create table office_session (
  id           bigint primary key generated always as identity,
  hash         bytea not null unique,                  -- SHA-256 of the cookie
  user_id      bigint references office_user (id),     -- null: came by a link
  person       text not null,                          -- who it is, for the audit trail
  agent_id     bigint references agent (id),           -- by a link: whose back office
  role         text,                                   -- by a link: as what
  proven       boolean not null,                       -- false: the second factor is still missing
  created_at   timestamptz not null default now(),
  seen_at      timestamptz not null default now(),
  expires_at   timestamptz not null,                   -- whatever is done until then
  ip           text not null,
  browser      text not null default '',
  previous_at  timestamptz,                            -- the person's sign-in before this one
  previous_ip  text,
  ended_at     timestamptz,
  check ((user_id is null) = (agent_id is not null and role is not null))
);
create index office_session_user on office_session (user_id) where ended_at is null;
create index office_session_expiry on office_session (expires_at);

-- For when the second factor is lost. Each is good once.
create table office_recovery (
  user_id bigint not null references office_user (id),
  hash    bytea not null,
  used_at timestamptz,
  primary key (user_id, hash)
);

-- One-time links: an invitation or a new password (user_id), or a way into an agent's back office (agent_id, role).
create table office_link (
  id         bigint primary key generated always as identity,
  user_id    bigint references office_user (id),
  agent_id   bigint references agent (id),
  role       text,
  person     text not null,                            -- who comes by it, for the audit trail
  made_by    text not null,
  made_at    timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at    timestamptz,
  used_ip    text,
  check ((user_id is null) = (agent_id is not null and role is not null))
);
