import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { START } from '../../src/core/position.ts';
import type { Operation } from '../../src/core/projection.ts';
import { type Advanced, createReadModels } from '../../src/core/read-models.ts';
import type { TableStore } from '../../src/core/table-store.ts';
import { append, happened, ledger, read } from './support/ledger.ts';
import { openWorld, type World } from './support/models.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const SOON = { timeoutMs: 10_000 };
const count = (day = 1): Operation => ({ op: 'add', table: 'counts', key: { board: 'x', day }, sum: { posts: 1 } });
const card = (n: number, title = `card ${n}`): Operation => ({
  op: 'put',
  table: 'cards',
  row: { id: idOf(n), title },
});
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

const posts = async (schema: string | undefined): Promise<number> => {
  const { rows } = await world.pool.query(`select coalesce(sum(posts), 0)::int as posts from "${schema}".counts`);
  return rows[0].posts;
};

test('an empty log is read to its end, and what comes is in the tables once it is waited for', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  expect(await models.waitFor(['ledger'], START)).toBe('reached');
  const last = await append(world.log, [happened([count()]), happened([]), happened([count(2)])]);
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
  expect(models.watermark('ledger')).toEqual(last);
  expect(await posts(models.schemaOf('ledger'))).toBe(2);
  expect(await models.status()).toMatchObject([
    { name: 'ledger', state: 'following', lagEvents: 0, missed: 0, fault: null },
  ]);
});

test('events of types that a projection does not handle move its watermark', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  const last = await append(world.log, [happened([], 'Foreign'), happened([], 'Foreign')]);
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
});

test('after a commit it is told which rows may have changed', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  const told: Advanced[] = [];
  models.onAdvance((advanced) => told.push(advanced));
  const last = await append(world.log, [happened([card(1), card(2), count()]), happened([count()])]);
  await models.waitFor(['ledger'], last, SOON);
  expect(told.at(-1)).toMatchObject({ projection: 'ledger', cursor: last });
  expect(told.flatMap(({ changed }) => changed.get('cards') ?? [])).toEqual([[idOf(1)], [idOf(2)]]);
  expect(told.flatMap(({ changed }) => changed.get('counts') ?? [])).toContainEqual(['x', '1']);
});

test('a process that leads nothing learns how far the projections are', async () => {
  const leader = world.process({ projections: [ledger()] });
  await leader.models.run();
  const follower = world.process({ projections: [ledger()] });
  await follower.models.follow();
  const told: Advanced[] = [];
  follower.models.onAdvance((advanced) => told.push(advanced));
  const last = await append(world.log, [happened([card(1)])]);
  expect(await follower.models.waitFor(['ledger'], last, SOON)).toBe('reached');
  expect(told.at(-1)).toMatchObject({ cursor: last });
  expect(told.at(-1)?.changed.get('cards')).toBeNull();
});

test('a wait ends late when its time is over or its asker leaves', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.follow();
  const far = { ...START, position: 10n };
  expect(await models.waitFor(['ledger'], far, { timeoutMs: 20 })).toBe('late');
  const leaving = new AbortController();
  const waited = models.waitFor(['ledger'], far, { ...SOON, signal: leaving.signal });
  leaving.abort();
  expect(await waited).toBe('late');
});

test('the same batch twice is written once', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  const applied: Parameters<TableStore['apply']>[] = [];
  const twice = world.process({ projections: [ledger('other')] });
  const store = {
    ...twice.store,
    apply: async (...batch: Parameters<TableStore['apply']>) => {
      applied.push(batch);
      const first = await twice.store.apply(...batch);
      expect(await twice.store.apply(...batch)).toBeNull();
      return first;
    },
  };
  const doubled = createReadModels({ log: world.log, store, projections: [ledger('other')], read });
  await doubled.run();
  const last = await append(world.log, [happened([count()]), happened([count()])]);
  expect(await doubled.waitFor(['other'], last, SOON)).toBe('reached');
  expect(applied.length).toBeGreaterThan(0);
  expect(await posts(doubled.schemaOf('other'))).toBe(2);
  await doubled.stop();
});

