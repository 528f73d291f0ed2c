import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import type { Waited } from '../../src/core/consistency.ts';
import type { NewEvent } from '../../src/core/event.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import { leavable, mapped } from '../../src/core/handed.ts';
import { createLive, type Following, type LiveItem } from '../../src/core/live.ts';
import { type Cursor, START } from '../../src/core/position.ts';
import { append, happened, read } from './support/ledger.ts';

let log: EventLog;
beforeEach(async () => {
  log = await openMemoryLog();
});
afterEach(() => log.close());

const one = (communityId = 'here', type = 'Happened'): NewEvent => ({ ...happened([], type), data: { communityId } });
const some = (count: number) => Array.from({ length: count }, () => one());

type Options = { readonly heartbeatMs?: number; readonly held?: number; readonly shown?: () => Promise<Waited> };

const open = ({ heartbeatMs = 60_000, held = 4, shown = async () => 'reached' }: Options = {}) => {
  const live = createLive({ log, catalogue: { read }, waitFor: shown, heartbeatMs, held });
  return (following: Partial<Following> = {}) =>
    leavable((signal) =>
      live.follow({ after: null, communityId: 'here', types: null, shownBy: ['shown'], signal, ...following }),
    );
};

const idsOf = (events: readonly NewEvent[]) => events.map(({ id }) => id);

/** The ids of so many events that a follower is given. */
const take = async (items: AsyncIterator<LiveItem>, count: number) => {
  const ids: string[] = [];
  while (ids.length < count) {
    const { value } = (await items.next()) as { value: LiveItem };
    if (value.live) ids.push(value.live.event.id);
  }
  return ids;
};

test('what stood in the log comes first, then a mark, then what comes', async () => {
  const before = some(3);
  await append(log, before);
  const items = open()({ after: START });
  expect(await take(items, 3)).toEqual(idsOf(before));
  expect((await items.next()).value).toMatchObject({ caughtUp: true, live: null });
  const after = some(2);
  await append(log, after);
  expect(await take(items, 2)).toEqual(idsOf(after));
  await items.return(undefined);
});

test('a follower who is left behind in memory is read for from storage, and misses nothing', async () => {
  const items = open({ held: 4 })();
  expect((await items.next()).value).toMatchObject({ caughtUp: true });
  const many: NewEvent[] = [];
  for (let n = 0; n < 30; n++) {
    const more = some(3);
    many.push(...more);
    await append(log, more);
  }
  expect(await take(items, many.length)).toEqual(idsOf(many));
  const last = some(1);
  await append(log, last);
  expect(await take(items, 1)).toEqual(idsOf(last));
  await items.return(undefined);
});

test('wherever followers stop and go on, each is given the rest and only the rest', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.constantFrom('here', 'there'), { minLength: 1, maxLength: 5 }), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.constantFrom('asks', 'is handed', 'is handed and is slow'), { minLength: 1, maxLength: 4 }),
      async (batches, cuts, ways) => {
        const own = await openMemoryLog();
        const live = createLive({ log: own, catalogue: { read }, waitFor: async () => 'reached', held: 2 });
        const all: NewEvent[] = [];
        const writing = (async () => {
          for (const batch of batches) {
            const events = batch.map((where) => one(where));
            all.push(...events);
            // Some followers are level with the log by then.
            for (let turns = batch.length; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
            await append(own, events);
          }
          await append(own, [one('here', 'Last')]);
        })();
        const given: string[] = [];
        let after: Cursor = START;
        for (let n = 0, isOver = false; !isOver; n++) {
          const leaving = new AbortController();
          const following = { after, communityId: 'here', types: null, shownBy: ['shown'], signal: leaving.signal };
          let left = cuts[n % cuts.length] ?? 1;
          const hear = ({ cursor, live: item }: LiveItem) => {
            expect(leaving.signal.aborted).toBe(false);
            after = cursor;
            isOver = item?.event.type === 'Last';
            if (item && !isOver) given.push(item.event.id);
            left -= 1;
            if (left === 0 || isOver) leaving.abort();
          };
          const way = ways[n % ways.length];
          await new Promise((resolve) => setImmediate(resolve));
          let isTaking = false;
          const items = live.follow(following);
          if (way === 'asks') for await (const item of items) hear(item);
          else
            await items.handTo(async (item) => {
              expect(isTaking).toBe(false);
              hear(item);
              isTaking = way === 'is handed and is slow';
              if (isTaking) await new Promise((resolve) => setImmediate(resolve));
              isTaking = false;
            });
        }
        await writing;
        const wanted = all.filter(({ data }) => (data as { communityId: string }).communityId === 'here');
        expect(given).toEqual(idsOf(wanted));
        await own.close();
      },
    ),
    { numRuns: 60 },
  ));

