import { getHeapStatistics } from 'node:v8';
import { projections } from '../projections/index.ts';
import type { Logger } from './adapters/log-lines.ts';
import { openTracing } from './adapters/open-telemetry.ts';
import { type Database, openPool } from './adapters/postgres.ts';
import { postgresProcesses } from './adapters/postgres-processes.ts';
import {
  createReader,
  openPostgresTables,
  type PostgresReader,
  type PostgresTables,
} from './adapters/postgres-tables/index.ts';
import { openPrometheus, type Prometheus } from './adapters/prometheus.ts';
import { createAnswers } from './app/answers.ts';
import { createClosers } from './app/closers.ts';
import { databaseFault, openDatabase } from './app/database.ts';
import { openKeys } from './app/keys.ts';
import { openLog } from './app/log.ts';
import { createOperations, type Operations } from './app/operations.ts';
import { createPeople } from './app/people.ts';
import { packageVersion } from './app/version.ts';
import {
  batchesInto,
  watchDatabase,
  watchedExecute,
  watchedLog,
  watchReadModels,
  watchWebhooks,
} from './app/watched.ts';
import type { Config } from './config.ts';
import type { LongRun } from './core/builder.ts';
import { type Catalogue, createCatalogue } from './core/catalogue.ts';
import type { Answer, Question } from './core/decider.ts';
import type { EventLog } from './core/event-log.ts';
import { createExecute, type Execute } from './core/execute.ts';
import { type Measures, unmeasured } from './core/measures.ts';
import { timersOf } from './core/process.ts';
import { createProcesses, type Processes } from './core/processes.ts';
import { createReadModels, type ReadModels } from './core/read-models.ts';
import type { Sealing } from './core/sealing.ts';
import { createStates, type States } from './core/states.ts';
import type { Tracing } from './core/tracing.ts';
import { abandonment, claims } from './domain/claim.ts';
import { domainEvents } from './domain/index.ts';
import { upcasts } from './domain/upcasts.ts';
import { processes } from './processes/index.ts';

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
  /** What acts by itself: deadlines, openings. They run where the read models are kept level. */
  readonly processes: Processes;
  /** Builds what is missing, then keeps the read models level and the processes running until `close`. */
  run(work?: LongRun): Promise<void>;
  readonly reader: PostgresReader;
  readonly tables: PostgresTables;
  /** Machine keys and webhooks. */
  readonly operations: Operations;
  /** Where figures for operators go, and where those who have some say what they are. */
  readonly measures: Measures;
  /** The same figures as they are served; null where nobody asked for them. */
  readonly prometheus: Prometheus | null;
  readonly tracing: Tracing;
  /** Lets go of everything in the opposite order. Calling again waits for the first call. */
  close(): Promise<void>;
};

export type AppOptions = {
  readonly logger: Logger;
  /** `run` keeps the read models level with the log and runs the processes; `follow` only reads how far they are; `none` leaves them alone. */
  readonly projections: 'run' | 'follow' | 'none';
  /** `spared`: with the master key missing or lost the parts open all the same, and refuse to seal and to open. */
  readonly masterKey?: 'required' | 'spared';
};

/** A rebuild may take half of the heap that this process may have; a row and what is known of it takes so many bytes. */
const ROWS_IN_MEMORY = Math.floor(getHeapStatistics().heap_size_limit / 2 / 640);

/** Opens database, keys, log and read models; throws `Unusable` with what to do where something is missing or wrong. */
export const openApp = async (
  config: Config,
  { logger, projections: mode, masterKey = 'required' }: AppOptions,
): Promise<App> => {
  const closers = createClosers();
  try {
    const { database, close } = await openDatabase(config, logger);
    closers.add('The database', close);
    const pool = openPool(database, { name: 'keys', max: 4 });
    closers.add('The key store', () => pool.end());
    const { sealing, vault } = await openKeys(config, pool, masterKey);
    const prometheus = config.edge.metricsPort === null ? null : openPrometheus();
    const measures = prometheus ?? unmeasured;
    const tracing = openTracing(projections.map(({ name }) => name));
    const opened = await openLog(config, database, {
      logger,
      ...(prometheus && { onBatch: batchesInto(measures) }),
    });
    const log = watchedLog(opened, measures, tracing);
    closers.add('The log', () => log.close());

    const catalogue = createCatalogue(domainEvents, sealing, upcasts);
    const states = createStates(log, catalogue);
    closers.add('The states', keepFresh(states, log, await log.head(), logger));
    let ask: (question: Question) => Promise<Answer | null> = async () => null;
    const executing = createExecute({
      ...{ log, catalogue, sealing, states },
      claims: { aggregates: claims, abandonment },
      ask: (question) => ask(question),
    });
    const execute = watchedExecute(executing, tracing);
    const people = createPeople({ execute, states, sealing });
    const operationsPool = openPool(database, { name: 'operations', max: 6 });
    closers.add('What integrations run on', () => operationsPool.end());
    const operations = createOperations({
      pool: operationsPool,
      vault,
      hash: sealing.hash,
      people,
      addresses: config.webhooks,
    });
    watchWebhooks(operations.webhooks, measures);
    const store = openPostgresTables(database);
    closers.add('The tables of the read models', () => store.close());
    const onTrouble = (error: unknown) => logger.error({ err: error }, 'A read model cannot go on for now.');
    const timers = processes.flatMap((process) => timersOf(process) ?? []);
    const read = catalogue.read;
    const readModels = createReadModels({
      ...{ log, store, read, onTrouble },
      projections: [...projections, ...timers],
      rowsInMemory: ROWS_IN_MEMORY,
    });
    closers.add('The read models', () => readModels.stop());
    watchReadModels(readModels, measures, tracing);
    const acting = createProcesses({
      ...{ log, execute, read, readModels, processes },
      store: postgresProcesses(store.pool),
      sessions: store,
      onTrouble: (error) => logger.error({ err: error }, 'A process cannot go on for now.'),
    });
    closers.add('The processes', () => acting.stop());
    const run = async (work?: LongRun) => {
      await readModels.run(work);
      await acting.run();
    };
    if (mode === 'run') await run();
    if (mode === 'follow') await readModels.follow();
    // A pool of its own: what people ask has a time limit, and neither waits for the other.
    const reading = openPool(database, { name: 'reading', statementTimeout: config.edge.limits.STATEMENT_MS });
    closers.add('The readers', () => reading.end());
    const pools = { reading, keys: pool, operations: operationsPool, projections: store.pool };
    watchDatabase(
      { log, processes: acting, readModels, pools, oldestDue: operations.webhooks.oldestDue },
      packageVersion(),
      measures,
    );
    const reader = createReader(reading, readModels);
    ask = createAnswers({ log, readModels, reader });
    const running = { log, catalogue, sealing, states, execute, people, readModels, reader };
    const parts = { config, logger, database, ...running, processes: acting, tables: store, operations };
    return { ...parts, measures, prometheus, tracing, run, close: closers.close };
  } catch (error) {
    await closers.close().catch(() => {});
    throw databaseFault(error, config);
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
