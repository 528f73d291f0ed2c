import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CLI } from '../support/palabre.ts';

const root = new URL('../../', import.meta.url).pathname;

/** The port of a server that was killed may be lent to a connection for a moment; a busy machine may be slow to take sessions. */
const PASSES = /is taken|takes no sessions/;

/** How much of what the server said last is kept for an error. */
const SAID = 8_000;

/** A real server process on a real embedded database, to be killed at will. */
export type Deployment = {
  readonly url: string;
  readonly token: string;
  /** Starts the server unless it runs, and returns once it is ready. */
  start(): Promise<void>;
  /** Starts the server without waiting for it. */
  launch(): void;
  /** SIGKILL; returns once the process is gone. */
  killServer(): Promise<void>;
  /** SIGKILL; a server that runs has to bring its database back by itself. */
  killDatabase(): Promise<void>;
  /** Runs a verb to its end and answers what it printed. */
  run(...verb: string[]): Promise<string>;
  remove(): Promise<void>;
};

export const deploy = async (): Promise<Deployment> => {
  const folder = await mkdtemp(join(tmpdir(), 'palabre-faults-'));
  const dataDir = join(folder, 'data');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    PALABRE_DATA_DIR: dataDir,
    PORT: String(port),
    HOST: '127.0.0.1',
    LOG_LEVEL: 'error',
    DATABASE_URL: '',
  };
  let server: ChildProcess | undefined;
  let said = '';

  const run = async (...verb: string[]) => {
    const { stdout } = await promisify(execFile)(process.execPath, [...CLI, ...verb], {
      cwd: root,
      env,
      maxBuffer: 1 << 30,
    });
    return stdout;
  };

  const runs = () => server !== undefined && server.exitCode === null && server.signalCode === null;

  const launch = () => {
    if (runs()) return;
    said = '';
    server = spawn(process.execPath, [...CLI, 'start', '--no-demo'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [server.stdout, server.stderr])
      stream?.on('data', (text) => {
        said = (said + text).slice(-SAID);
      });
  };

  const start = async () => {
    launch();
    for (const deadline = Date.now() + 120_000; ; await sleep(50)) {
      if (await isReady(url)) return;
      if (!runs() && PASSES.test(said)) launch();
      else if (!runs()) throw new Error(`The server ended:\n${said}`);
      if (Date.now() > deadline) throw new Error(`The server is not ready after two minutes:\n${said}`);
    }
  };

  const killServer = async () => {
    if (!server || !runs()) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };

  const killDatabase = async () => {
    const pid = Number(
      (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
    );
    // What the file of a server that is dead already names may be somebody else by now.
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
    if (name.trim() !== 'postgres' && process.platform === 'linux') return;
    try {
      if (pid) process.kill(pid, 'SIGKILL');
    } catch {
      // It has died since it was looked at.
    }
  };

  await start();
  const token = (await run('token', '--role', 'admin')).trim().split('\n').at(-1) ?? '';
  return {
    url,
    token,
    start,
    launch,
    killServer,
    killDatabase,
    run,
    remove: async () => {
      if (server && runs()) {
        const gone = once(server, 'exit');
        server.kill('SIGTERM');
        await gone;
      }
      // Without a server nobody stops the database.
      await killDatabase().catch(() => {});
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

const isReady = (url: string) =>
  fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) }).then(
    (response) => response.ok,
    () => false,
  );

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
};
