import { openMemoryLog } from '../../../src/adapters/memory-log.ts';
import { migrate } from '../../../src/adapters/migrate.ts';
import { openPostgresTables } from '../../../src/adapters/postgres-tables/index.ts';
import { createReadModels, type ReadModelOptions } from '../../../src/core/read-models.ts';
import { freshDatabase } from '../../support/database.ts';
import { read } from './ledger.ts';

/** A log, a database for tables, and any number of processes that lead or follow the projections. */
export const openWorld = async () => {
  const [log, database] = await Promise.all([openMemoryLog(), freshDatabase()]);
  const { connectionString } = database;
  await migrate({ connectionString });
  const store = openPostgresTables({ connectionString });
  const closing: (() => Promise<unknown>)[] = [];

  return {
    log,
    store,
    pool: store.pool,

    /** The read models of one more process, which has connections of its own. */
    process(options: Pick<ReadModelOptions, 'projections'> & Partial<ReadModelOptions>) {
      const own = openPostgresTables({ connectionString });
      const troubles: unknown[] = [];
      const models = createReadModels({
        log,
        store: own,
        read,
        leases: { seconds: 15, askEvery: 20 },
        onTrouble: (error) => troubles.push(error),
        ...options,
      });
      const end = async () => {
        await models.stop();
        await own.close();
      };
      closing.push(end);
      return { models, store: own, troubles, end };
    },

    async close() {
      await Promise.allSettled(closing.map((end) => end()));
      await store.close();
      await log.close();
      await database.drop();
    },
  };
};

export type World = Awaited<ReturnType<typeof openWorld>>;
