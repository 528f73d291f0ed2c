import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { findEmbeddedPostgres, startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/index.ts';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import { START } from '../../src/core/position.ts';
import { anAppend, event, idsOf, readOn } from '../adapters/appends.ts';

const run = promisify(execFile);
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const SOON = { timeout: 60_000, interval: 20 };

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'palabre-outage-'));
  await chmod(folder, 0o755);
  cleanups.push(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
};

/** The log on an embedded database in a folder of its own. */
const openOn = async (dataDir: string, patience: number) => {
  const postgres = await startEmbeddedPostgres({ dataDir });
  cleanups.push(() => postgres.stop());
  await migrate(postgres);
  const log = await openPostgresLog({ connectionString: postgres.connectionString, patience });
  cleanups.push(() => log.close());
  return log;
};

/** Everything that was acknowledged stands in the log, once, and its places have no gap. */
const expectWhole = async (log: EventLog, acknowledged: readonly string[]) => {
  const stored = await readOn(log, START);
  expect(stored.map(({ position }) => position)).toEqual(stored.map((_, n) => BigInt(n + 1)));
  const ids = new Set(idsOf(stored));
  expect(ids.size).toBe(stored.length);
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
};

test('a database that is shut down fast, at once, or killed, again and again under 64 callers, loses nothing', {
  timeout: 180_000,
}, async () => {
  const dataDir = await newFolder();
  const log = await openOn(dataDir, 10_000);
  const done = new AbortController();
  const acknowledged: string[] = [];
  const callers = Array.from({ length: 64 }, async () => {
    while (!done.signal.aborted) {
      const request = anAppend({ expected: 'none' });
      for (let settled = false; !settled; ) {
        const [outcome] = await log.append([request]);
        if (outcome?.status !== 'unknown') expect(outcome?.status).toMatch(/^(appended|duplicate)$/);
        settled = outcome?.status !== 'unknown';
      }
      acknowledged.push(...idsOf(request.events));
    }
  });
  const goesOn = async () => {
    const before = acknowledged.length;
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(before + 64), SOON);
  };
  // SIGINT is Postgres' fast stop, SIGQUIT its immediate one.
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL', 'SIGINT'] as const) {
    await goesOn();
    const { pid } = await vi.waitFor(async () => (await findEmbeddedPostgres(dataDir)) ?? expect.fail('away'), SOON);
    process.kill(pid, signal);
  }
  await goesOn();
  done.abort();
  await Promise.all(callers);
  await expectWhole(log, acknowledged);
});

test('a full disk is told, loses nothing that was acknowledged, and is over when there is room again', {
  timeout: 180_000,
}, async (context) => {
  const dataDir = await newFolder();
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=256m,mode=755', 'tmpfs', dataDir]).catch(String);
  if (typeof mounted === 'string') context.skip('Only root can make a disk that is small enough to be filled.');
  cleanups.push(() => run('umount', ['-l', dataDir]));
  const log = await openOn(dataDir, 2_000);
  const acknowledged: string[] = [];
  const appendLarge = async () => {
    const request = anAppend({ expected: 'none', events: [event({ text: randomBytes(90_000).toString('base64') })] });
    const [outcome] = await log.append([request]);
    if (outcome?.status === 'appended' || outcome?.status === 'duplicate') acknowledged.push(...idsOf(request.events));
    return { request, outcome };
  };
  for (let n = 0; n < 10; n += 1) expect((await appendLarge()).outcome?.status).toBe('appended');

  const ballast = join(dataDir, 'ballast');
  const { bavail, bsize } = await statfs(dataDir);
  const file = await open(ballast, 'w');
  // All but four megabytes.
  for (let left = bavail * bsize - 4 * 1024 * 1024; left > 0; left -= 1024 * 1024)
    await file.write(Buffer.alloc(Math.min(left, 1024 * 1024), 1));
  await file.close();
  let met = await appendLarge();
  for (let n = 0; n < 200 && met.outcome?.status === 'appended'; n += 1) met = await appendLarge();
  // Where the disk is full under the write-ahead log itself the server goes down with it, and nobody knows.
  if (met.outcome?.status === 'refused') {
    expect(met.outcome).toMatchObject({ code: 'READ_ONLY', message: expect.stringContaining('disk') });
    expect(log.whyReadOnly()).toContain('disk');
  } else expect(met.outcome).toMatchObject({ status: 'unknown', message: expect.stringContaining('Repeat') });

  await rm(ballast);
  await vi.waitFor(async () => {
    const [outcome] = await log.append([met.request]);
    expect(outcome?.status).toMatch(/^(appended|duplicate)$/);
  }, SOON);
  acknowledged.push(...idsOf(met.request.events));
  expect(log.whyReadOnly()).toBeNull();
  expect((await appendLarge()).outcome?.status).toBe('appended');
  await expectWhole(log, acknowledged);
});
