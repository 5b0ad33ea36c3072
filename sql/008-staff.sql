-- The book's staff: who may act over the staff API, and as what. Two keys of one name are one person.
create table staff_key (
  id         bigint primary key generated always as identity,
  name       text not null check (name = lower(name) and name <> 'weather'),  -- the person
  role       text not null check (role in ('owner', 'trader', 'read')),
  hash       bytea not null unique,                  -- SHA-256; the key itself is shown once and never stored
  hint       text not null,                          -- its first characters, to tell keys apart
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);

-- Work that one node does for all. Held for seconds and held on to by who does it; worth nothing after a crash.
create unlogged table lease (
  name   text primary key,
  holder text not null,
  until  timestamptz not null
);
