-- An order that waits for a call is given at each one, until it is stopped: `called_position` is the position of the last one that was answered.
alter table palabre_processes.settled add column called_position bigint not null default 0;
