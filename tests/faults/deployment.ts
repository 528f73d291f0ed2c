import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const root = new URL('../../', import.meta.url).pathname;
const palabre = ['--import', 'tsx', join(root, 'src/cli.ts')];

/** A real server process on a real embedded database, to be killed at will. */
export type Deployment = {
  readonly url: string;
  readonly token: string;
  start(): Promise<void>;
  /** SIGKILL; returns once the process is gone. */
  killServer(): Promise<void>;
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
    const { stdout } = await promisify(execFile)(process.execPath, [...palabre, ...verb], {
      cwd: root,
      env,
      maxBuffer: 1 << 30,
    });
    return stdout;
  };

  const start = async () => {
    said = '';
    server = spawn(process.execPath, [...palabre, 'start', '--no-demo'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server.stdout?.on('data', (text) => (said += text));
    server.stderr?.on('data', (text) => (said += text));
    const { exitCode } = server;
    for (const deadline = Date.now() + 60_000; ; ) {
      if (await isReady(url)) return;
      if (server.exitCode !== null || exitCode !== null) throw new Error(`The server ended at start:\n${said}`);
      if (Date.now() > deadline) throw new Error(`The server is not ready after a minute:\n${said}`);
      await sleep(50);
    }
  };

  const killServer = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };

  const killDatabase = async () => {
    const pid = Number(
      (await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0],
    );
    if (!pid) return;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {}
  };

  await start();
  const token = (await run('token', '--role', 'admin')).trim().split('\n').at(-1) ?? '';
  return {
    url,
    token,
    start,
    killServer,
    killDatabase,
    run,
    remove: async () => {
      if (server && server.exitCode === null && server.signalCode === null) {
        const gone = once(server, 'exit');
        server.kill('SIGTERM');
        await gone;
      }
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
