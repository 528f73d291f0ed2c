-- What integrations run on: machine keys, webhooks and their deliveries. None of it can be made again from the log, so no
-- rebuild touches it, and a backup must hold it.
create schema operations;

-- Changes that carry an idempotency key, so that a repetition is told apart. Kept for 14 days.
create table operations.commands (
  id         uuid        primary key,
  input_hash text        collate "C" not null,
  at         timestamptz not null default now()
);
create index commands_at on operations.commands (at);

-- Who may come in without a person. Only hashes of secrets are here; a key that is rotated has two for a while.
create table operations.machine_keys (
  id           uuid        primary key,
  number       bigint      generated always as identity unique,
  name         text        not null,
  owner_id     uuid        not null,
  owner_kind   text        not null,
  made_by      uuid        not null,
  roles        text[]      not null,
  scopes       text[]      not null,
  created_at   timestamptz(3) not null default now(),
  last_used_at timestamptz(3),
  revoked_at   timestamptz(3)
);
create index machine_keys_owner on operations.machine_keys (owner_id, number);

create table operations.machine_key_secrets (
  hash       bytea       primary key,
  key_id     uuid        not null references operations.machine_keys on delete cascade,
  created_at timestamptz(3) not null default clock_timestamp(),
  expires_at timestamptz(3) not null
);
create index machine_key_secrets_key on operations.machine_key_secrets (key_id);

-- The roles that a person's newest token told: what acts for the person has no others.
create table operations.standings (
  member_id uuid        primary key,
  roles     text[]      not null,
  told_at   timestamptz not null
);

-- Where events are sent, as whom, and how far: everything up to the cursor has become deliveries.
create table operations.webhooks (
  id            uuid        primary key,
  number        bigint      generated always as identity unique,
  owner_id      uuid        not null,
  owner_kind    text        not null,
  roles         text[]      not null,
  scopes        text[]      not null,
  key_id        uuid        references operations.machine_keys,
  url           text        not null,
  types         text[],
  community_id  uuid,
  created_at    timestamptz(3) not null default now(),
  state         text        not null default 'ACTIVE' check (state in ('ACTIVE', 'DISABLED')),
  reason        text,
  state_since   timestamptz(3) not null default now(),
  failing_since timestamptz(3),
  paused_until  timestamptz,
  position      bigint      not null,
  event_id      uuid        not null,
  check ((state = 'DISABLED') = (reason is not null))
) with (fillfactor = 50);
create index webhooks_owner on operations.webhooks (owner_id, number);

-- Encrypted under a key that is derived from the master key.
create table operations.webhook_secrets (
  id         uuid        primary key,
  webhook_id uuid        not null references operations.webhooks on delete cascade,
  sealed     bytea       not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz
);
create index webhook_secrets_webhook on operations.webhook_secrets (webhook_id);

-- Ranges of the log that are to become deliveries once more.
create table operations.webhook_replays (
  id         uuid   primary key,
  webhook_id uuid   not null references operations.webhooks on delete cascade,
  position   bigint not null,
  event_id   uuid   not null,
  until      bigint not null
);
create index webhook_replays_webhook on operations.webhook_replays (webhook_id);

-- One row for each event and webhook, whose id is the same over retries and replays. Kept for 30 days once settled.
create table operations.deliveries (
  id           uuid        primary key,
  number       bigint      generated always as identity unique,
  webhook_id   uuid        not null references operations.webhooks on delete cascade,
  event_id     uuid        not null,
  type         text        not null,
  stream       text        collate "C" not null,
  revision     integer     not null,
  position     bigint      not null,
  state        text        not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'FAILED', 'WITHHELD')),
  attempts     integer     not null default 0,
  created_at   timestamptz(3) not null default now(),
  due_at       timestamptz(3) not null default now(),
  attempted_at timestamptz(3),
  settled_at   timestamptz(3),
  status       integer,
  error        text,
  answer       text,
  milliseconds integer
) with (fillfactor = 70);
create index deliveries_due on operations.deliveries (webhook_id, due_at) where state = 'PENDING';
create index deliveries_of on operations.deliveries (webhook_id, number);
create index deliveries_settled on operations.deliveries (settled_at) where state <> 'PENDING';
