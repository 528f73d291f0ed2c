import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** One native Postgres that all contenders share, a database each: durability and everything else as it comes. */
export type NativePostgres = AsyncDisposable & {
  readonly bin: string;
  readonly port: number;
  /** An empty database of this name. */
  database(name: string): Promise<string>;
};

/** What is not as it comes: room, so that checkpoints of one contender do not fall into the time of another. */
export const SETTINGS = { shared_buffers: '1GB', max_wal_size: '8GB', max_connections: '300' };

const PATIENCE_MS = 30_000;

/** Throws where this machine has no Postgres of its own: the embedded one brings neither psql nor pgbench. */
export const startNativePostgres = async (): Promise<NativePostgres> => {
  const bin = await findBinaries();
  // The server refuses to run as root, so root lends it the user that the distribution made for it.
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  const dir = await mkdtemp(join(tmpdir(), 'palabre-peers-'));
  if (user.uid !== undefined) chownSync(dir, user.uid, user.gid);
  const data = join(dir, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-locale', '-E', 'UTF8'], {
    ...user,
    cwd: dir,
    stdio: 'ignore',
  });
  const port = await freePort();
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const own = ['-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${dir}`];
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...own, ...settings], {
    ...user,
    cwd: dir,
    stdio: 'ignore',
  });
  const abandon = () => server.kill('SIGQUIT');
  process.once('exit', abandon);
  const urlOf = (name: string) => `postgres://postgres@127.0.0.1:${port}/${name}`;
  await answering(urlOf('postgres'));

  return {
    bin,
    port,
    database: async (name) => {
      await run(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    [Symbol.asyncDispose]: async () => {
      process.off('exit', abandon);
      const gone = once(server, 'exit');
      server.kill('SIGINT');
      await gone;
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

const findBinaries = async (): Promise<string> => {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? await readdir(home) : [];
  const found = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(home, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  const bin = process.env.PALABRE_BENCH_POSTGRES_BIN ?? found;
  if (bin) return bin;
  throw new Error(
    'There is no native Postgres here. Install one (Debian: apt install postgresql), ' +
      'or name the folder of its programs in PALABRE_BENCH_POSTGRES_BIN.',
  );
};

const idOf = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (typeof address !== 'object' || !address) throw new Error('There is no free port.');
  return address.port;
};

const answering = async (url: string) => {
  for (const end = performance.now() + PATIENCE_MS; ; ) {
    try {
      return await run(url, 'select 1');
    } catch (error) {
      if (performance.now() > end) throw error;
      await pause(50);
    }
  }
};

const run = async (connectionString: string, statement: string): Promise<void> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
};
