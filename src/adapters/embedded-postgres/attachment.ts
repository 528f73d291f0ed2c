import pg from 'pg';
import { EmbeddedPostgresError } from './fault.ts';
import { findPostmaster, tryKill, waitUntilGone } from './postmaster.ts';
import { DATABASE, HOST, SUPERUSER } from './settings.ts';

/**
 * One process' claim on a server that several share: a session that holds a lock in common. The claim of a killed process
 * vanishes with its session, so nothing can go stale.
 */
export type Attachment = {
  readonly version: string;
  /** Resolves when the session is gone though nobody left. */
  readonly lost: Promise<void>;
  /** Gives the claim back. The last one to do so stops the server and waits for its clean end. */
  leave(): Promise<void>;
};

/** Any number would do, as long as it never changes. It counts in the maintenance database only, so nothing of ours can meet it. */
const CLAIM = 7_236_482_115;
/** The driver has both; its types do not know. */
type Session = pg.Client & { ref(): void; unref(): void };

const CLEAN_STOP_MS = 60_000;

export function connectionString(port: number, password: string, database = DATABASE): string {
  return `postgres://${SUPERUSER}:${password}@${HOST}:${port}/${database}`;
}

/** Undefined when the server is about to stop or is not there: look again. */
export async function attach(folder: string, port: number, password: string): Promise<Attachment | undefined> {
  const session = new pg.Client({
    connectionString: connectionString(port, password, 'postgres'),
    application_name: `palabre ${process.pid}`,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  }) as Session;
  const lost = new Promise<void>((resolve) => {
    session.on('error', () => resolve());
    session.on('end', () => resolve());
  });
  try {
    await session.connect();
    if (!(await ask(session, 'pg_try_advisory_lock_shared'))) {
      await session.end();
      return undefined;
    }
    const version = await prepare(session);
    // The claim lasts as long as the process; it must not make the process last.
    session.unref();
    return { version, lost, leave: () => leave(session, folder) };
  } catch (error) {
    await session.end().catch(() => undefined);
    if (isPassing(error)) return undefined;
    const { message } = error as Error;
    throw new EmbeddedPostgresError('START_FAILED', `The embedded Postgres on ${folder} refuses us: ${message}.`, {
      cause: error,
    });
  }
}

async function ask(session: pg.Client, lock: string): Promise<boolean> {
  const { rows } = await session.query<{ got: boolean }>(`select ${lock}($1) as got`, [CLAIM]);
  return rows[0]?.got === true;
}

async function prepare(session: pg.Client): Promise<string> {
  const { rows } = await session.query<{ version: string; there: boolean }>(
    "select current_setting('server_version') as version, exists (select from pg_database where datname = $1) as there",
    [DATABASE],
  );
  if (!rows[0]?.there) await session.query(`create database ${DATABASE}`).catch(ignoreDuplicate);
  return rows[0]?.version ?? '';
}

/** Two processes may attach to a new server at once; either one's database is the one. */
function ignoreDuplicate(error: { code?: string }): void {
  if (error.code !== '42P04' && error.code !== '23505') throw error;
}

/**
 * First the claim in common is released, then the exclusive one is tried: of several that leave at once exactly the last gets it,
 * and whoever comes meanwhile either spoils it or sees that the server is about to stop.
 */
async function leave(session: Session, folder: string): Promise<void> {
  try {
    session.ref();
    await ask(session, 'pg_advisory_unlock_shared');
    if (!(await ask(session, 'pg_try_advisory_lock'))) return;
    const server = await findPostmaster(folder);
    if (server === undefined) return;
    // SIGINT is Postgres' fast stop: sessions are ended, everything is written, the next start needs no recovery.
    tryKill(server.pid, 'SIGINT');
    if (await waitUntilGone(folder, server.pid, CLEAN_STOP_MS)) return;
    // What is acknowledged is in the journal: an immediate stop only makes the next start read it.
    tryKill(server.pid, 'SIGQUIT');
    await waitUntilGone(folder, server.pid, CLEAN_STOP_MS);
  } catch (error) {
    if (!isPassing(error)) throw error;
  } finally {
    await session.end().catch(() => undefined);
  }
}

/** The server starts, stops, ends sessions, or is not there at all. */
function isPassing(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const codes = [
    '57P01',
    '57P02',
    '57P03',
    '08006',
    '08003',
    '08001',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
  ];
  return codes.includes(code) || /terminated|timeout|closed|not queryable/i.test(message);
}
