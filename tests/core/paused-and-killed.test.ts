import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import { openPostgresTables, type PostgresTables } from '../../src/adapters/postgres-tables/index.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import type { Operation } from '../../src/core/projection.ts';
import { createReadModels, type ReadModels } from '../../src/core/read-models.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { histories } from './support/histories.ts';
import { append, happened, ledger, read } from './support/ledger.ts';

let database: TestDatabase;
let log: EventLog;
let tables: PostgresTables;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  database = await freshDatabase();
  await migrate(database);
  log = await openPostgresLog(database);
  tables = openPostgresTables(database);
  closing.push(
    () => database.drop(),
    () => log.close(),
    () => tables.close(),
  );
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const SOON = { timeoutMs: 30_000 };
const SOON_CHECK = { timeout: 30_000, interval: 20 };
const SCRIPT = fileURLToPath(new URL('support/ledger-process.ts', import.meta.url));
const count: Operation = { op: 'add', table: 'counts', key: { board: 'x', day: 1 }, sum: { posts: 1 } };

type Line = {
  readonly leading?: true;
  readonly applying?: number;
  readonly applied?: number;
  readonly answer?: number | null;
  readonly phase?: string;
  readonly built?: boolean;
};

/** A real process on this test's database, and what it has said. */
const ledgerProcess = (task: 'lead' | 'rebuild', { clock = 0 } = {}) => {
  const options = ['--import', import.meta.resolve('tsx'), SCRIPT, database.connectionString, task, String(clock)];
  const child: ChildProcess = spawn(process.execPath, options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: Line[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => said.push(JSON.parse(line)));
  const gone = once(child, 'exit');
  closing.push(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  return {
    said,
    gone,
    send: (signal: NodeJS.Signals) => child.kill(signal),
    until: (told: (line: Line) => boolean) =>
      vi.waitFor(() => said.find(told) ?? expect.fail(JSON.stringify(said.at(-1))), { ...SOON_CHECK, interval: 5 }),
  };
};

const here = (): ReadModels => {
  const own = openPostgresTables(database);
  const leases = { seconds: 1, askEvery: 50 };
  const models = createReadModels({ log, store: own, projections: [ledger()], read, leases });
  closing.push(async () => {
    await models.stop();
    await own.close();
  });
  return models;
};

const posts = async (models: ReadModels): Promise<number> => {
  const { rows } = await tables.pool.query(
    `select sum(posts)::int as posts from "${models.schemaOf('ledger')}".counts`,
  );
  return rows[0].posts;
};

test.each([
  ['whose clock is right', 0],
  ['whose clock is ten minutes ahead', 600_000],
  ['whose clock is ten minutes behind', -600_000],
])(
  'a process %s, stopped in the middle of a batch, wakes up when its lease has run out and writes nothing',
  async (_clock, clock) => {
    const sleeper = ledgerProcess('lead', { clock });
    await sleeper.until(({ leading }) => leading === true);
    await append(log, [happened([count]), happened([count])]);
    const { applying } = await sleeper.until((line) => line.applying !== undefined);
    sleeper.send('SIGSTOP');
    // Its session still stands, so nothing but time takes the lease from it.
    const models = here();
    await models.run();
    const last = await append(log, [happened([count])]);
    expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
    expect(await posts(models)).toBe(3);

    sleeper.send('SIGCONT');
    const { answer } = await sleeper.until(({ applied }) => applied === applying);
    expect(answer).toBeNull();
    expect(await posts(models)).toBe(3);
    const more = await append(log, [happened([count])]);
    expect(await models.waitFor(['ledger'], more, SOON)).toBe('reached');
    expect(await posts(models)).toBe(4);
    expect(await models.verify(['ledger'])).toMatchObject([{ equal: true, cursor: more }]);
  },
);

test('a rebuild that is killed anywhere leaves what is served, and the next one clears up behind it', async () => {
  const models = here();
  await models.run();
  const history = fc.sample(histories(6), { seed: 87, numRuns: 3_000 }).map((operations) => happened(operations));
  const last = await append(log, history);
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
  const before = (await tables.checksumServed(ledger()))?.tables;
  const served = models.schemaOf('ledger');
  for (const moment of ['reading', 'writing', 'catching up']) {
    const builder = ledgerProcess('rebuild');
    await builder.until(({ phase }) => phase === moment);
    builder.send('SIGKILL');
    await builder.gone;
    const now = (await tables.served(['ledger'])).get('ledger');
    expect((await tables.checksumServed(ledger()))?.tables).toEqual(before);
    if (moment !== 'catching up') expect(now?.schema).toBe(served);
  }
  const builder = ledgerProcess('rebuild');
  await builder.until(({ built }) => built === true);
  await builder.gone;
  expect((await tables.checksumServed(ledger()))?.tables).toEqual(before);
  await tables.pool.query(
    `update palabre_projections.checkpoints set retired_at = now() - interval '11 minutes' where retired_at is not null`,
  );
  await tables.clean(['ledger']);
  const { rows } = await tables.pool.query(`select nspname from pg_namespace where nspname like 'ledger%'`);
  expect(rows).toEqual([{ nspname: (await tables.served(['ledger'])).get('ledger')?.schema }]);
});
