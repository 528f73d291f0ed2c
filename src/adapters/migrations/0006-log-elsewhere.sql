-- The log may stand elsewhere, or be moved there: what this database then still holds of one takes no more appends.

-- `followed_*`: which log the read models, processes and webhooks of this database are about, once it is not its own.
alter table palabre_log.head
  add column read_only            boolean not null default false,
  add column followed_log_id      uuid,
  add column followed_incarnation integer;

create function palabre_log.refuse_when_read_only() returns trigger language plpgsql as $$
begin
  -- Whoever inserts holds the row's lock, or waits for it: nothing is inserted after this was set.
  -- A copy into this database is the one writer that this does not concern.
  if (select read_only from palabre_log.head) and current_setting('palabre.copying', true) is distinct from 'on' then
    raise exception 'The log is read-only: it is being moved, or was moved.' using errcode = 'read_only_sql_transaction';
  end if;
  return null;
end $$;

create trigger read_only before insert on palabre_log.log
  for each statement execute function palabre_log.refuse_when_read_only();
