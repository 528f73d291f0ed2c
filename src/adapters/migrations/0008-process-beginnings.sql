-- What was due before a process began stays undone; what was set before and is due later, it takes over.

alter table palabre_processes.progress add column begun_at timestamptz not null default now();
