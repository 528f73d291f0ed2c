import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/index.ts';
import { openDemoIssuer } from '../../../src/adapters/identity/index.ts';
import { openLogLines } from '../../../src/adapters/log-lines.ts';
import { type App, openApp } from '../../../src/app.ts';
import { loadConfig } from '../../../src/config.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const cli = join(root, 'dist/src/cli.js');
const BUILD_MINUTES = 15;

/** A throw-away deployment: an embedded Postgres that lives as long as it, and a server process when asked for. */
export type Deployment = AsyncDisposable & {
  readonly connectionString: string;
  /** Runs with the parts in this process, read models left alone: for filling the log. */
  withApp<R>(work: (app: App) => Promise<R>): Promise<R>;
  /** Starts the compiled server as it ships, and waits until every read model is level with the log. */
  startServer(): Promise<BenchServer>;
  /** A token of a member, or of a role: `role:admin`. */
  token(subject: string, roles?: readonly string[]): Promise<string>;
};

export type BenchServer = {
  readonly graphql: URL;
  readonly pid: number;
  /** The processor time of the server process so far, in milliseconds; NaN where the system does not tell. */
  cpuMs(): number;
  /** The memory that the server process holds now, in MiB; NaN where the system does not tell. */
  memoryMiB(): number;
  stop(): Promise<void>;
};

export const deploy = async (variables: NodeJS.ProcessEnv = {}): Promise<Deployment> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'palabre-bench-'));
  // Postgres may run as another user than root, who then has to get through.
  await chmod(dataDir, 0o755);
  const environment = { PALABRE_DATA_DIR: dataDir, PORT: '0', LOG_LEVEL: 'warn', ...variables };
  const postgres: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir });
  const servers = new Set<BenchServer>();
  // A bench that fails leaves nothing running behind it.
  const abandon = () => killPostmaster(dataDir);
  process.once('exit', abandon);

  return {
    connectionString: postgres.connectionString,

    withApp: async (work) => {
      const app = await openApp(loadConfig(environment), {
        projections: 'none',
        logger: openLogLines({ level: 'warn', readable: true }),
      });
      try {
        return await work(app);
      } finally {
        await app.close();
      }
    },

    startServer: async () => {
      const server = await startServer(environment);
      servers.add(server);
      return server;
    },

    token: async (subject, roles) => {
      const issuer = await openDemoIssuer(dataDir);
      return issuer.sign({ sub: subject, ...(roles ? { roles } : {}) });
    },

    [Symbol.asyncDispose]: async () => {
      for (const server of servers) await server.stop();
      await postgres.stop();
      process.off('exit', abandon);
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** `PALABRE_BENCH_NODE_OPTIONS` is for profiles: `--cpu-prof --cpu-prof-dir=…`. */
export const startServer = async (environment: NodeJS.ProcessEnv): Promise<BenchServer> => {
  const extra = process.env.PALABRE_BENCH_NODE_OPTIONS?.split(' ').filter(Boolean) ?? [];
  const { PATH, HOME } = process.env;
  const server = spawn(process.execPath, [...extra, cli, 'start', '--no-demo'], {
    cwd: root,
    // Nothing of the caller's environment decides how the server runs.
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const abandon = () => server.kill('SIGKILL');
  process.once('exit', abandon);
  const url = await addressOf(server);
  await ready(server, url);
  return {
    graphql: new URL('/graphql', url),
    pid: server.pid ?? 0,
    cpuMs: () => cpuMsOf(server.pid ?? 0),
    memoryMiB: () => memoryMiBOf(server.pid ?? 0),
    stop: async () => {
      process.off('exit', abandon);
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    },
  };
};

const MS_PER_TICK = 10;

const cpuMsOf = (pid: number): number => {
  try {
    const [, facts = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [user, system] = facts.split(' ').slice(11, 13).map(Number);
    return ((user ?? Number.NaN) + (system ?? Number.NaN)) * MS_PER_TICK;
  } catch {
    return Number.NaN;
  }
};

const memoryMiBOf = (pid: number): number => {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
};

/** Killed as it stands: its folder is thrown away with it. */
const killPostmaster = (dataDir: string) => {
  try {
    process.kill(Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]), 'SIGQUIT');
  } catch {}
};

const addressOf = (server: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    server.stdout?.on('data', (text) => {
      said += text;
      const url = /(http:\/\/\S+)\/graphql/.exec(said)?.[1];
      if (url) resolve(url);
    });
    server.once('exit', (code) => reject(new Error(`The server ended at start (${code}): ${said}`)));
  });

const ready = async (server: ChildProcess, url: string): Promise<void> => {
  for (const deadline = Date.now() + BUILD_MINUTES * 60_000; Date.now() < deadline; await sleep(100)) {
    const response = await fetch(`${url}/health/ready`).catch(() => null);
    if (response?.ok) return;
    if (server.exitCode !== null) throw new Error('The server ended before it was ready.');
  }
  throw new Error(`The read models were not built in ${BUILD_MINUTES} minutes.`);
};
