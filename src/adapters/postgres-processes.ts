import type { Pool } from 'pg';
import type { ProcessStore } from '../core/process-store.ts';
import { quoted } from './postgres-tables/ddl.ts';

type Place = { position: bigint; event_id: string };
type Progress = Place & { process: string; since_position: bigint; since_event_id: string; begun_at: Date };
type TimerRow = {
  name: string;
  due_at: string;
  command: string;
  input: string;
  by: string;
  n: number;
  called_position: bigint;
  correlation: string;
};

const cursorOf = ({ position, event_id }: Place) => ({ position, eventId: event_id });
const beginningOf = ({ since_position, since_event_id, begun_at }: Progress) => ({
  since: { position: since_position, eventId: since_event_id },
  begunAt: begun_at,
});

/** What processes remember, in a database that `migrate` has brought up to date. */
export const postgresProcesses = (pool: Pool): ProcessStore => ({
  async begin(process, head, now) {
    await pool.query(
      `insert into palabre_processes.progress (process, since_position, since_event_id, position, event_id, begun_at)
       values ($1, $2, $3, $2, $3, $4) on conflict do nothing`,
      [process, head.position, head.eventId, now],
    );
    const { rows } = await pool.query<Progress>('select * from palabre_processes.progress where process = $1', [
      process,
    ]);
    const [row] = rows;
    if (!row) throw new Error(`The progress of the process "${process}" is gone: it was there a moment ago.`);
    return { ...beginningOf(row), cursor: cursorOf(row) };
  },

  async advance(process, { position, eventId }) {
    await pool.query(
      `update palabre_processes.progress set position = $2, event_id = $3, updated_at = now()
        where process = $1 and position < $2`,
      [process, position, eventId],
    );
  },

  async timers(process, schema, { since, begunAt }, limit) {
    const tables = quoted(schema);
    const isSettled = `select from palabre_processes.settled where process = $1 and set_by = "setBy" and n = "setN"`;
    const { rows } = await pool.query<TimerRow>(
      `select name, "setCommand" as command, "setInput" as input, "setBy" as by, "setN" as n,
              "setCorrelationId" as correlation, called_position,
              to_char("dueAt" at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as due_at
         from ((select *, "setDueAt" as "dueAt", 0::bigint as called_position from ${tables}.timers
                 where ("setPosition" > $2 or "setDueAt" > $4) and "setDueAt" is not null and not exists (${isSettled})
                 order by "setDueAt", "setPosition", "setN" limit $3)
               union all
               (select timers.*, "madeAt", "madePosition" from ${tables}.calls join ${tables}.timers on "setCall" = call
                 where "madePosition" > greatest("setPosition", $2) and not exists (${isSettled} and called_position >= "madePosition")
                 order by "madeAt", "setPosition", "setN" limit $3)) as due
        order by "dueAt", "setPosition", "setN"
        limit $3`,
      [process, since.position, limit, begunAt],
    );
    return rows.map(({ name, due_at, command, input, by, n, called_position, correlation }) => ({
      name,
      dueAt: due_at,
      command,
      input: JSON.parse(input),
      setBy: by,
      n,
      calledAt: called_position,
      correlationId: correlation,
    }));
  },

  async settle(process, { setBy, n, calledAt }) {
    await pool.query(
      `insert into palabre_processes.settled as s (process, set_by, n, called_position) values ($1, $2, $3, $4)
       on conflict (process, set_by, n) do update set called_position = greatest(s.called_position, excluded.called_position)`,
      [process, setBy, n, calledAt],
    );
  },

  async tidy(process, schema) {
    await pool.query(
      `delete from palabre_processes.settled s
        where process = $1
          and not exists (select from ${quoted(schema)}.timers where "setBy" = s.set_by and "setN" = s.n)`,
      [process],
    );
  },

  async tellFault(process, fault) {
    await pool.query(
      `update palabre_processes.progress set fault = $2, updated_at = now()
        where process = $1 and fault is distinct from $2`,
      [process, fault],
    );
  },

  async records(processes, leases) {
    const { rows } = await pool.query<Progress & { fault: string | null; owner: string | null }>(
      `select p.*, (select format('session %s', l.owner_pid) from palabre_projections.leases l
                     where l.name = wanted.lease and l.owner_pid is not null
                       and l.expires_at > clock_timestamp()) as owner
         from unnest($1::text[], $2::text[]) as wanted(process, lease)
         join palabre_processes.progress p using (process)`,
      [processes, processes.map((process) => leases.get(process) ?? '')],
    );
    return new Map(
      rows.map((row) => [
        row.process,
        { ...beginningOf(row), cursor: cursorOf(row), fault: row.fault, owner: row.owner },
      ]),
    );
  },
});