test('nothing is given before it is shown, also to who joins while others wait', async () => {
  let show = () => {};
  const isShown = new Promise<Waited>((resolve) => {
    show = () => resolve('reached');
  });
  const follow = open({ shown: () => isShown });
  const items = [follow(), follow({ communityId: null })];
  for (const each of items) await each.next();
  const [event] = some(1);
  await append(log, [event ?? expect.fail()]);
  const given: string[] = [];
  const taking = items.map(async (each) => given.push(...(await take(each, 1))));
  await log.head();
  expect(given).toEqual([]);
  show();
  await Promise.all(taking);
  expect(given).toEqual([event?.id, event?.id]);
  await Promise.all(items.map((each) => each.return(undefined)));
});

test('a heartbeat says how far it is, past what is of no concern and what is passed over', async () => {
  const follow = open({ heartbeatMs: 10 });
  const items = follow();
  await items.next();
  const there = await append(log, [one('there')]);
  for (;;) {
    const { value } = (await items.next()) as { value: LiveItem };
    expect(value.live).toBeNull();
    if (value.cursor.position === there.position) break;
  }
  await items.return(undefined);

  const picky = follow({ after: START, communityId: null, isChosen: () => false, heartbeatMs: 0 });
  expect((await picky.next()).value).toMatchObject({ cursor: there, live: null });
  await picky.return(undefined);
});

test('a heartbeat is handed over too', async () => {
  const items = open({ heartbeatMs: 10 })();
  const there = await append(log, [one('there')]);
  const places: bigint[] = [];
  await items.handTo(({ cursor, live }) => {
    expect(live).toBeNull();
    places.push(cursor.position);
    if (places.length === 3) void items.return(undefined);
  });
  expect(places).toEqual([there.position, there.position, there.position]);
});

test('a taker that fails, at once or later, from storage or from memory, ends what it is handed and is told why', async () => {
  await append(log, some(1));
  const fails = [
    () => {
      throw new Error('no room');
    },
    () => Promise.reject(new Error('no room')),
  ];
  for (const fail of fails)
    for (const after of [START, null]) {
      const given: string[] = [];
      let onMark = () => {};
      const marked = new Promise<void>((resolve) => {
        onMark = resolve;
      });
      const handing = open()({ after }).handTo(({ live }) => {
        if (!live) return onMark();
        given.push(live.event.id);
        return fail();
      });
      const failed = expect(handing).rejects.toThrow('no room');
      if (!after) {
        await marked;
        await append(log, some(1));
      }
      await failed;
      const others = open()();
      await others.next();
      const later = some(2);
      await append(log, later);
      expect(await take(others, 2)).toEqual(idsOf(later));
      await others.return(undefined);
      expect(given).toHaveLength(1);
    }
});

test('where nothing can be made of an item, what gave it is left, and the error is told once', async () => {
  for (const fail of [() => Promise.reject(new Error('lost sight')), () => JSON.parse('nothing')]) {
    const items = open()();
    const made = mapped(items, ({ live }) => (live === null ? 'mark' : fail()));
    expect(await made.next()).toEqual({ done: false, value: 'mark' });
    const next = made.next();
    await append(log, [one()]);
    await expect(next).rejects.toThrow();
    expect((await items.next()).done).toBe(true);
    expect((await made.next()).done).toBe(true);
  }
});

test('what is made of items is left with them', async () => {
  const items = open()();
  const made = mapped(items, ({ caughtUp }) => caughtUp);
  expect(await made.next()).toEqual({ done: false, value: true });
  const waiting = made.next();
  await made.return(undefined);
  expect((await waiting).done).toBe(true);
  expect((await items.next()).done).toBe(true);
});

test('choices that take time are waited for, in order, and what is passed over is not given', async () => {
  const events = some(6);
  const slow = new Set(events.slice(0, 3).map(({ id }) => id));
  const items = open()({
    isChosen: ({ event: { id } }) => {
      const isEven = events.findIndex((event) => event.id === id) % 2 === 0;
      return slow.has(id) ? new Promise((resolve) => setImmediate(resolve, isEven)) : isEven;
    },
  });
  await items.next();
  for (const event of events) await append(log, [event]);
  expect(await take(items, 3)).toEqual([0, 2, 4].map((n) => events[n]?.id));
  await items.return(undefined);
});

test('leaving ends what is waited for, at once', async () => {
  const items = open()();
  await items.next();
  const waiting = items.next();
  await items.return(undefined);
  expect((await waiting).done).toBe(true);
});

test('a place that the log does not know is refused', async () => {
  await append(log, some(2));
  const elsewhere = { position: 1n, eventId: randomUUID() };
  await expect(open()({ after: elsewhere }).next()).rejects.toMatchObject({ code: 'CURSOR_OF_OLDER_INCARNATION' });
  const beyond = { position: 9n, eventId: randomUUID() };
  await expect(open()({ after: beyond }).next()).rejects.toMatchObject({ code: 'CURSOR_FROM_THE_FUTURE' });
});
