import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPool } from '../../src/adapters/postgres.ts';
import { sqlState } from '../../src/adapters/postgres-faults.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import { silent } from '../../src/adapters/postgres-log/logger.ts';
import { pruneCommands } from '../../src/adapters/postgres-log/pruning.ts';
import { createReader } from '../../src/adapters/postgres-log/reader.ts';
import { createRing } from '../../src/adapters/postgres-log/ring.ts';
import { createTail } from '../../src/adapters/postgres-log/tail.ts';
import type { EventLog, LogBatch } from '../../src/core/event-log.ts';
import { decodeCursor, encodeCursor, START } from '../../src/core/position.ts';
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

  test('an append whose answer is lost on the way, or cut in the middle, is found again', async () => {
    await using proxy = await startProxy(database.connectionString);
    const far = await openPostgresLog(proxy);
    for (const [count, bytes] of [
      [1, 0],
      [7, 0],
      [1, 9],
      [7, 40],
    ] as const) {
      const requests = Array.from({ length: count }, () => anAppend({ expected: 'none', events: events(2) }));
      await append(far, newStream(), 'none');
      proxy.loseAnswerTo(requests[0]?.commandId ?? '', { after: bytes });
      const outcomes = await far.append(requests);
      expect(outcomes.map(({ status }) => status)).toEqual(requests.map(() => 'duplicate'));
      for (const request of requests)
        expect(idsOf(await log.readStream(request.stream))).toEqual(idsOf(request.events));
    }
    await far.close();
  });

  test('a network that is slow, or swallows everything for a while, loses nothing and stops nobody for good', async () => {
    await using proxy = await startProxy(database.connectionString);
    const far = await openPostgresLog({ ...proxy, patience: 2_000 });
    const stored = { status: expect.stringMatching('appended|duplicate'), revision: 1 };
    const after = await log.head();
    const requests = Array.from({ length: 9 }, () => anAppend({ expected: 'none', events: events(2) }));
    const following = follow(far, { after }, (batches) => eventsOf(batches).length === 18);
    proxy.delay(100);
    for (const request of requests.slice(0, 3)) expect(await far.append([request])).toMatchObject([stored]);
    proxy.delay(0);
    for (const request of requests.slice(3, 6)) {
      // Half-open: both ends think that they are connected, and nothing passes.
      const swallowed = proxy.swallow((data) => data.includes(request.commandId));
      const waiting = far.append([request]);
      await swallowed;
      expect(await waiting).toMatchObject([stored]);
    }
    await proxy.swallow((data) => data.includes('log-page'));
    for (const request of requests.slice(6)) await log.append([request]);
    expect(idsOf(eventsOf(await following))).toEqual(requests.flatMap((request) => idsOf(request.events)));
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

  test('a subscription that begins while the database is away begins when it is back', async () => {
    await using away = await migrated();
    const own = await openPostgresLog(away);
    const first = event();
    await append(own, newStream(), 'none', [first]);
    const after = await own.head();
    const name = new URL(away.connectionString).pathname.slice(1);
    await admin.query(`alter database ${name} allow_connections false`);
    await admin.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [name]);
    const following = [START, after].map((from) => follow(own, { after: from }, (got) => eventsOf(got).length > 0));
    await expect(own.head()).rejects.toThrow();
    await admin.query(`alter database ${name} allow_connections true`);
    const second = event();
    await append(own, newStream(), 'none', [second]);
    const [all = [], rest = []] = await Promise.all(following);
    expect(idsOf(eventsOf(all))).toContain(first.id);
    expect(idsOf(eventsOf(rest))).toEqual([second.id]);
    await own.close();
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

  test('stops no reader while somebody leaves a transaction open, here or in another database', async () => {
    await using elsewhere = await freshDatabase();
    const forgotten = await Promise.all(
      [database, elsewhere].map(async (where) => {
        const client = new pg.Client(where);
        await client.connect();
        await client.query('begin; create table forgotten (n integer); select pg_current_xact_id()');
        return client;
      }),
    );
    const after = await log.head();
    const following = follow(log, { after }, (batches) => eventsOf(batches).length === 3);
    const written = events(3);
    for (const each of written) await append(log, newStream(), 'none', [each]);
    expect(idsOf(eventsOf(await following))).toEqual(idsOf(written));
    expect(idsOf(await readOn(log, after))).toEqual(idsOf(written));
    for (const client of forgotten) {
      await client.query('rollback');
      await client.end();
    }
  });

  test('whoever holds the order too long leaves the others without an answer, not without an end', async () => {
    const impatient = await openPostgresLog({ ...database, patience: 500 });
    const holder = await admin.connect();
    await holder.query('begin; select from palabre_log.head for update');
    const requests = Array.from({ length: 5 }, () => anAppend({ expected: 'none' }));
    const outcomes = await Promise.all(requests.map((request) => impatient.append([request])));
    expect(outcomes.flat()).toMatchObject(requests.map(() => ({ status: 'unknown' })));
    await holder.query('rollback');
    holder.release();
    expect(await impatient.append(requests)).toMatchObject(requests.map(() => ({ status: 'appended' })));
    await impatient.close();
  });

  test.each(['statement_timeout', 'lock_timeout'])(
    'a batch that the %s of the server ends is sent again, and that is told',
    async (setting) => {
      await using strict = await migrated();
      const name = new URL(strict.connectionString).pathname.slice(1);
      await admin.query(`alter database ${name} set ${setting} = '100ms'`);
      const told: string[] = [];
      const url = new URL(strict.connectionString);
      // Our own statement time-out would overrule the one of the database.
      if (setting === 'statement_timeout') url.searchParams.set('statement_timeout', '100');
      const own = await openPostgresLog({
        connectionString: url.href,
        logger: { warn: (details) => told.push(sqlState((details as { error?: unknown }).error) ?? '') },
      });
      const holder = new pg.Client(strict);
      await holder.connect();
      await holder.query(`set ${setting} = 0`);
      await holder.query('begin; select from palabre_log.head for update');
      const request = anAppend({ expected: 'none', events: events(2) });
      const appending = own.append([request]);
      await vi.waitFor(() => expect(told.length).toBeGreaterThan(1), { timeout: 10_000 });
      await holder.query('rollback');
      expect(await appending).toMatchObject([{ status: 'appended', revision: 1 }]);
      expect(new Set(told)).toEqual(new Set([setting === 'lock_timeout' ? '55P03' : '57014']));
      expect(idsOf(await readOn(own, START))).toEqual(idsOf(request.events));
      await holder.end();
      await own.close();
    },
  );

  test('numbers its places beyond 2³¹ and up to 2⁵³', async () => {
    await using old = await migrated();
    const own = await openPostgresLog(old);
    const client = new pg.Client(old);
    await client.connect();
    for (const [n, last] of [2n ** 31n - 2n, 2n ** 53n - 10n].entries()) {
      // As if so many events had come before.
      await client.query(
        `insert into palabre_log.log
                (position, stream_no, revision, version, event_id, recorded_at, type, stream, data, meta)
         values ($1, $1, 0, 1, gen_random_uuid(), now(), 'LampLit', $2, '{}', '{}')`,
        [last, `before-${n}`],
      );
      const after = await own.head();
      expect(after.position).toBe(last);
      const following = follow(own, { after }, (batches) => eventsOf(batches).length === 4);
      const written = events(4);
      const stream = newStream();
      expect(await append(own, stream, 'none', written.slice(0, 1))).toMatchObject({ first: { position: last + 1n } });
      expect(await append(own, stream, 0, written.slice(1))).toMatchObject({ last: { position: last + 4n } });
      expect(idsOf(eventsOf(await following))).toEqual(idsOf(written));
      expect((await readOn(own, after, 2)).map(({ position }) => position)).toEqual(
        [1n, 2n, 3n, 4n].map((m) => last + m),
      );
      expect(await readOn(own, after, 2, { types: ['LampLit'] })).toHaveLength(4);
      expect(decodeCursor(own.identity, encodeCursor(own.identity, await own.head()))).toEqual(await own.head());
    }
    await client.end();
    await own.close();
  });

  test('a log that was copied table by table into another database is the same log', async () => {
    await using other = await freshDatabase();
    const cursors = await Promise.all([log.head(), log.readAll({ after: START, limit: 7 })]).then(
      ([head, { cursor }]) => [head, cursor],
    );
    const remembered = anAppend({ expected: 'none' });
    const [first] = await log.append([remembered]);
    await migrate(other);
    const from = new pg.Client(database);
    const to = new pg.Client(other);
    await Promise.all([from.connect(), to.connect()]);
    await to.query('delete from palabre_log.head');
    for (const table of ['head', 'streams', 'log', 'commands'])
      await pipeline(
        from.query(copyTo(`copy palabre_log.${table} to stdout`)),
        to.query(copyFrom(`copy palabre_log.${table} from stdin`)),
      );
    await Promise.all([from.end(), to.end()]);
    const restored = await openPostgresLog(other);
    expect(restored.identity).toEqual(log.identity);
    expect(await readOn(restored, START)).toEqual(await readOn(log, START));
    for (const cursor of cursors) await restored.verify(cursor);
    expect(await restored.append([remembered])).toEqual([{ ...first, status: 'duplicate' }]);
    expect(await append(restored, remembered.stream, 0)).toMatchObject({ status: 'appended', revision: 1 });
    await restored.close();
  });

  test('a burst of hints costs one more reading, not one each', async () => {
    const reader = createReader(admin);
    let [reads, release] = [0, () => {}];
    const gate = new Promise<void>((open) => {
      release = open;
    });
    const page: typeof reader.page = async (...asked) => {
      reads += 1;
      await gate;
      return reader.page(...asked);
    };
    const tail = createTail({ ...reader, page }, silent);
    const joined = tail.join();
    await vi.waitFor(() => expect(reads).toBe(1));
    for (let n = 0; n < 1_000; n += 1) tail.hint(undefined);
    release();
    await joined;
    tail.hint(undefined);
    await tail.join();
    expect(reads).toBeLessThanOrEqual(4);
    tail.leave();
    tail.leave();
    await tail.close();
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
    // Who does not ask holds nothing meanwhile: no transaction, no snapshot.
    const held = `select from pg_stat_activity where datname = current_database() and application_name = 'palabre log' and xact_start is not null`;
    await vi.waitFor(async () => expect((await admin.query(held)).rowCount).toBe(0));
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
