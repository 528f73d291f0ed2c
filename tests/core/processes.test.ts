import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { eggWatch, type Kitchen, openKitchen } from './support/kitchen.ts';
import { openWorld, type World } from './support/models.ts';

let world: World;
let kitchen: Kitchen;
let opened = 0;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(async () => {
  opened += 1;
  kitchen = await openKitchen(world, `eggs_${opened}`);
});
afterEach(() => kitchen.close());
afterAll(() => world.close());

const PATIENCE = { timeout: 15_000, interval: 20 };
const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const MINUTE = 60_000;

/** A clock that stands still until it is moved. */
const standing = (at = NOW) => {
  let now = at;
  const clock = () => now;
  const move = (milliseconds: number) => {
    now += milliseconds;
  };
  return { clock, move };
};

const types = async () => (await kitchen.happened()).map(({ type }) => type);
const count = async (wanted: string) => (await types()).filter((type) => type === wanted).length;
const until = (wanted: string, times = 1) => vi.waitFor(async () => expect(await count(wanted)).toBe(times), PATIENCE);

/** Once it has told of an egg that came later, whatever it had to do before is done. */
const hasDoneAllBefore = async (name = 'later') => {
  await kitchen.putOn(name, NOW + 999 * MINUTE);
  await vi.waitFor(async () => {
    const told = (await kitchen.happened()).filter(
      ({ type, stream }) => type === 'CookTold' && stream === `egg-${name}`,
    );
    expect(told).toHaveLength(1);
  }, PATIENCE);
};

const kitchenLevel = async ({ processes }: Awaited<ReturnType<Kitchen['server']>>) =>
  vi.waitFor(async () => expect(await processes.status()).toMatchObject([{ state: 'following' }]), PATIENCE);

test('what happened is answered at once, and once', async () => {
  await kitchen.server();
  await kitchen.putOn('a', NOW + MINUTE);
  await until('CookTold');
  await hasDoneAllBefore();
  expect(await count('CookTold')).toBe(2);
});

test('a timer fires when its time has come, and the event is of that time', async () => {
  const { clock, move } = standing();
  await kitchen.server({ clock });
  await kitchen.putOn('a', NOW + MINUTE);
  await hasDoneAllBefore();
  expect(await count('EggOverboiled')).toBe(0);
  move(MINUTE + 500);
  await until('EggOverboiled');
  const events = await kitchen.happened();
  const overboiled = events.find(({ type }) => type === 'EggOverboiled');
  const set = events.find(({ type, stream }) => type === 'EggPutOn' && stream === 'egg-a');
  expect(overboiled?.metadata).toMatchObject({
    occurredAt: '2026-03-02T10:01:00.000Z',
    causationId: set?.id,
    correlationId: set?.metadata.correlationId,
    actor: 'system',
  });
});

test('a timer that was stopped in time stays silent', async () => {
  const { clock, move } = standing();
  await kitchen.server({ clock });
  await kitchen.putOn('a', NOW + MINUTE);
  await kitchen.putOn('b', NOW + 2 * MINUTE);
  await kitchen.takeOut('a');
  move(5 * MINUTE);
  await until('EggOverboiled');
  expect((await kitchen.happened()).find(({ type }) => type === 'EggOverboiled')?.stream).toBe('egg-b');
});

test('a timer that is set anew fires at the new time alone', async () => {
  const { clock, move } = standing();
  await kitchen.server({ clock });
  await kitchen.putOn('a', NOW + MINUTE);
  await kitchen.putOn('a', NOW + 3 * MINUTE);
  move(2 * MINUTE);
  await hasDoneAllBefore();
  expect(await count('EggOverboiled')).toBe(0);
  move(2 * MINUTE);
  await until('EggOverboiled');
  expect((await kitchen.happened()).find(({ type }) => type === 'EggOverboiled')?.metadata.occurredAt).toBe(
    '2026-03-02T10:03:00.000Z',
  );
});

