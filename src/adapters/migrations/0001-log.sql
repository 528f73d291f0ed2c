-- The log: every event of the organisation, in one order. See src/adapters/README.md for the reasons.

create schema palabre_log;

-- One row. Whoever appends holds its lock until the commit is on disk: that lock is the order of the log.
-- The row itself never changes when events come, so a long-running reader cannot make it bloat.
create table palabre_log.head (
  singleton   boolean primary key default true check (singleton),
  log_id      uuid    not null default gen_random_uuid(),
  incarnation integer not null default 1
);
insert into palabre_log.head default values;

-- A stream's number is the position of its first event. The command that opened it stands here too: most streams know no other.
create table palabre_log.streams (
  name          text    collate "C" primary key,
  stream_no     bigint  not null,
  last_position bigint  not null,
  revision      integer not null,
  opening_size  integer not null,
  opened_by     uuid    not null,
  opening_hash  text    collate "C" not null
) with (fillfactor = 80);

-- `json` keeps the text as it was written. Nothing queries inside it.
create table palabre_log.log (
  position    bigint         primary key,
  stream_no   bigint         not null,
  revision    integer        not null,
  version     smallint       not null,
  event_id    uuid           not null,
  recorded_at timestamptz(3) not null,
  type        text           collate "C" not null,
  stream      text           collate "C" not null,
  data        json           not null,
  meta        json           not null,
  unique (stream_no, revision)
);

-- What each later command did to a stream, so that a repeat gets the first answer.
create table palabre_log.commands (
  command_id     uuid           not null,
  stream_no      bigint         not null,
  first_position bigint         not null,
  size           integer        not null,
  recorded_at    timestamptz(3) not null,
  input_hash     text           collate "C" not null,
  primary key (command_id, stream_no)
);
-- For pruning alone: next to nothing on insert.
create index on palabre_log.commands using brin (recorded_at) with (pages_per_range = 32);

create function palabre_log.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'The log is append-only: % is refused.', tg_op using errcode = 'insufficient_privilege';
end $$;

create trigger append_only before update or delete or truncate on palabre_log.log
  for each statement execute function palabre_log.refuse_change();
alter table palabre_log.log enable always trigger append_only;

-- Appends a batch of appends, each to another stream, and answers one row of columns, in their order. Every parameter is a
-- column of values between unit separators (0x1F), which neither names nor JSON contain: a third of the cost of one JSON
-- document.
--   of each append: its command, the hash of its input, its stream, the revision it expects (-1: no events yet, -2: any,
--     -3: some) and how many events it has
--   of each event: which append it belongs to and where in it, both from 1; its id, type, version, data and metadata
-- The answer, by append: what became of it (appended, conflict, duplicate, reused), the position before its first event, the
-- revision that its stream had. Where there are duplicates also, for these: how many events their command appended the first
-- time, the revision then, the ids of the first and the last event.
create function palabre_log.append(
    commands text, hashes text, streams text, expectations text, sizes text,
    owners text, places text, ids text, types text, versions text, data text, meta text,
    out verdict text[], out before bigint[], out actual integer[],
    out repeated integer[], out reached integer[], out first_id uuid[], out last_id uuid[])
  language plpgsql as $$
#variable_conflict use_column
declare
  command    constant uuid[]     := string_to_array(commands, E'\x1f');
  hash       constant text[]     := string_to_array(hashes, E'\x1f');
  stream     constant text[]     := string_to_array(streams, E'\x1f');
  expected   constant bigint[]   := string_to_array(expectations, E'\x1f');
  length     constant integer[]  := string_to_array(sizes, E'\x1f');
  owner      constant integer[]  := string_to_array(owners, E'\x1f');
  place      constant integer[]  := string_to_array(places, E'\x1f');
  id         constant uuid[]     := string_to_array(ids, E'\x1f');
  kind       constant text[]     := string_to_array(types, E'\x1f');
  version    constant smallint[] := string_to_array(versions, E'\x1f');
  content    constant text[]     := string_to_array(data, E'\x1f');
  metadata   constant text[]     := string_to_array(meta, E'\x1f');
  head       bigint;
  recorded   timestamptz(3);
  -- By append: its stream's row and number, null for a new stream.
  place_of   tid[];
  number     bigint[];
