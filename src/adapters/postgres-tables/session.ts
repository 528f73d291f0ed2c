import type { LeaseSession } from '../../core/table-store.ts';
import { type Database, newClient } from '../postgres.ts';

// Who holds a lease is seen in pg_stat_activity; a session that may not be looked at counts as alive until its time is out.
const ACQUIRE = `
  update palabre_projections.leases l
     set epoch = l.epoch + 1,
         owner_pid = pg_backend_pid(),
         owner_start = (select backend_start from pg_stat_activity where pid = pg_backend_pid()),
         expires_at = clock_timestamp() + make_interval(secs => $2)
   where name = any($1)
     and (expires_at < clock_timestamp() or owner_pid is null
          or not exists (select from pg_stat_activity a
                          where a.pid = l.owner_pid and (a.backend_start = l.owner_start or a.backend_start is null)))
  returning name, epoch`;

const MINE = `name = any($1) and owner_pid = pg_backend_pid()
     and owner_start = (select backend_start from pg_stat_activity where pid = pg_backend_pid())`;

const RENEW = `
  update palabre_projections.leases set expires_at = clock_timestamp() + make_interval(secs => $2)
   where ${MINE} returning name`;

const RELEASE = `
  update palabre_projections.leases set owner_pid = null, owner_start = null, expires_at = '-infinity' where ${MINE}`;

const ANSWER_TIMEOUT = 10_000;

/** A connection that does nothing but hold leases: when it ends, whoever looks knows that they are free. */
export const openSession = async (database: Database): Promise<LeaseSession> => {
  const client = newClient(database, { name: 'leases', answerTimeout: ANSWER_TIMEOUT });
  // The next statement tells of a broken connection.
  client.on('error', () => {});
  await client.connect();
  const prepared = new Set<string>();
  return {
    async acquire(names, seconds) {
      const unknown = names.filter((name) => !prepared.has(name));
      if (unknown.length > 0)
        await client.query(
          'insert into palabre_projections.leases (name) select unnest($1::text[]) on conflict do nothing',
          [unknown],
        );
      for (const name of unknown) prepared.add(name);
      const { rows } = await client.query<{ name: string; epoch: bigint }>(ACQUIRE, [names, seconds]);
      return new Map(rows.map(({ name, epoch }) => [name, Number(epoch)]));
    },
    async renew(names, seconds) {
      const { rows } = await client.query<{ name: string }>(RENEW, [names, seconds]);
      return new Set(rows.map(({ name }) => name));
    },
    async release(names) {
      await client.query(RELEASE, [names]);
    },
    close: () => client.end(),
  };
};