describe('an order that waits for a call', () => {
  const raw = async () =>
    (await kitchen.happened()).flatMap(({ type, stream, data }) =>
      type === 'CookTold' && (data as { what: string }).what === 'raw' ? [stream] : [],
    );

  test.each(['NATIVE', 'IMPORT'] as const)(
    'is given when it is made by an event of source %s, and once',
    async (source) => {
      await kitchen.server();
      await kitchen.putOn('a', Date.now() + 60 * MINUTE);
      await kitchen.putOn('b', Date.now() + 60 * MINUTE);
      await kitchen.putOn('out', Date.now() + 60 * MINUTE);
      await kitchen.takeOut('out');
      await kitchen.failStove(source);
      await vi.waitFor(async () => expect((await raw()).sort()).toEqual(['egg-a', 'egg-b']), PATIENCE);
      const events = await kitchen.happened();
      const failed = events.find(({ type }) => type === 'StoveFailed');
      const told = events.find(({ data }) => (data as { what?: string }).what === 'raw');
      expect(told?.metadata.occurredAt).toBe(failed?.metadata.occurredAt);

      // What is put on after the call waits for the next one.
      await kitchen.putOn('c', Date.now() + 60 * MINUTE);
      await hasDoneAllBefore();
      expect((await raw()).sort()).toEqual(['egg-a', 'egg-b']);
      await kitchen.takeOut('a');
      await kitchen.failStove();
      const twice = ['egg-a', 'egg-b', 'egg-b', 'egg-c', 'egg-later'];
      await vi.waitFor(async () => expect((await raw()).sort()).toEqual(twice), PATIENCE);
    },
  );

  test('is given by the next server when the first one ended before', async () => {
    const { end } = await kitchen.server();
    await kitchen.putOn('a', Date.now() + 60 * MINUTE);
    await hasDoneAllBefore();
    await end();
    await kitchen.failStove();
    await kitchen.server();
    await vi.waitFor(async () => expect((await raw()).sort()).toEqual(['egg-a', 'egg-later']), PATIENCE);
  });
});

