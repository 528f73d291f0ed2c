import { EmbeddedPostgresError, startEmbeddedPostgres } from '../adapters/embedded-postgres/index.ts';
import type { Logger } from '../adapters/log-lines.ts';
import { migrate } from '../adapters/migrate.ts';
import type { Database } from '../adapters/postgres.ts';
import { sqlState } from '../adapters/postgres-faults.ts';
import type { Config } from '../config.ts';
import { LogUnavailable } from '../core/outage.ts';
import { Unusable } from './unusable.ts';

/** The deployment's Postgres, migrated: one's own, or the embedded one. */
export type OpenDatabase = { readonly database: Database; readonly close: () => Promise<void> };

export const openDatabase = async (config: Config, logger: Logger): Promise<OpenDatabase> => {
  const { connectionString, close } = config.databaseUrl
    ? { connectionString: config.databaseUrl, close: async () => {} }
    : await openEmbedded(config.dataDir, logger);
  const database = { connectionString };
  try {
    const applied = await migrate(database);
    if (applied.length > 0) logger.info({ migrations: applied.length }, 'The database was brought up to date.');
    return { database, close };
  } catch (error) {
    await close();
    throw databaseFault(error, config);
  }
};

const openEmbedded = async (dataDir: string, logger: Logger) => {
  try {
    const postgres = await startEmbeddedPostgres({ dataDir, onLog: (line) => logger.info(line) });
    return { connectionString: postgres.connectionString, close: () => postgres.stop() };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new Unusable(error.message, error);
    throw error;
  }
};

/** A database that cannot be used, in words that lead somewhere. Its address is told without its password. */
export const databaseFault = (
  error: unknown,
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
): unknown => {
  if (error instanceof LogUnavailable) return new Unusable(error.message, error);
  if (error instanceof Unusable) return error;
  const where = databaseUrl
    ? `the database ${addressOf(databaseUrl)} (DATABASE_URL)`
    : `the embedded database in ${dataDir}`;
  const { code = '', message } = error as { code?: string; message: string };
  const root = (error as { cause?: unknown }).cause ?? error;
  const state = sqlState(root) ?? '';
  if (
    /^(ECONN|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ETIMEDOUT)/.test(code) ||
    error instanceof AggregateError ||
    /timeout/i.test(message ?? '')
  )
    return new Unusable(
      `Palabre cannot reach ${where}: ${code || message}. Is it running, and may this machine reach it?`,
      error,
    );
  if (state.startsWith('28'))
    return new Unusable(`${capital(where)} refuses this user or password: ${messageOf(root)}.`, error);
  if (state === '3D000') return new Unusable(`${capital(where)} does not exist: create it first (createdb).`, error);
  if (state === '42501')
    return new Unusable(
      `${capital(where)} does not let this user create what Palabre needs: ${messageOf(root)}.`,
      error,
    );
  if (state === '53100')
    return new Unusable(
      `The disk of ${where} is full: make room, then start again. Nothing that was acknowledged is lost.`,
      error,
    );
  if (state.startsWith('53') || state.startsWith('57P'))
    return new Unusable(`${capital(where)} takes no sessions now: ${messageOf(root)}.`, error);
  // What the runner of migrations says itself is said for people.
  return isMigrationFault(error) ? new Unusable((error as Error).message, error) : error;
};

const isMigrationFault = (error: unknown) =>
  error instanceof Error && /^(Migration|Migrations|This database knows migration) /.test(error.message);

const addressOf = (databaseUrl: string) => {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `${hostname}:${port || '5432'}${pathname}`;
};

const messageOf = (error: unknown) => (error as Error).message;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
