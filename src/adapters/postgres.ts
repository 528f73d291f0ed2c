import pg from 'pg';
import { storageFault } from './postgres-faults.ts';

/** How to reach a database: what `pg` takes, a connection string or its parts. */
export type Database = Pick<
  pg.PoolConfig,
  'connectionString' | 'host' | 'port' | 'user' | 'password' | 'database' | 'ssl'
>;

export type SessionOptions = {
  /** What `pg_stat_activity` shows after "palabre ". */
  readonly name: string;
  /** The server ends a statement that takes longer, in milliseconds; without it, never. */
  readonly statementTimeout?: number;
  /** We give up on a statement that has no answer after so many milliseconds; without it, never. */
  readonly answerTimeout?: number;
};

export type PoolOptions = SessionOptions & { readonly max?: number };

const CONNECT_TIMEOUT = 5_000;
const DEFAULT_CONNECTIONS = 10;

// JSON stays text, so that whoever reads it decides when, and whether, it is parsed.
const readers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, BigInt],
  [pg.types.builtins.JSON, String],
  [pg.types.builtins.JSONB, String],
]);

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    (format !== 'binary' && readers.get(oid as number)) || pg.types.getTypeParser(oid as number, format as 'text'),
};

/** Values as the server writes them, for readers that know their columns and are in a hurry. */
export const asText: pg.CustomTypesConfig = { getTypeParser: () => String };

const session = (database: Database, { name, statementTimeout, answerTimeout }: SessionOptions) => ({
  ...database,
  application_name: `palabre ${name}`,
  connectionTimeoutMillis: CONNECT_TIMEOUT,
  keepAlive: true,
  types,
  ...(statementTimeout === undefined ? {} : { statement_timeout: statementTimeout }),
  ...(answerTimeout === undefined ? {} : { query_timeout: answerTimeout }),
});

/**
 * A pool of connections that read int8 as BigInt and leave JSON as text. A connection that breaks is replaced. What goes wrong with storage
 * is thrown as an error of `core/outage.ts`, whichever way it was asked.
 */
export const openPool = (database: Database, { max = DEFAULT_CONNECTIONS, ...options }: PoolOptions): pg.Pool => {
  const pool = new pg.Pool({ ...session(database, options), max });
  // Without a listener a broken connection would end the process. An idle one has left the pool already; of one that is lent
  // out, and between two statements at that moment, the next statement tells.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    client.query = withStorageFaults(client.query.bind(client));
  });
  pool.query = withStorageFaults(pool.query.bind(pool));
  pool.connect = withStorageFaults(pool.connect.bind(pool));
  return pool;
};

/** The same function, except that a promise of it is rejected with what the error means for whoever asked. */
const withStorageFaults = <F>(run: F): F =>
  ((...given: readonly unknown[]) => {
    const outcome = (run as (...given: readonly unknown[]) => unknown)(...given);
    return outcome instanceof Promise
      ? outcome.catch((error: unknown) => {
          throw storageFault(error);
        })
      : outcome;
  }) as F;

/** One connection of its own, with the same reading of values as a pool's. The caller connects and ends it. */
export const newClient = (database: Database, options: SessionOptions): pg.Client =>
  new pg.Client(session(database, options));
