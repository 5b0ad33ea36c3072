-- Wrong tries to sign in: by an address, and by names nobody has, so that they answer as those somebody has.
create table office_try (
  key          text primary key,            -- 'from <network>', or 'name <SHA-256>'
  tries        integer not null,
  since        timestamptz not null,        -- the first of them
  locked_until timestamptz
);

-- A second factor that is being set up in this session; the one in force stays until it is confirmed.
alter table office_session add column totp_sealed text;
create index office_session_person on office_session (person) where user_id is null and ended_at is null;

create index office_link_user on office_link (user_id) where used_at is null;
create index office_link_agent on office_link (agent_id) where used_at is null;
create index office_link_expiry on office_link (expires_at);

-- The audit trail by who, what and whom.
create index audit_log_actor on audit_log (actor, n);
create index audit_log_action on audit_log (action text_pattern_ops, n);
create index audit_log_subject on audit_log (subject text_pattern_ops, n);
create index audit_log_at on audit_log (at);
