-- Which tables the read models have, how far they are, and who keeps them level. The tables themselves stand in schemas
-- of their own, `<projection>_v<version>_g<generation>`, and may be dropped at any time: they are built again.

create schema palabre_projections;

create sequence palabre_projections.generation_numbers;

-- Who may write. An owner is a database session; when it is gone, or the time has run out, anybody may take over with
-- the next epoch.
create table palabre_projections.leases (
  name        text        collate "C" primary key,
  epoch       bigint      not null default 0,
  owner_pid   integer,
  owner_start timestamptz,
  expires_at  timestamptz not null default '-infinity'
) with (fillfactor = 50);

-- One row a generation: what it has applied. It moves in the transaction that writes the rows.
create table palabre_projections.checkpoints (
  projection  text           collate "C" not null,
  generation  bigint         not null,
  version     integer        not null,
  schema      text           collate "C" not null unique,
  tables      text[]         not null,
  definition  text           not null,
  epoch       bigint         not null,
  position    bigint         not null default 0,
  event_id    uuid           not null default '00000000-0000-0000-0000-000000000000',
  recorded_at timestamptz(3),
  missed      bigint         not null default 0,
  halt        json,
  created_at  timestamptz    not null default now(),
  updated_at  timestamptz    not null default now(),
  retired_at  timestamptz,
  primary key (projection, generation)
) with (fillfactor = 50);

-- Which generation readers are shown.
create table palabre_projections.pointers (
  projection text        collate "C" primary key,
  generation bigint      not null,
  swapped_at timestamptz not null default now()
);
