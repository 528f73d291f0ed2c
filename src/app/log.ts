import { KurrentFault, openKurrentLog } from '../adapters/kurrentdb-log/index.ts';
import type { Logger } from '../adapters/log-lines.ts';
import { type Database, openPool } from '../adapters/postgres.ts';
import { type Standing, setFollowed, standingOf } from '../adapters/postgres-log/followed.ts';
import { openPostgresLog } from '../adapters/postgres-log/index.ts';
import type { Config } from '../config.ts';
import type { EventLog } from '../core/event-log.ts';
import { isSameLog, type LogIdentity } from '../core/position.ts';
import { Unusable } from './unusable.ts';

type Options = {
  readonly logger: Logger;
  readonly onBatch?: ((waitedMs: readonly number[]) => void) | undefined;
};

/**
 * The deployment's log, wherever it stands. Read models, keys and everything else in the database belong to one log, and to one
 * life of it: another one is refused, with what to do.
 */
export const openLog = async (
  { kurrentdb }: Pick<Config, 'kurrentdb'>,
  database: Database,
  options: Options,
): Promise<EventLog> => {
  const pool = openPool(database, { name: 'standing', max: 1 });
  try {
    const standing = await standingOf(pool);
    if (!kurrentdb) {
      assertOwn(standing);
      return await openPostgresLog({ ...database, ...options });
    }
    assertEmpty(standing);
    const log = await openKurrentLog({ ...kurrentdb, ...options, identity: standing.followed ?? standing.own });
    try {
      await assertFollowed(pool, standing, log.identity, kurrentdb.address);
      return log;
    } catch (error) {
      await log.close();
      throw error;
    }
  } catch (error) {
    throw error instanceof KurrentFault ? new Unusable(error.message, error) : error;
  } finally {
    await pool.end();
  }
};

const named = ({ logId, incarnation }: LogIdentity) => `${logId}, incarnation ${incarnation}`;

const assertOwn = ({ followed }: Standing) => {
  if (followed)
    throw new Unusable(
      `This database belongs to a log that stands on a KurrentDB (${named(followed)}): set KURRENTDB_URL, or move the log ` +
        'back first with `palabre log copy`.',
    );
};

const assertEmpty = ({ own, hasEvents, followed }: Standing) => {
  if (hasEvents && !followed)
    throw new Unusable(
      `KURRENTDB_URL is set, but this database holds a log of its own (${named(own)}): move it there first with ` +
        '`palabre log copy --from <this database> --to <KURRENTDB_URL>`, or unset KURRENTDB_URL.',
    );
};

const assertFollowed = async (
  pool: Parameters<typeof setFollowed>[0],
  { own, followed }: Standing,
  log: LogIdentity,
  address: string,
) => {
  if (followed && isSameLog(followed, log)) return;
  if (followed)
    throw new Unusable(
      `This database belongs to the log ${named(followed)}, but the KurrentDB at ${address} holds ${named(log)}: one of them was ` +
        'exchanged or restored without the other. Name the right ones, or restore both.',
    );
  if (log.logId !== own.logId)
    throw new Unusable(
      `The KurrentDB at ${address} holds the log ${named(log)}, which this database was never used with: without the keys of its ` +
        'own database nobody can read the personal data in it. Set DATABASE_URL to that one.',
    );
  await setFollowed(pool, log);
};
