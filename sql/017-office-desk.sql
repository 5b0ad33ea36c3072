-- What people tell each other in the back office: inquiries to the upline, the service desk, notices, questions often
-- asked. And limits know who has set them.

-- An inquiry is between an agent's people and its direct upline's, a desk thread between an agent's people and the house.
create table office_thread (
  id             bigint primary key generated always as identity,
  kind           text not null check (kind in ('inquiry', 'desk')),
  agent_id       bigint not null references agent (id),   -- whose people ask
  answerer_id    bigint references agent (id),            -- its upline at the time; null: the house
  player_id      bigint references player (id),           -- asked for a player, or about one
  about_kind     text,                                    -- what it is about, by the id that people see
  about_id       bigint,
  subject        text not null,
  category       text not null,
  urgency        smallint not null default 2,             -- 0 the most; src/core/office/thread.ts
  state          text not null,                           -- the same
  assignee       text,                                    -- desk: who of the house looks after it
  opened_by      text not null,
  opened_at      timestamptz not null default clock_timestamp(),
  answered_at    timestamptz,                             -- the first answer
  -- Of what both sides see: what the house notes for itself moves nothing here.
  activity_at    timestamptz not null default clock_timestamp(),
  messages       integer not null default 0,
  last_public_id bigint not null default 0,
  last_id        bigint not null default 0,               -- notes too
  check (kind = 'inquiry' or answerer_id is null),
  check ((about_kind is null) = (about_id is null))
);
create index office_thread_activity on office_thread (kind, activity_at, id);
create index office_thread_agent on office_thread (agent_id, kind, activity_at, id);
create index office_thread_answerer on office_thread (answerer_id, kind, activity_at, id);
create index office_thread_urgency on office_thread (kind, urgency, opened_at, id);
create index office_thread_live on office_thread (agent_id, kind) where state not in ('solved', 'closed');
create index office_thread_queue on office_thread (kind, state, opened_at) where state not in ('solved', 'closed');
create index office_thread_subject on office_thread (kind, lower(subject) text_pattern_ops);
create index office_thread_player on office_thread (player_id) where player_id is not null;

create table office_message (
  id        bigint primary key generated always as identity,
  thread_id bigint not null references office_thread (id),
  at        timestamptz not null default clock_timestamp(),
  person    text not null,
  side      text not null check (side in ('asker', 'answerer')),
  internal  boolean not null default false,               -- a note of the house for itself
  act       text not null,                                -- src/core/office/thread.ts
  text      text not null,
  check (not internal or side = 'answerer')
);
create index office_message_thread on office_message (thread_id, id);

-- How far a person has read.
create table office_thread_read (
  person     text not null,
  thread_id  bigint not null references office_thread (id),
  message_id bigint not null,
  primary key (person, thread_id)
);

-- Files. One that is sent with no message is taken away after a day.
create table office_attachment (
  id         bigint primary key generated always as identity,
  person     text not null,
  agent_id   bigint references agent (id),                -- in whose back office it was put; null: the house's
  message_id bigint references office_message (id),
  name       text not null,
  type       text not null,                               -- by its bytes; src/core/office/sniff.ts
  size       integer not null check (size between 1 and 5242880),
  bytes      bytea not null,
  at         timestamptz not null default clock_timestamp()
);
alter table office_attachment alter column bytes set storage external;  -- pictures are packed already
create index office_attachment_message on office_attachment (message_id) where message_id is not null;
create index office_attachment_loose on office_attachment (at) where message_id is null;
create index office_attachment_person on office_attachment (person, at);

create table office_notice (
  id           bigint primary key generated always as identity,
  agent_id     bigint references agent (id),              -- whose notice it is; null: the house's
  audience     text not null check (audience in ('all', 'subtree', 'staff')),
  target_id    bigint references agent (id),              -- subtree: this agent and those below it
  texts        jsonb not null,                            -- by language: title, text
  language     text not null,                             -- what it was written in: for readers of another
  from_at      timestamptz not null,
  until_at     timestamptz,
  pinned       smallint not null default 0 check (pinned in (0, 1)),
  must_confirm boolean not null default false,
  made_by      text not null,
  made_at      timestamptz not null default now(),
  withdrawn_at timestamptz,
  check ((audience = 'subtree') = (target_id is not null)),
  check (agent_id is null or audience = 'subtree')
);
create index office_notice_order on office_notice (pinned, from_at, id) where withdrawn_at is null;
create index office_notice_agent on office_notice (agent_id, id);

create table office_notice_read (
  notice_id    bigint not null references office_notice (id),
  person       text not null,
  read_at      timestamptz not null default now(),
  confirmed_at timestamptz,
  primary key (notice_id, person)
);

-- Answers to what is often asked. Those not published are the house's own, to answer with.
create table office_faq (
  id         bigint primary key generated always as identity,
  category   text not null,
  rank       integer not null default 100,
  texts      jsonb not null,                              -- by language: question, answer
  published  boolean not null default false,
  made_by    text not null,
  made_at    timestamptz not null default now(),
  removed_at timestamptz
);
create index office_faq_order on office_faq (rank, id) where removed_at is null;

-- A limit belongs to whoever has set it: each upline, the agent itself and the house have rows of their own, and the
-- narrowest holds, so nobody widens what another has set. Those there are were set by the house's commands.
alter table bet_limit
  add column set_by bigint references agent (id),         -- null: the house
  add column set_person text not null default '',
  add column set_at timestamptz not null default now(),
  drop constraint bet_limit_agent_id_vendor_id_game_id_player_id_key,
  add constraint bet_limit_target unique nulls not distinct (agent_id, vendor_id, game_id, player_id, set_by);
create index bet_limit_agent_bet on bet_limit (agent_id, id) where max_bet is not null;
create index bet_limit_agent_win on bet_limit (agent_id, id) where max_win is not null;
create index bet_limit_player on bet_limit (player_id) where player_id is not null;

-- What was given up waits for a person: found among the many that are done.
create index callback_given_up on callback (agent_id, id) where state = 2;
