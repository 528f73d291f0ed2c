import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { openKurrentLog } from '../../src/adapters/kurrentdb-log/index.ts';
import { readKurrentUrl } from '../../src/config/kurrentdb.ts';
import type { AppendRequest, EventLog } from '../../src/core/event-log.ts';
import { START } from '../../src/core/position.ts';
import { aCommand, events, idsOf, readOn } from '../adapters/appends.ts';
import { atLength } from '../support/at-length.ts';
import { startCuttingProxy } from '../support/kurrentdb/cutting-proxy.ts';

const url = process.env.TEST_KURRENTDB_URL ?? '';
const open = (through = url, namespace = `test-${randomUUID().slice(0, 8)}`) => {
  const read = readKurrentUrl(through, namespace);
  if ('fault' in read) throw new Error(`TEST_KURRENTDB_URL ${read.fault}.`);
  return openKurrentLog({ ...read.settings, watch: 1_000 });
};

const ROUNDS = atLength(6, 60);
const WRITERS = 8;

/** The nth of many commands that begin a stream with a few events. */
const creating = (n: number) => aCommand({ expected: 'none', events: events(1 + (n % 3)) });

/** Many write and two follow while something goes wrong again and again; at the end everything is in the log once, in one order. */
const whileThingsGoWrong = async (log: EventLog, goWrong: () => Promise<void>) => {
  const acknowledged: string[] = [];
  const unknown: AppendRequest[] = [];
  let over = false;
  const write = async () => {
    for (let n = 0; !over; n += 1) {
      const request = creating(n);
      const [outcome] = await log.append([request]);
      if (outcome?.status === 'appended' || outcome?.status === 'duplicate')
        acknowledged.push(...idsOf(request.events));
      else if (outcome?.status === 'unknown') unknown.push(request);
      else expect.fail(JSON.stringify(outcome));
    }
  };
  const stop = new AbortController();
  const given: string[][] = [[], []];
  const following = given.map(async (ids) => {
    for await (const batch of log.subscribe({ after: START, signal: stop.signal })) ids.push(...idsOf(batch.events));
  });
  const writing = Array.from({ length: WRITERS }, write);
  for (let round = 0; round < ROUNDS; round += 1) {
    await sleep(400);
    await goWrong();
  }
  await sleep(400);
  over = true;
  await Promise.all(writing);
  for (const request of unknown) {
    const settled = await vi.waitFor(
      async () => {
        const [outcome] = await log.append([request]);
        expect(['appended', 'duplicate']).toContain(outcome?.status);
        return idsOf(request.events);
      },
      { timeout: 60_000 },
    );
    acknowledged.push(...settled);
  }
  const stored = idsOf(await readOn(log, START));
  expect(new Set(stored).size).toBe(stored.length);
  expect(acknowledged.length).toBeGreaterThan(20);
  expect(new Set(stored)).toEqual(new Set(acknowledged));
  await vi.waitFor(() => expect(given.map(({ length }) => length)).toEqual([stored.length, stored.length]), {
    timeout: 60_000,
  });
  for (const ids of given) expect(ids).toEqual(stored);
  stop.abort();
  await Promise.all(following);
};

test('a connection that is cut again and again loses nothing, repeats nothing and changes no order', async () => {
  await using proxy = await startCuttingProxy(url);
  const log = await open(proxy.url);
  await whileThingsGoWrong(log, async () => proxy.cut());
  await log.close();
}, 600_000);

describe.runIf(process.env.TEST_KURRENTDB_PIDFILE)('a server that is ours to stop', () => {
  const group = () => -Number(readFileSync(process.env.TEST_KURRENTDB_PIDFILE ?? '', 'utf8'));

  test('stands still for a while: nothing is lost, repeated or out of order', async () => {
    const log = await open();
    await whileThingsGoWrong(log, async () => {
      process.kill(group(), 'SIGSTOP');
      await sleep(1_500);
      process.kill(group(), 'SIGCONT');
    });
    await log.close();
  }, 600_000);

  test('is killed and comes back: nothing is lost, repeated or out of order', async () => {
    const log = await open();
    await whileThingsGoWrong(log, async () => {
      const killed = group();
      process.kill(killed, 'SIGKILL');
      await vi.waitFor(() => expect(group()).not.toBe(killed), { timeout: 60_000 });
      await vi.waitFor(() => log.head(), { timeout: 120_000, interval: 200 });
    });
    await log.close();
  }, 1_200_000);

  test('was killed before an append was answered: the next process repeats it, and it stands there once', async () => {
    const namespace = `test-${randomUUID().slice(0, 8)}`;
    for (let n = 0; n < ROUNDS; n += 1) {
      const log = await open(url, namespace);
      const requests = Array.from({ length: 20 }, (_, k) => creating(k));
      const sent = Promise.all(requests.map((request) => log.append([request]).catch(() => [])));
      await sleep(n * 3);
      const killed = group();
      process.kill(killed, 'SIGKILL');
      void sent;
      await vi.waitFor(() => expect(group()).not.toBe(killed), { timeout: 60_000 });
      const next = await vi.waitFor(() => open(url, namespace), { timeout: 120_000 });
      for (const request of requests) {
        const [outcome] = await next.append([request]);
        expect(['appended', 'duplicate']).toContain(outcome?.status);
        expect(idsOf(await next.readStream(request.stream))).toEqual(idsOf(request.events));
      }
      await sent;
      await Promise.all([log.close(), next.close()]);
    }
  }, 1_200_000);
});
