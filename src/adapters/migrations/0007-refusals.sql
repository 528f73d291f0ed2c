-- Who was turned away, on which door, and why. One row for all that is alike within a minute: whoever asks a thousand times writes
-- one. Kept for a year; no text and no address is in it.
create table operations.refusals (
  id         uuid        primary key,
  number     bigint      generated always as identity unique,
  at         timestamptz(3) not null,
  times      integer     not null,
  door       text        not null,
  code       text        not null,
  limit_name text,
  member_id  uuid,
  key_id     uuid,
  document   text        collate "C",
  operation  text        collate "C",
  request_id text        collate "C" not null
);
create index refusals_code on operations.refusals (code, number);
create index refusals_member on operations.refusals (member_id, number);
create index refusals_at on operations.refusals (at);
