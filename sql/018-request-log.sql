-- What an operator's developers look at: their last calls, keys to try calls with, certifications of their wallet.

alter table api_key add column expires_at timestamptz;   -- a key to try things out with; null: until it is revoked

-- The last calls of the operator API, as they were answered. Worth nothing after a crash: no WAL.
create unlogged table request_log (
  id         bigint primary key generated always as identity,
  at         timestamptz not null,
  agent_id   bigint,                   -- null: nobody knows who called; for the house alone
  method     text not null,
  path       text not null,            -- below /api, without the query
  status     smallint not null,
  elapsed_ms real not null,
  ip         text not null,
  key_hint   text,                     -- the first characters of the key
  username   text,                     -- the user it was about
  parameters text not null,            -- a JSON object; without what opens doors
  refusal    text,                     -- src/xt/replies.ts; 'fields' = parameters, told in problems; null: done
  problems   text,                     -- a JSON object: parameter -> [{code, bound?}]
  answer     text not null,            -- the body of a refusal
  left_out   integer not null          -- so many calls of this agent since the row before were not kept
);
create index request_log_agent on request_log (agent_id, id);
create index request_log_at on request_log (at);

-- A certification and what it found. Who runs it says so every few seconds; one that is silent is broken off.
create table certification (
  id         bigint primary key generated always as identity,
  agent_id   bigint not null references agent (id),
  username   text not null,
  started_by text not null,
  started_at timestamptz not null default now(),
  beat_at    timestamptz not null default now(),
  ended_at   timestamptz,
  state      text not null default 'running' check (state in ('running', 'done', 'stopped', 'broken')),
  stop_asked boolean not null default false,
  done       integer not null default 0,
  of_all     integer not null default 0,
  title      text,                     -- the check under way
  ok         boolean,
  report     jsonb,                    -- src/callbacks/certify/report.ts
  check ((state = 'running') = (ended_at is null)),
  check ((state in ('done', 'stopped')) = (report is not null))
);
create unique index certification_running on certification (agent_id) where state = 'running';
create index certification_agent on certification (agent_id, id);

-- Numbers the packets of the test page; no id of theirs is ever one of a transaction.
create sequence test_packet_seq cycle maxvalue 99999;

-- Callbacks looked through without an agent, or by a user: few are ever given up or resolved, so these cost next to nothing.
create index callback_listed_by_id on callback (id) where state = 2;
create index callback_resolved on callback (id) where state = 3;
create index callback_player_listed on callback (player_id, id) where state >= 2;
