import { expect, test } from 'vitest';
import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import type { FoldedEvent, StoredEvent } from '../../src/core/event.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import { createLive, type LiveItem, type LiveTools } from '../../src/core/live.ts';
import { endOfMany } from '../../src/core/patience.ts';
import { type Cursor, START } from '../../src/core/position.ts';
import { anAppend, event } from '../adapters/appends.ts';

const read = ({ metadata, ...stored }: StoredEvent): FoldedEvent => ({
  ...stored,
  ...metadata,
  data: stored.data as never,
});

/** A log in memory, and what follows it. */
const openLive = async (more: Partial<LiveTools> = {}) => {
  const log = await openMemoryLog();
  const tools = { log, catalogue: { read }, waitFor: async () => 'reached' as const };
  return { log, live: createLive({ ...tools, ...more }) };
};

const publish = (log: EventLog, count: number, communityId = 'garden') =>
  log.append(Array.from({ length: count }, (_, n) => anAppend({ events: [event({ communityId, n })] })));

const follow = (live: ReturnType<typeof createLive>, after: Cursor | null, signal = new AbortController().signal) =>
  live.follow({ after, communityId: 'garden', types: ['LampLit'], shownBy: [], signal });

/** The next so many events, marks left out. */
const take = async (items: AsyncGenerator<LiveItem>, count: number): Promise<bigint[]> => {
  const taken: bigint[] = [];
  while (taken.length < count) {
    const { value, done } = await items.next();
    if (done) break;
    if (value.live) taken.push(value.live.event.position);
  }
  return taken;
};

const places = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => BigInt(from + n));

test('of two thousand followers one stands still, and the others are given everything at once', async () => {
  const { log, live } = await openLive();
  const stop = endOfMany();
  const followers = Array.from({ length: 2_000 }, () => follow(live, null, stop.signal));
  await Promise.all(followers.map((items) => items.next()));
  const [blocked, ...others] = followers;
  await publish(log, 20);
  for (const taken of await Promise.all(others.map((items) => take(items, 20)))) expect(taken).toEqual(places(1, 20));
  if (blocked) expect(await take(blocked, 20)).toEqual(places(1, 20));
  stop.abort();
});

test('for a follower that does not ask no more is kept than is allowed, and it misses nothing', async () => {
  let [reads, kept] = [0, 0];
  const log = await openMemoryLog();
  const counted: LiveTools['log'] = {
    ...log,
    readAll: (options) => {
      reads += 1;
      return log.readAll(options);
    },
  };
  const { live } = await openLive({ log: counted, held: 10 });
  const stop = new AbortController();
  const [slow, quick] = [follow(live, START, stop.signal), follow(live, START, stop.signal)];
  await Promise.all([slow.next(), quick.next()]);
  for (let n = 0; n < 50; n += 1) {
    await publish(log, 10);
    kept += (await take(quick, 10)).length;
  }
  expect(kept).toBe(500);
  // The quick one was level all the time; the slow one was left behind after ten and reads on from storage.
  const before = reads;
  expect(await take(slow, 500)).toEqual(places(1, 500));
  expect(reads).toBeGreaterThan(before);
  await publish(log, 3);
  expect(await take(slow, 3)).toEqual(places(501, 503));
  stop.abort();
});

test('whoever is left behind again and again is given each event once', async () => {
  const { log, live } = await openLive({ held: 3 });
  const stop = new AbortController();
  const items = follow(live, START, stop.signal);
  const writing = (async () => {
    for (let n = 0; n < 200; n += 1) {
      await publish(log, 1 + (n % 7));
      if (n % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const total = Array.from({ length: 200 }, (_, n) => 1 + (n % 7)).reduce((sum, n) => sum + n, 0);
  expect(await take(items, total)).toEqual(places(1, total));
  await writing;
  stop.abort();
});
