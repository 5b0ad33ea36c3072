-- How instants go out: UTC, six decimals (contract xt).
create function wire_time(timestamptz) returns text language sql immutable parallel safe
  as $$ select to_char($1 at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;