test.each(['before', 'after'])(
  'a connection that dies %s the commit changes nothing twice and loses nothing',
  async (when) => {
    const one = world.process({ projections: [ledger()] });
    let crashes = 0;
    const store = {
      ...one.store,
      apply: async (...batch: Parameters<TableStore['apply']>) => {
        const crash = crashes < 3 && batch[0].steps.length > 0;
        if (crash) crashes += 1;
        if (crash && when === 'before') await endSessions('palabre projections');
        const result = await one.store.apply(...batch);
        if (crash && when === 'after') throw new Error('The connection was lost.');
        return result;
      },
    };
    const models = createReadModels({ log: world.log, store, projections: [ledger()], read });
    await models.run();
    for (let round = 0; round < 5; round++) {
      const last = await append(world.log, [happened([count()]), happened([count()])]);
      expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
    }
    expect(crashes).toBe(3);
    expect(await posts(models.schemaOf('ledger'))).toBe(10);
    await models.stop();
  },
);

test('sessions that are ended under load are replaced, and every event counts once', async () => {
  const { models } = world.process({ projections: [ledger()], leases: { seconds: 1, askEvery: 20 } });
  await models.run();
  let last = START;
  for (let round = 0; round < 30; round++) {
    last = await append(world.log, [happened([count()]), happened([count(round)])]);
    if (round % 5 === 0) await endSessions('palabre');
  }
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
  expect(await posts(models.schemaOf('ledger'))).toBe(60);
});

test('when the leader ends, another process takes over at once', async () => {
  const [one, two] = [world.process({ projections: [ledger()] }), world.process({ projections: [ledger()] })];
  await one.models.run();
  await two.models.run();
  await append(world.log, [happened([count()])]);
  await one.end();
  const last = await append(world.log, [happened([count()])]);
  expect(await two.models.waitFor(['ledger'], last, SOON)).toBe('reached');
  expect(await posts(two.models.schemaOf('ledger'))).toBe(2);
});

test('a leader that was paused while another took over writes nothing any more', async () => {
  const one = world.process({ projections: [ledger()] });
  let wake = () => {};
  const paused = new Promise<void>((resolve) => {
    wake = resolve;
  });
  const answers: (number | null)[] = [];
  let asleep = false;
  const store = {
    ...one.store,
    apply: async (...batch: Parameters<TableStore['apply']>) => {
      asleep = true;
      await paused;
      const answer = await one.store.apply(...batch);
      answers.push(answer);
      return answer;
    },
  };
  const sleeper = createReadModels({
    log: world.log,
    store,
    projections: [ledger()],
    read,
    leases: { seconds: 3_600, askEvery: 20 },
  });
  await sleeper.run();
  await append(world.log, [happened([count()])]);
  await vi.waitFor(() => expect(asleep).toBe(true));
  // A paused process still has its session, so only time takes the lease from it.
  await world.pool.query(`update palabre_projections.leases set expires_at = '-infinity'`);
  const two = world.process({ projections: [ledger()] });
  await two.models.run();
  const last = await append(world.log, [happened([count()])]);
  expect(await two.models.waitFor(['ledger'], last, SOON)).toBe('reached');
  wake();
  await vi.waitFor(() => expect(answers[0]).toBeNull(), SOON_CHECK);
  expect(await posts(two.models.schemaOf('ledger'))).toBe(2);
  const more = await append(world.log, [happened([count()])]);
  expect(await two.models.waitFor(['ledger'], more, SOON)).toBe('reached');
  expect(await sleeper.waitFor(['ledger'], more, SOON)).toBe('reached');
  expect(await posts(two.models.schemaOf('ledger'))).toBe(3);
  await sleeper.stop();
});

test('a fold that throws halts its projection at that event; what stands before it is applied and others go on', async () => {
  const picky = ledger('picky', 1, (data) => {
    if (data.operations.length === 7) throw new Error('seven is too many');
    return data.operations;
  });
  const { models } = world.process({ projections: [picky, ledger()] });
  await models.run();
  const before = await append(
    world.log,
    Array.from({ length: 20 }, () => happened([count()])),
  );
  const poison = await append(world.log, [happened(Array.from({ length: 7 }, () => count()))]);
  const last = await append(world.log, [happened([count()])]);
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
  expect(await models.waitFor(['picky'], before, SOON)).toBe('reached');
  const asked = performance.now();
  expect(await models.waitFor(['picky'], last, SOON)).toBe('halted');
  expect(await posts(models.schemaOf('picky'))).toBe(20);
  const status = await vi.waitFor(async () => {
    const [status] = await models.status();
    expect(status?.state).toBe('halted');
    return status;
  });
  expect(status?.fault).toMatch(new RegExp(`${poison.eventId}.*position ${poison.position}.*seven is too many`));
  expect(performance.now() - asked).toBeLessThan(5_000);

  const elsewhere = world.process({ projections: [picky, ledger()] });
  await elsewhere.models.follow();
  expect(await elsewhere.models.waitFor(['picky'], last, SOON)).toBe('halted');
});

