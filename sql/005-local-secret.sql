-- Without SECRET_KEY (development only) the nodes and tools of one database share this one.
create table local_secret (
  one   boolean primary key default true check (one),
  value text not null
);