begin
  perform 1 from palabre_log.head for update;
  -- The statements below see all that was committed before the lock was ours.
  select position, recorded_at into head, recorded from palabre_log.log order by position desc limit 1;
  head := coalesce(head, 0);
  recorded := greatest(date_trunc('milliseconds', clock_timestamp()), recorded);

  -- `offset 0` keeps each look-up a probe of an index, whatever the planner believes about sizes.
  select array_agg(outcome), array_agg(coalesce(first_position - 1, head + placed - length[n])),
         array_agg(found), array_agg(stream_no), array_agg(revision), array_agg(size)
    into verdict, before, place_of, number, actual, repeated
    from (select *, sum(case outcome when 'appended' then length[n] else 0 end) over (rows unbounded preceding) as placed
            from (select n, s.found, s.stream_no, coalesce(s.revision, -1) as revision, c.first_position, c.size,
                         case when c.input_hash = hash[n] then 'duplicate'
                              when c.input_hash is not null then 'reused'
                              when expected[n] = coalesce(s.revision, -1)
                                or expected[n] = -2
                                or (expected[n] = -3 and s.revision is not null) then 'appended'
                              else 'conflict' end as outcome
                    from generate_subscripts(stream, 1) as n
                    left join lateral (
                      select ctid as found, * from palabre_log.streams where name = stream[n] offset 0
                    ) s on true
                    left join lateral (
                      select s.stream_no, s.opening_size, s.opening_hash where s.opened_by = command[n]
                      union all
                      select first_position, size, input_hash from palabre_log.commands
                       where command_id = command[n] and stream_no = s.stream_no offset 0
                    ) c (first_position, size, input_hash) on true) as judged) as judged_in_order;

  if array_remove(place_of, null) <> '{}' then
    update palabre_log.streams
       set revision = actual[n] + length[n], last_position = before[n] + length[n]
      from generate_subscripts(verdict, 1) as n
     where verdict[n] = 'appended' and ctid = place_of[n];
    insert into palabre_log.commands (command_id, stream_no, first_position, size, recorded_at, input_hash)
    select command[n], number[n], before[n] + 1, length[n], recorded, hash[n]
      from generate_subscripts(verdict, 1) as n
     where verdict[n] = 'appended' and place_of[n] is not null;
  end if;
  with opened as (
    insert into palabre_log.streams (name, stream_no, last_position, revision, opening_size, opened_by, opening_hash)
    select stream[n], before[n] + 1, before[n] + length[n], length[n] - 1, length[n], command[n], hash[n]
      from generate_subscripts(verdict, 1) as n
     where verdict[n] = 'appended' and place_of[n] is null)
  insert into palabre_log.log (position, stream_no, revision, version, event_id, recorded_at, type, stream, data, meta)
  select before[owner[e]] + place[e], coalesce(number[owner[e]], before[owner[e]] + 1), actual[owner[e]] + place[e],
         version[e], id[e], recorded, kind[e], stream[owner[e]], content[e]::json, metadata[e]::json
    from generate_subscripts(owner, 1) as e
   where verdict[owner[e]] = 'appended';

  if 'duplicate' = any (verdict) then
    select array_agg(l.revision), array_agg(f.event_id), array_agg(l.event_id)
      into reached, first_id, last_id
      from generate_subscripts(verdict, 1) as n
      left join lateral (
        select event_id from palabre_log.log where position = before[n] + 1 and verdict[n] = 'duplicate' offset 0
      ) f on true
      left join lateral (
        select event_id, revision from palabre_log.log where position = before[n] + repeated[n] offset 0
      ) l on true;
  end if;
end $$;

-- One event of one command, in few and small statements: what a lone writer sends. Answers no row, and changes nothing,
-- when there is anything to decide; then `append` decides.
create function palabre_log.append_one(
    command uuid, hash text, stream text, expectation bigint, id uuid, type text, version smallint, data json, meta json)
  returns table (first_position bigint, revision integer)
  language plpgsql as $$
#variable_conflict use_variable
declare
  head     bigint;
  recorded timestamptz(3);
  number   bigint;
  actual   integer;
  opener   uuid;
begin
  perform 1 from palabre_log.head for update;
  select position, recorded_at into head, recorded from palabre_log.log order by position desc limit 1;
  head := coalesce(head, 0);
  recorded := greatest(date_trunc('milliseconds', clock_timestamp()), recorded);

  select s.stream_no, s.revision, s.opened_by into number, actual, opener from palabre_log.streams s where s.name = stream;
  if expectation <> coalesce(actual, -1) and expectation <> -2 and (expectation <> -3 or actual is null) then
    return;
  end if;
  if number is null then
    insert into palabre_log.streams (name, stream_no, last_position, revision, opening_size, opened_by, opening_hash)
    values (stream, head + 1, head + 1, 0, 1, command, hash);
  else
    perform 1 from palabre_log.commands c where c.command_id = command and c.stream_no = number;
    if found or opener = command then
      return;
    end if;
    update palabre_log.streams s set revision = actual + 1, last_position = head + 1 where s.name = stream;
    insert into palabre_log.commands (command_id, stream_no, first_position, size, recorded_at, input_hash)
    values (command, number, head + 1, 1, recorded, hash);
  end if;
  insert into palabre_log.log (position, stream_no, revision, version, event_id, recorded_at, type, stream, data, meta)
  values (head + 1, coalesce(number, head + 1), coalesce(actual, -1) + 1, version, id, recorded, type, stream, data, meta);
  return query select head + 1, coalesce(actual, -1) + 1;
end $$;
