import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/index.ts';

export type ThrowAwayDatabase = AsyncDisposable & { readonly connectionString: string };

/** An empty database: on the server of DATABASE_URL where it is set, else on an embedded Postgres of its own. */
export const throwAwayDatabase = (): Promise<ThrowAwayDatabase> =>
  process.env.DATABASE_URL ? onServer(process.env.DATABASE_URL) : embedded();

const onServer = async (server: string): Promise<ThrowAwayDatabase> => {
  const name = `palabre_bench_${randomBytes(6).toString('hex')}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  await run(server, `create database ${name}`);
  const drop = () => run(server, `drop database if exists ${name} with (force)`);
  return { connectionString: url.href, [Symbol.asyncDispose]: drop };
};

const embedded = async (): Promise<ThrowAwayDatabase> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'palabre-bench-'));
  // Postgres may run as another user than root, who then has to get through.
  await chmod(dataDir, 0o755);
  const { connectionString, stop } = await startEmbeddedPostgres({ dataDir });
  const remove = async () => {
    await stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  return { connectionString, [Symbol.asyncDispose]: remove };
};

const run = async (connectionString: string, statement: string) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