test('a row that the database refuses is found among many events', async () => {
  const { models } = world.process({ projections: [ledger()] });
  await models.run();
  const good = (n: number) => happened([card(n), count()]);
  const bad = happened([{ op: 'put', table: 'cards', row: { id: idOf(999), title: 'a', size: 3_000_000_000 } }]);
  const events = [
    ...Array.from({ length: 300 }, (_, n) => good(n)),
    bad,
    ...Array.from({ length: 200 }, (_, n) => good(n)),
  ];
  const last = await append(world.log, events);
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('halted');
  expect(models.watermark('ledger').position).toBe(300n);
  expect(await posts(models.schemaOf('ledger'))).toBe(300);
  expect((await models.status())[0]?.fault).toMatch(/refuses a row.*22003/);
});

test('a halted projection goes on when its process is started with the mistake mended', async () => {
  const broken = ledger('ledger', 1, () => {
    throw new Error('not today');
  });
  const first = world.process({ projections: [broken] });
  await first.models.run();
  const last = await append(world.log, [happened([count()])]);
  expect(await first.models.waitFor(['ledger'], last, SOON)).toBe('halted');
  await first.end();
  const second = world.process({ projections: [ledger()] });
  await second.models.run();
  await vi.waitFor(async () => expect(await second.models.waitFor(['ledger'], last, SOON)).toBe('reached'), SOON_CHECK);
  expect((await second.models.status())[0]).toMatchObject({ state: 'following', fault: null });
  expect(await second.models.verify(['ledger'])).toMatchObject([{ equal: true, cursor: last }]);
});

test('an event of an unknown type halts, one that may be ignored is passed over', async () => {
  const strict = world.process({ projections: [ledger('strict')] });
  const lenient = world.process({ projections: [ledger('lenient')], ignorable: ['Strange'] });
  await Promise.all([strict.models.run(), lenient.models.run()]);
  const last = await append(world.log, [happened([], 'Strange'), happened([count()])]);
  expect(await lenient.models.waitFor(['lenient'], last, SOON)).toBe('reached');
  expect(await strict.models.waitFor(['strict'], last, SOON)).toBe('halted');
  expect((await strict.models.status())[0]?.fault).toMatch(/Strange/);
});

test('a mistake in a log that is read for the first time halts at its event, not at its end', async () => {
  const picky = ledger('picky', 1, (data, event) => {
    if (event.position === 3n) throw new Error('not this one');
    return data.operations;
  });
  const last = await append(
    world.log,
    Array.from({ length: 5 }, () => happened([count()])),
  );
  const { models } = world.process({ projections: [picky, ledger()] });
  await models.run();
  expect(await models.waitFor(['ledger'], last, SOON)).toBe('reached');
  expect(await models.waitFor(['picky'], last, SOON)).toBe('halted');
  expect(models.watermark('picky').position).toBe(2n);
  expect(await posts(models.schemaOf('picky'))).toBe(2);
});

test('tables that changed under the same version are not touched', async () => {
  const one = world.process({ projections: [ledger()] });
  await one.models.run();
  await one.end();
  const { cards, ...fewer } = ledger().tables;
  const changed = { ...ledger(), tables: fewer as never };
  expect(cards).toBeDefined();
  const two = world.process({ projections: [changed] });
  await two.models.run();
  await vi.waitFor(async () => {
    const [status] = await two.models.status();
    expect(status).toMatchObject({ state: 'superseded', fault: expect.stringMatching(/"ledger".*raise the version/) });
  }, SOON_CHECK);
});

const SOON_CHECK = { timeout: 10_000, interval: 20 };

const endSessions = (name: string) =>
  world.pool
    .query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like $1 and pid <> pg_backend_pid()`,
      [`${name}%`],
    )
    .catch(() => {});
