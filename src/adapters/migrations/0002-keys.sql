-- Keys of people, apart from what they seal: never part of an export of the log.
create schema palabre_keys;

-- The master key itself is never stored; its fingerprint tells a wrong one at start.
create table palabre_keys.master (
  only_row    boolean primary key default true check (only_row),
  fingerprint text not null
);

create table palabre_keys.keys (
  subject      uuid primary key,
  kid          uuid not null unique,
  wrapped      bytea,
  created_at   timestamptz not null default now(),
  destroyed_at timestamptz,
  check ((wrapped is null) = (destroyed_at is not null))
);
