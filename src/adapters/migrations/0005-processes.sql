-- How far each process is, and which of its timers have led to their command. What can be folded from the log, the timers
-- themselves, stands with the read models.

create schema palabre_processes;

-- What stands in the log up to `since` was there before the process: it does nothing about that.
create table palabre_processes.progress (
  process        text   collate "C" primary key,
  since_position bigint not null,
  since_event_id uuid   not null,
  position       bigint not null,
  event_id       uuid   not null,
  fault          text,
  updated_at     timestamptz not null default now()
) with (fillfactor = 50);

-- A timer is known by the event that set it.
create table palabre_processes.settled (
  process    text    collate "C" not null,
  set_by     uuid    not null,
  n          integer not null,
  primary key (process, set_by, n)
);