test('a server killed between a command and its checkpoint has fired once when the next one has gone on', async () => {
  const { clock } = standing(NOW + 5 * MINUTE);
  let given = 0;
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await kitchen.server({
    clock,
    execute: (execute) => async (command, input, options) => {
      const done = await execute(command, input, options);
      if (command.type !== 'Overboil') return done;
      given += 1;
      await held;
      return done;
    },
  });
  await kitchen.putOn('a', NOW);
  await vi.waitFor(() => expect(given).toBe(1), PATIENCE);
  // Its sessions end as they do with a process; the rest of it hangs until this test is over.
  await kitchen.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'palabre leases'`,
  );
  const next = await kitchen.server({ clock });
  await hasDoneAllBefore();
  await kitchenLevel(next);
  await vi.waitFor(async () => expect((await next.processes.status())[0]?.nextTimerAt).toBe(later), PATIENCE);
  expect(await count('EggOverboiled')).toBe(1);
  release();
});
const later = new Date(NOW + 999 * MINUTE).toISOString();

test('a reaction whose checkpoint was lost is given again, and leaves its event once', async () => {
  // No egg boils over meanwhile: that would be a command as well.
  const { clock } = standing();
  let given = 0;
  const counting: NonNullable<Parameters<Kitchen['server']>[0]>['execute'] = (execute) => (command, input, options) => {
    given += 1;
    return execute(command, input, options);
  };
  const one = await kitchen.server({ clock, execute: counting });
  await kitchen.putOn('a', NOW + 5 * MINUTE);
  await until('CookTold');
  await one.end();
  await kitchen.pool.query(
    'update palabre_processes.progress set position = since_position, event_id = since_event_id where process = $1',
    [kitchen.name],
  );
  await kitchen.server({ clock, execute: counting });
  await hasDoneAllBefore();
  expect(given).toBe(3);
  expect(await count('CookTold')).toBe(2);
});

test('two servers watch, and each timer fires once', async () => {
  const { clock, move } = standing();
  await kitchen.server({ clock });
  await kitchen.server({ clock });
  for (const name of ['a', 'b', 'c', 'd']) await kitchen.putOn(name, NOW + MINUTE);
  move(2 * MINUTE);
  await until('EggOverboiled', 4);
  await hasDoneAllBefore();
  expect(await count('EggOverboiled')).toBe(4);
  expect(await count('CookTold')).toBe(5);
});

test('two servers that both believe to be alone fire each timer once', async () => {
  const { clock, move } = standing();
  const one = await kitchen.server({ clock });
  await kitchenLevel(one);
  // A server that was paused has lost its lease without knowing.
  await kitchen.pool.query(`update palabre_projections.leases set expires_at = '-infinity'`);
  const two = await kitchen.server({ clock });
  await vi.waitFor(async () => {
    const { rows } = await kitchen.pool.query('select epoch::int from palabre_projections.leases where name = $1', [
      `process_${kitchen.name}/run`,
    ]);
    expect(rows).toEqual([{ epoch: 2 }]);
  }, PATIENCE);
  for (const name of ['a', 'b', 'c']) await kitchen.putOn(name, NOW + MINUTE);
  move(2 * MINUTE);
  await until('EggOverboiled', 3);
  await hasDoneAllBefore();
  await kitchenLevel(two);
  expect(await count('EggOverboiled')).toBe(3);
});

test('a server that starts after the due time knows what was stopped in time', async () => {
  const first = await kitchen.server({ clock: standing().clock });
  await kitchen.putOn('a', NOW + MINUTE);
  await hasDoneAllBefore();
  await first.end();
  await kitchen.takeOut('a');
  await kitchen.putOn('b', NOW + MINUTE);
  await kitchen.server({ clock: standing(NOW + 10 * MINUTE).clock });
  await until('EggOverboiled');
  expect((await kitchen.happened()).find(({ type }) => type === 'EggOverboiled')?.stream).toBe('egg-b');
});

test('a process that lags behind the log fires nothing before it has caught up', async () => {
  const { clock, move } = standing();
  const server = await kitchen.server({ clock });
  await kitchen.putOn('a', NOW + MINUTE);
  await hasDoneAllBefore();
  await server.models.stop();
  await kitchen.takeOut('a');
  await kitchen.putOn('b', NOW + MINUTE);
  move(2 * MINUTE);
  await until('CookTold', 3);
  expect(await count('EggOverboiled')).toBe(0);
  await server.processes.stop();
  await kitchen.server({ clock });
  await until('EggOverboiled');
  expect((await kitchen.happened()).find(({ type }) => type === 'EggOverboiled')?.stream).toBe('egg-b');
});

test('timers that are made anew from the log are the same, and nothing is given again', async () => {
  const { clock, move } = standing();
  const { models } = await kitchen.server({ clock });
  for (const name of ['a', 'b']) await kitchen.putOn(name, NOW + MINUTE);
  await kitchen.putOn('c', NOW + 10 * MINUTE);
  await kitchen.takeOut('b');
  move(2 * MINUTE);
  await until('EggOverboiled');
  const before = await types();
  expect(await models.rebuild([`process_${kitchen.name}`])).toEqual(new Map());
  expect(await models.verify([`process_${kitchen.name}`])).toMatchObject([{ equal: true }]);
  await hasDoneAllBefore();
  expect(await types()).toEqual([...before, 'EggPutOn', 'CookTold']);
  move(10 * MINUTE);
  await until('EggOverboiled', 2);
});

test('an import and the seed set no timer and are not answered, unless a process asks for them', async () => {
  const { clock } = standing(NOW + 10 * MINUTE);
  const one = await kitchen.server({ clock });
  await kitchen.putOn('seeded', NOW, 'SEED');
  await kitchen.putOn('imported', NOW, 'IMPORT');
  await kitchen.putOn('lived', NOW);
  await until('EggOverboiled');
  await hasDoneAllBefore();
  expect(await count('CookTold')).toBe(2);
  await one.end();
  await kitchen.server({ clock, process: eggWatch({ name: kitchen.name, version: 2, sources: ['NATIVE', 'SEED'] }) });
  await kitchen.putOn('seeded too', NOW, 'SEED');
  // The first one had been passed over by then; its timer runs now that the process asks for it.
  await until('EggOverboiled', 3);
});

test('a new process begins at the end of the log that is there', async () => {
  const { clock } = standing(NOW + 10 * MINUTE);
  await kitchen.putOn('old', NOW);
  await kitchen.server({ clock });
  await hasDoneAllBefore();
  await kitchen.putOn('new', NOW);
  await until('EggOverboiled');
  expect((await kitchen.happened()).find(({ type }) => type === 'EggOverboiled')?.stream).toBe('egg-new');
  expect(await count('CookTold')).toBe(2);
});

test('what was set before a new process began, and is due later, it takes over', async () => {
  const { clock, move } = standing(NOW);
  await kitchen.putOn('old', NOW);
  await kitchen.putOn('still boiling', NOW + MINUTE);
  await kitchen.server({ clock });
  await hasDoneAllBefore();
  move(2 * MINUTE);
  await until('EggOverboiled');
  const streams = (await kitchen.happened()).filter(({ type }) => type === 'EggOverboiled').map(({ stream }) => stream);
  expect(streams).toEqual(['egg-still boiling']);
});

test('a command that a rule refuses leaves an event that people see', async () => {
  const { clock } = standing(NOW + MINUTE);
  const { processes } = await kitchen.server({ clock });
  await kitchen.putOn('ostrich', NOW);
  await until('CookTold', 2);
  expect((await kitchen.happened()).at(-1)).toMatchObject({
    type: 'CookTold',
    data: { eggId: 'ostrich', what: 'TOO_LARGE' },
    metadata: { occurredAt: '2026-03-02T10:00:00.000Z' },
  });
  expect(await processes.status()).toMatchObject([{ fault: null }]);
});

test('a process that can neither do nor say anything stands still, says so, and loses nothing', async () => {
  const { clock } = standing(NOW + MINUTE);
  const server = await kitchen.server({ clock, process: eggWatch({ name: kitchen.name, answersRejections: false }) });
  await kitchen.putOn('ostrich', NOW);
  await vi.waitFor(
    async () =>
      expect(await server.processes.status()).toMatchObject([
        { state: 'halted', fault: expect.stringContaining('Such an egg never boils over.') },
      ]),
    PATIENCE,
  );
  await kitchen.putOn('a', NOW);
  await server.end();
  await kitchen.server({ clock });
  await until('EggOverboiled');
});
