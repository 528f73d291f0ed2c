import type { Pool } from 'pg';
import { projections } from '../projections/index.ts';
import { MasterKeyFileError, readMasterKey } from './adapters/keys/master-key.ts';
import { postgresKeys } from './adapters/keys/postgres-keys.ts';
import { openSealing, WrongMasterKey } from './adapters/keys/sealing.ts';
import type { Logger } from './adapters/log-lines.ts';
import { type Database, openPool } from './adapters/postgres.ts';
import { openPostgresLog } from './adapters/postgres-log/index.ts';
import { createReader, openPostgresTables, type PostgresReader } from './adapters/postgres-tables/index.ts';
import { createClosers } from './app/closers.ts';
import { databaseFault, openDatabase } from './app/database.ts';
import { createPeople } from './app/people.ts';
import { Unusable } from './app/unusable.ts';
import { type Config, parseMasterKey } from './config.ts';
import { type Catalogue, createCatalogue } from './core/catalogue.ts';
import type { EventLog } from './core/event-log.ts';
import { createExecute, type Execute } from './core/execute.ts';
import { createReadModels, type ReadModels } from './core/read-models.ts';
import type { Sealing } from './core/sealing.ts';
import { createStates, type States } from './core/states.ts';
import { abandonment, claims } from './domain/claim.ts';
import { domainEvents } from './domain/index.ts';
import { upcasts } from './domain/upcasts.ts';

/** The running parts, put together. */
export type App = {
  readonly config: Config;
  readonly logger: Logger;
  readonly database: Database;
  readonly log: EventLog;
  readonly catalogue: Catalogue;
  readonly sealing: Sealing;
  readonly states: States;
  readonly execute: Execute;
  readonly people: ReturnType<typeof createPeople>;
  /** The read models, as `projections` asked for. */
  readonly readModels: ReadModels;
  readonly reader: PostgresReader;
  /** Lets go of everything in the opposite order. Calling again waits for the first call. */
  close(): Promise<void>;
};

export type AppOptions = {
  readonly logger: Logger;
  /** `run` keeps the read models level with the log; `follow` only reads how far they are; `none` leaves them alone. */
  readonly projections: 'run' | 'follow' | 'none';
};

/** Opens database, keys, log and read models; throws `Unusable` with what to do where something is missing or wrong. */
export const openApp = async (config: Config, { logger, projections: mode }: AppOptions): Promise<App> => {
  const closers = createClosers();
  try {
    const { database, close } = await openDatabase(config, logger);
    closers.add('The database', close);
    const pool = openPool(database, { name: 'keys', max: 4 });
    closers.add('The key store', () => pool.end());
    const sealing = await openKeys(config, pool);
    const log = await openPostgresLog({ ...database, logger });
    closers.add('The log', () => log.close());

    const catalogue = createCatalogue(domainEvents, sealing, upcasts);
    const states = createStates(log, catalogue);
    closers.add('The states', keepFresh(states, log, await log.head(), logger));
    const execute = createExecute({ log, catalogue, sealing, states, claims: { aggregates: claims, abandonment } });
    const people = createPeople({ execute, states, sealing });
    const store = openPostgresTables(database);
    closers.add('The tables of the read models', () => store.close());
    const onTrouble = (error: unknown) => logger.error({ err: error }, 'A read model cannot go on for now.');
    const readModels = createReadModels({ log, store, projections, read: catalogue.read, onTrouble });
    closers.add('The read models', () => readModels.stop());
    if (mode === 'run') await readModels.run();
    if (mode === 'follow') await readModels.follow();
    const reader = createReader(store.pool, readModels);
    const parts = { config, logger, database, log, catalogue, sealing, states, execute, people, readModels, reader };
    return { ...parts, close: closers.close };
  } catch (error) {
    await closers.close().catch(() => {});
    throw databaseFault(error, config);
  }
};

const openKeys = async (config: Config, pool: Pool): Promise<Sealing> => {
  const { masterKey } = config;
  try {
    const key =
      masterKey.from === 'value'
        ? masterKey.key
        : await readMasterKey(masterKey.path, { ...masterKey, parse: parseMasterKey });
    return await openSealing(key, postgresKeys(pool));
  } catch (error) {
    if (error instanceof WrongMasterKey && masterKey.from === 'file')
      throw new Unusable(
        `The master key in ${masterKey.path} is not the one that this database was written with: put the first one back.`,
        error,
      );
    if (error instanceof WrongMasterKey || error instanceof MasterKeyFileError)
      throw new Unusable(error.message, error);
    throw error;
  }
};

/** Remembered states move on with what other processes append. */
const keepFresh = (states: States, log: EventLog, after: Awaited<ReturnType<EventLog['head']>>, logger: Logger) => {
  const stop = new AbortController();
  const followed = (async () => {
    for await (const { events } of log.subscribe({ after, signal: stop.signal })) states.observe(events);
  })().catch((error: unknown) => logger.error({ err: error }, 'Remembered states are no longer kept fresh.'));
  return () => {
    stop.abort();
    return followed;
  };
};
