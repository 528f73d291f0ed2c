import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

// What the log promises, on a real server: `TEST_KURRENTDB_URL=kurrentdb://127.0.0.1:2113?tls=false npm run test:kurrentdb`.

const { TEST_KURRENTDB_URL, TEST_KURRENTDB_START } = process.env;
if (!TEST_KURRENTDB_URL) {
  process.stderr.write(
    'TEST_KURRENTDB_URL is not set: these tests run on a real KurrentDB, for example kurrentdb://127.0.0.1:2113?tls=false. ' +
      'Each test keeps to streams of its own and leaves them there: name a server that may be thrown away. With ' +
      'TEST_KURRENTDB_START, the command that starts that server in the foreground, it is started here, and is also stopped and ' +
      'killed. Without a server, `npm test` runs the same on a fake.\n',
  );
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'palabre-kurrentdb-'));
const pidFile = join(folder, 'pid');
let server: ChildProcess | undefined;
let isOver = false;

/** Whoever kills it finds it started again, as a supervisor would. */
const keepRunning = async (command: string) => {
  while (!isOver) {
    server = spawn('sh', ['-c', command], { detached: true, stdio: 'ignore' });
    writeFileSync(pidFile, `${server.pid}`);
    await once(server, 'exit');
    // A killed server may hold its folder and port for a moment.
    await sleep(500);
  }
};
/** Until it listens: then each test waits for itself, as Palabre does. */
const listening = async () => {
  const { hostname, port } = new URL(TEST_KURRENTDB_URL);
  for (let isOpen = false; !isOpen; await sleep(isOpen ? 2_000 : 200))
    isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(port || 2113), hostname);
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
};

if (TEST_KURRENTDB_START) {
  void keepRunning(TEST_KURRENTDB_START);
  await listening();
}

const config = fileURLToPath(new URL('vitest.config.ts', import.meta.url));
const child = spawn('npx', ['vitest', 'run', '--config', config, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...(TEST_KURRENTDB_START && { TEST_KURRENTDB_PIDFILE: pidFile }) },
});
const [code] = await once(child, 'exit');
isOver = true;
if (server?.pid) process.kill(-server.pid, 'SIGKILL');
rmSync(folder, { recursive: true });
process.exit(code ?? 1);
