import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPool } from '../../src/adapters/postgres.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import { silent } from '../../src/adapters/postgres-log/logger.ts';
import { pruneCommands } from '../../src/adapters/postgres-log/pruning.ts';
import { createReader } from '../../src/adapters/postgres-log/reader.ts';
import { createRing } from '../../src/adapters/postgres-log/ring.ts';
import { createTail } from '../../src/adapters/postgres-log/tail.ts';
import type { EventLog, LogBatch } from '../../src/core/event-log.ts';
import { START } from '../../src/core/position.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { anAppend, append, event, events, eventsOf, follow, idsOf, newStream, readOn } from './appends.ts';
import { eventLogContract } from './event-log.contract.ts';
import { startProxy } from './proxy.ts';

const migrated = async (): Promise<TestDatabase> => {
  const database = await freshDatabase();
  await migrate(database);
  return database;
};

eventLogContract('the log on Postgres', async () => {
  const database = await migrated();
  const log = await openPostgresLog(database);
  const close = async () => {
    await log.close();
    await database.drop();
  };
  return { log, close };
});

describe('the log on Postgres, beside the contract', () => {
  let database: TestDatabase;
  let log: EventLog;
  let admin: pg.Pool;

  beforeAll(async () => {
    database = await migrated();
    log = await openPostgresLog(database);
    admin = openPool(database, { name: 'test' });
  });
  afterAll(async () => {
    await log.close();
    await admin.end();
    await database.drop();
  });

  const sessions = async (name: string): Promise<number[]> => {
    const query = 'select pid from pg_stat_activity where datname = current_database() and application_name = $1';
    return (await admin.query<{ pid: number }>(query, [`palabre ${name}`])).rows.map(({ pid }) => pid);
  };
  const end = (pids: readonly number[]) =>
    admin.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [pids]);

  const expectWhole = async () => {
    const all = await readOn(log, START);
    expect(all.map(({ position }) => position)).toEqual(all.map((_, n) => BigInt(n + 1)));
    const last = all.at(-1);
    expect(await log.head()).toEqual(last ? { position: last.position, eventId: last.id } : START);
    return all;
  };

  test('can only be opened where it was migrated', async () => {
    await using empty = await freshDatabase();
    await expect(openPostgresLog(empty)).rejects.toThrow('migrated');
  });

  test('two openings of one log share one order and see each other', async () => {
    const other = await openPostgresLog(database);
    const after = await log.head();
    const total = 2 * 40;
    const enough = (batches: readonly LogBatch[]) => eventsOf(batches).length === total;
    const followed = [log, other].map((each) => follow(each, { after }, enough));
    const stream = newStream();
    const writing = [log, other].flatMap((each) =>
      Array.from({ length: 40 }, (_, n) => append(each, n % 4 === 0 ? stream : newStream(), 'any')),
    );
    await Promise.all(writing);
    const written = idsOf(await readOn(other, after));
    expect(written).toHaveLength(total);
    for (const each of await Promise.all(followed)) expect(idsOf(eventsOf(each))).toEqual(written);
    expect(other.identity).toEqual(log.identity);
    await expectWhole();
    await other.close();
  });

  test('one command sent through two openings at once happens once', async () => {
    const other = await openPostgresLog(database);
    for (let n = 0; n < 20; n += 1) {
      const request = anAppend({ expected: 'none' });
      const outcomes = (await Promise.all([log.append([request]), other.append([request])])).flat();
      expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['appended', 'duplicate']);
    }
    await other.close();
  });

  test.each([
    ['update', `update palabre_log.log set type = 'Another'`],
    ['delete', 'delete from palabre_log.log'],
    ['truncate', 'truncate palabre_log.log'],
    ['update by a replica', `set session_replication_role = replica; update palabre_log.log set type = 'Another'`],
  ])('the database refuses to %s', async (_what, statement) => {
    await append(log, newStream(), 'none');
    const client = await admin.connect();
    await expect(client.query(statement)).rejects.toThrow('append-only');
    client.release(true);
  });

  test('an append that the database cannot store is refused alone', async () => {
    await using strict = await migrated();
    const client = new pg.Client(strict);
    await client.connect();
    await client.query(
      `do $$ begin execute format('alter database %I set max_stack_depth = ''100kB''', current_database()); end $$`,
    );
    await client.end();
    const narrow = await openPostgresLog(strict);
    const deep = Array.from({ length: 3_000 }).reduce<object>((inner) => [inner], []);
    const requests = Array.from({ length: 9 }, (_, n) =>
      anAppend({ events: [event({ deep: n % 4 === 1 ? deep : [] })] }),
    );
    const statuses = (await narrow.append(requests)).map((outcome) =>
      outcome.status === 'refused' ? outcome.code : outcome.status,
    );
    expect(statuses).toEqual(requests.map((_, n) => (n % 4 === 1 ? 'NOT_STORABLE' : 'appended')));
    expect(await readOn(narrow, START)).toHaveLength(7);
    await narrow.close();
  });

  test('an append whose answer is lost on the way is found again', async () => {
    await using proxy = await startProxy(database.connectionString);
    const far = await openPostgresLog(proxy);
    for (const count of [1, 7]) {
      const requests = Array.from({ length: count }, () => anAppend({ expected: 'none', events: events(2) }));
      await append(far, newStream(), 'none');
      proxy.loseAnswerTo(requests[0]?.commandId ?? '');
      const outcomes = await far.append(requests);
      expect(outcomes.map(({ status }) => status)).toEqual(requests.map(() => 'duplicate'));
      for (const request of requests)
        expect(idsOf(await log.readStream(request.stream))).toEqual(idsOf(request.events));
    }
    await far.close();
  });

  test('while connections die, appends are neither lost nor doubled', async () => {
    const after = await log.head();
    const requests = Array.from({ length: 400 }, () => anAppend({ expected: 'none', events: events(2) }));
    let settled = 0;
    const caller = async (own: typeof requests) => {
      for (const request of own) {
        expect(await log.append([request])).toMatchObject([
          { status: expect.stringMatching('appended|duplicate'), revision: 1 },
        ]);
        settled += 1;
      }
    };
    const writing = Promise.all(
      Array.from({ length: 16 }, (_, n) => caller(requests.filter((_request, m) => m % 16 === n))),
    );
    let cuts = 0;
    while (settled < requests.length) {
      const before = settled;
      await end(await sessions('append'));
      cuts += 1;
      await vi.waitFor(() => expect(settled).toBeGreaterThan(before), { timeout: 20_000, interval: 5 });
    }
    await writing;
    expect(cuts).toBeGreaterThan(3);
    const stored = idsOf(await readOn(log, after));
    expect(stored.toSorted()).toEqual(requests.flatMap((request) => idsOf(request.events)).toSorted());
    await expectWhole();
  });

  test('an append without an answer ends unknown, and can be repeated', async () => {
    await using away = await migrated();
    const impatient = await openPostgresLog({ ...away, patience: 1_000 });
    const name = new URL(away.connectionString).pathname.slice(1);
    await admin.query(`alter database ${name} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    const request = anAppend({ expected: 'none' });
    expect(await impatient.append([request])).toMatchObject([{ status: 'unknown' }]);
    await admin.query(`alter database ${name} allow_connections true`);
    expect(await impatient.append([request])).toMatchObject([{ status: 'appended' }]);
    expect(await impatient.append([request])).toMatchObject([{ status: 'duplicate' }]);
    await impatient.close();
  });

  test('waits for whoever holds the order, and for nobody else', async () => {
    const reader = await admin.connect();
    await reader.query('begin isolation level repeatable read; select count(*) from palabre_log.log');
    await append(log, newStream(), 'none');
    const holder = await admin.connect();
    await holder.query('begin; select from palabre_log.head for update');
    const appending = append(log, newStream(), 'none');
    const blocked = `select from pg_stat_activity where application_name = 'palabre append' and wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect((await admin.query(blocked)).rowCount).toBe(1));
    await holder.query('rollback');
    expect(await appending).toMatchObject({ status: 'appended' });
    await reader.query('rollback');
    reader.release();
    holder.release();
  });

  test('a listener whose connection is cut comes back', async () => {
    const other = await openPostgresLog(database);
    const iterator = other.subscribe({ after: await log.head() })[Symbol.asyncIterator]();
    await iterator.next();
    const listening = await vi.waitFor(async () => {
      const pids = await sessions('listen');
      expect(pids).toHaveLength(2);
      return pids;
    });
    await end(listening);
    await vi.waitFor(
      async () => {
        const pids = await sessions('listen');
        expect(pids).toHaveLength(2);
        expect(pids).not.toContain(listening[0]);
        expect(pids).not.toContain(listening[1]);
      },
      { timeout: 5_000 },
    );
    const written = event();
    await append(log, newStream(), 'none', [written]);
    expect(idsOf((await iterator.next()).value.events)).toEqual([written.id]);
    await iterator.return?.();
    await other.close();
  });

  test('is announced with its new end, once for what was committed together', async () => {
    const listener = new pg.Client(database);
    const heard: bigint[] = [];
    listener.on('notification', ({ payload }) => heard.push(BigInt(payload ?? -1)));
    await listener.connect();
    await listener.query('listen palabre_log');
    await log.append(Array.from({ length: 50 }, () => anAppend()));
    const { position } = await log.head();
    await vi.waitFor(() => expect(heard.at(-1)).toBe(position));
    expect(heard.length).toBeLessThanOrEqual(2);
    await listener.end();
  });

  test('delivers within a second what nobody announced', async () => {
    const deaf = await openPostgresLog(database);
    const writer = await openPostgresLog(database);
    const iterator = deaf.subscribe({ after: await log.head() })[Symbol.asyncIterator]();
    await iterator.next();
    // An append behind the adapter's back: no hint, no notification.
    const { id, type } = event();
    await admin.query(
      `select palabre_log.append_one(gen_random_uuid(), 'hash', $1, -1, $2, $3, 1::smallint, '{}', '{}')`,
      [newStream(), id, type],
    );
    const asked = performance.now();
    expect(idsOf((await iterator.next()).value.events)).toEqual([id]);
    expect(performance.now() - asked).toBeLessThan(5_000);
    await iterator.return?.();
    await Promise.all([deaf.close(), writer.close()]);
  });

  test('whoever falls out of the memory of the latest events reads on from storage', { timeout: 120_000 }, async () => {
    const after = await log.head();
    const slow = log.subscribe({ after })[Symbol.asyncIterator]();
    await slow.next();
    const quick = follow(
      log,
      { after },
      (batches) => batches.reduce((sum, batch) => sum + batch.events.length, 0) >= 24_000,
    );
    for (let n = 0; n < 24; n += 1) await log.append([anAppend({ events: events(1_000) })]);
    const written = idsOf(await readOn(log, after));
    expect(idsOf(eventsOf(await quick))).toEqual(written);
    const delivered: string[] = [];
    while (delivered.length < written.length) delivered.push(...idsOf((await slow.next()).value.events));
    expect(delivered).toEqual(written);
    await slow.return?.();
  });

  test('the memory of the latest events answers only for what it holds whole', async () => {
    const before = await log.head();
    await append(log, newStream(), 'none', events(10));
    const { events: sized } = await createReader(admin).page(before, 10);
    const ring = createRing({ maxEvents: 4, maxBytes: 10_000 });
    ring.restart(before);
    const held = (places: number) => ring.after(before.position + BigInt(places), 100)?.map(({ id }) => id);
    expect(held(0)).toEqual([]);
    for (const [index, each] of sized.entries()) {
      ring.push([each]);
      for (let places = 0; places <= index + 1; places += 1) {
        const missing = index + 1 - places;
        expect(held(places)).toEqual(
          missing > 4 ? undefined : idsOf(sized.slice(places, index + 1).map(({ event: e }) => e)),
        );
      }
    }
    const bytes = sized[0]?.bytes ?? 0;
    const narrow = createRing({ maxEvents: 100, maxBytes: 3 * bytes });
    narrow.restart(before);
    narrow.push(sized);
    expect(narrow.after(before.position + 7n, 100)).toHaveLength(3);
    expect(narrow.after(before.position + 6n, 100)).toBeUndefined();
  });

  test('who joins while others read hears of everything that stood there when they joined', async () => {
    const reader = createReader(admin);
    const held: (() => void)[] = [];
    let holding = false;
    const tail = createTail(
      {
        ...reader,
        page: async (after, limit) => {
          const page = await reader.page(after, limit);
          if (holding) await new Promise<void>((release) => held.push(release));
          return page;
        },
      },
      silent,
    );
    await tail.join();
    holding = true;
    tail.hint(undefined);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    await append(log, newStream(), 'none');
    const joined = tail.join();
    holding = false;
    held[0]?.();
    await joined;
    expect(tail.end()).toEqual(await log.head());
    tail.leave();
    tail.leave();
    await tail.close();
  });

  test('its time never goes back, whatever the clock does', async () => {
    await using jumped = await migrated();
    const own = await openPostgresLog(jumped);
    const client = new pg.Client(jumped);
    await client.connect();
    await client.query(`
      insert into palabre_log.log
             (position, stream_no, revision, version, event_id, recorded_at, type, stream, data, meta)
      values (1, 1, 0, 1, gen_random_uuid(), now() + interval '1 hour', 'LampLit', 'lamp-1', '{}', '{}')`);
    await own.append([anAppend()]);
    await own.append([anAppend({ events: events(2) }), anAppend()]);
    const times = (await readOn(own, START)).map(({ recordedAt }) => recordedAt);
    expect(times).toHaveLength(5);
    expect(new Set(times).size).toBe(1);
    await client.end();
    await own.close();
  });

  test('forgets commands after 14 days, but for those that opened a stream', async () => {
    const opening = anAppend({ expected: 'none' });
    const [old, young] = [0, 1].map((expected) => anAppend({ stream: opening.stream, expected }));
    if (!old || !young) throw new Error('Two appends are needed.');
    await log.append([opening, old, young]);
    const age = `update palabre_log.commands set recorded_at = now() - interval '15 days' where command_id = $1`;
    await admin.query(age, [old.commandId]);
    expect(await pruneCommands(admin)).toBe(1);
    expect(await log.append([opening, old, young])).toMatchObject([
      { status: 'duplicate', revision: 0 },
      { status: 'conflict', actual: 2 },
      { status: 'duplicate', revision: 2 },
    ]);
  });

  test('after all this its positions are dense and its head is its last event', async () => {
    expect((await expectWhole()).length).toBeGreaterThan(24_000);
  });
});
