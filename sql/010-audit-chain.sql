-- The audit trail is a chain: each line's hash covers the one before it, so a line changed, taken out or put in between
-- later shows (`croupier audit`). Lines are only ever added, one transaction at a time.

alter table audit_log
  add column n    bigint unique,   -- place in the chain; ids are drawn before it is known who comes first
  add column hash bytea;

create function audit_hash(previous bytea, line audit_log) returns bytea language sql stable parallel safe
  as $$ select sha256(coalesce(previous, '') || convert_to(jsonb_build_array(line.n, wire_time(line.at), line.actor, line.action, line.subject, line.detail)::text, 'utf8')) $$;

do $$
declare
  line audit_log;
  previous bytea;
  place bigint := 0;
begin
  for line in select * from audit_log order by id loop
    place := place + 1;
    line.n := place;
    previous := audit_hash(previous, line);
    update audit_log set n = line.n, hash = previous where id = line.id;
  end loop;
end $$;
alter table audit_log alter column n set not null, alter column hash set not null;

create function audit_chain() returns trigger language plpgsql as $$
declare
  last record;
begin
  -- A line that brings its place comes from a backup, and is proven with the others.
  if new.n is not null then return new; end if;
  perform pg_advisory_xact_lock(7203010);
  select a.n, a.hash into last from audit_log a order by a.n desc limit 1;
  new.n := coalesce(last.n, 0) + 1;
  new.hash := audit_hash(last.hash, new);
  return new;
end $$;
create trigger audit_chain before insert on audit_log for each row execute function audit_chain();

create function audit_kept() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is only ever added to';
end $$;
create trigger audit_kept before update or delete on audit_log for each row execute function audit_kept();
