import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createGate } from '../../src/adapters/kurrentdb-log/gate.ts';
import { openKurrentLog } from '../../src/adapters/kurrentdb-log/index.ts';
import type { AppendRequest, EventLog, Expected } from '../../src/core/event-log.ts';
import { START } from '../../src/core/position.ts';
import { type FakeKurrent, type Mischief, startFakeKurrent } from '../support/kurrentdb/fake.ts';
import { aCommand, append, event, events, eventsOf, follow, idsOf, newStream, readOn } from './appends.ts';

let fake: FakeKurrent;
let namespace: string;
let log: EventLog;
let warned: string[];

beforeAll(async () => {
  fake = await startFakeKurrent();
});
afterAll(() => fake[Symbol.asyncDispose]());

const open = (options: Partial<Parameters<typeof openKurrentLog>[0]> = {}) =>
  openKurrentLog({
    connectionString: fake.connectionString(),
    address: fake.address(),
    namespace,
    patience: 3_000,
    logger: { warn: (details, message) => warned.push(`${message} ${JSON.stringify(details)}`) },
    ...options,
  });

beforeEach(async () => {
  warned = [];
  namespace = `test-${randomUUID()}`;
  log = await open();
});
afterEach(async () => {
  fake.refuse('nobody');
  fake.goOn();
  await log.close();
});

const streamInServer = (stream: string) => new RegExp(`^${namespace}[.]${stream}$`);

/** An append with each kind of expectation, to a stream that is as it expects. */
const requestThat = async (expected: 'none' | 'exact' | 'any', size: number): Promise<AppendRequest> => {
  const stream = newStream();
  if (expected !== 'none') await append(log, stream, 'none', events(2));
  const wanted: Expected = expected === 'exact' ? 1 : expected;
  return aCommand({ stream, expected: wanted, events: events(size) });
};

describe('an append whose answer is lost', () => {
  const ends: Mischief[] = ['cut before', 'cut after', 'call fails after', 'stopping', 'not ready', 'denied'];
  const cells = ends.flatMap((mischief) =>
    (['none', 'exact', 'any'] as const).map((expected) => [mischief, expected] as const),
  );
  test.each(cells)('(%s, expecting %s) is sent again and stands in the log once', async (mischief, expected) => {
    const request = await requestThat(expected, 2);
    fake.plan(mischief, streamInServer(request.stream));
    const [outcome] = await log.append([request]);
    expect(fake.isPlanned()).toBe(false);
    const stored = await log.readStream(request.stream);
    expect(idsOf(stored).slice(-2)).toEqual(idsOf(request.events));
    expect(stored).toHaveLength(expected === 'none' ? 2 : 4);
    expect(outcome).toEqual({
      status: 'appended',
      first: { position: stored.at(-2)?.position, eventId: request.events[0]?.id },
      last: { position: stored.at(-1)?.position, eventId: request.events[1]?.id },
      revision: stored.length - 1,
    });
  });

  test.each(['none', 'exact', 'any'] as const)(
    '(expecting %s) by a process that then died is repeated by the next, on a server that has forgotten: once in the log',
    async (expected) => {
      const request = await requestThat(expected, 2);
      const dying = await open({ patience: 1_000 });
      fake.plan('silent after', streamInServer(request.stream));
      fake.plan('silent before', streamInServer(request.stream));
      expect(await dying.append([request])).toMatchObject([{ status: 'unknown' }]);
      await dying.close();
      await fake.restart();
      const next = await open();
      const [outcome] = await next.append([request]);
      expect(outcome?.status).toBe('duplicate');
      const stored = await next.readStream(request.stream);
      expect(idsOf(stored).slice(-2)).toEqual(idsOf(request.events));
      expect(stored).toHaveLength(expected === 'none' ? 2 : 4);
      await next.close();
    },
  );

  test('is never sent with a newer revision, even where others have appended meanwhile', async () => {
    const request = await requestThat('exact', 1);
    fake.plan('cut before', streamInServer(request.stream));
    fake.plan('not ready', streamInServer(request.stream));
    const other = await open();
    const [[outcome], second] = await Promise.all([
      log.append([request]),
      other.append([aCommand({ stream: request.stream, expected: 1 })]),
    ]);
    const statuses = [outcome?.status, second[0]?.status].toSorted();
    expect(statuses).toEqual(['appended', 'conflict']);
    expect(await log.readStream(request.stream)).toHaveLength(3);
    await other.close();
  });

  test('ends unknown where the server stays silent, in the time that it may take, and is once in the log when it is repeated', async () => {
    const hasty = await open({ patience: 600 });
    const request = aCommand({ expected: 'none' });
    fake.hang();
    const [outcome] = await hasty.append([request]);
    expect(outcome?.status).toBe('unknown');
    fake.goOn();
    const [again] = await hasty.append([request]);
    expect(['appended', 'duplicate']).toContain(again?.status);
    expect(await hasty.readStream(request.stream)).toHaveLength(1);
    await hasty.close();
  });

  test('takes no neighbour with it', async () => {
    const requests = Array.from({ length: 40 }, () => aCommand({ expected: 'none' }));
    fake.plan('call fails after', streamInServer(requests[20]?.stream ?? ''));
    const outcomes = await Promise.all(requests.map((request) => log.append([request])));
    expect(outcomes.flat().map(({ status }) => status)).toEqual(requests.map(() => 'appended'));
    const stored = await readOn(log, START);
    expect(new Set(idsOf(stored)).size).toBe(40);
    expect(stored).toHaveLength(40);
  });
});

test('one command sent through two openings at once happens once', async () => {
  const other = await open();
  const request = aCommand({ expected: 'none', events: events(3) });
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? log : other).append([request])),
  );
  const first = outcomes.flat().map((outcome) => ('first' in outcome ? outcome.first : outcome));
  expect(new Set(first.map((each) => JSON.stringify(each, (_, value) => `${value}`))).size).toBe(1);
  expect(await log.readStream(request.stream)).toHaveLength(3);
  await other.close();
});

test('an append that is larger than the server takes is refused, and harms no neighbour', async () => {
  await using small = await startFakeKurrent({ maxAppend: 10_000 });
  const own = await open({ connectionString: small.connectionString(), address: small.address() });
  const large = aCommand({ events: [event({ text: 'x'.repeat(12_000) })] });
  const outcomes = await own.append([aCommand(), large, aCommand()]);
  expect(outcomes).toMatchObject([
    { status: 'appended' },
    { status: 'refused', code: 'APPEND_TOO_LARGE' },
    { status: 'appended' },
  ]);
  await own.close();
});

test('only so much is in flight at once, in the order in which it came', async () => {
  const gate = createGate({ maxBytes: 100, maxAppends: 3 });
  const entered: number[] = [];
  const leave: (() => void)[] = [];
  const sizes = [60, 60, 10, 10, 10, 500];
  const all = sizes.map(async (size, n) => {
    leave[n] = await gate.enter(size);
    entered.push(n);
  });
  await vi.waitFor(() => expect(entered).toEqual([0]));
  leave[0]?.();
  await vi.waitFor(() => expect(entered).toEqual([0, 1, 2, 3]));
  for (const n of [1, 2, 3]) leave[n]?.();
  await vi.waitFor(() => expect(entered).toEqual([0, 1, 2, 3, 4]));
  leave[4]?.();
  await Promise.all(all);
  expect(entered).toEqual([0, 1, 2, 3, 4, 5]);
});

describe('a foreign hand', () => {
  test('that deleted a claimed stream does not make it free: who claims it again is stopped', async () => {
    const stream = newStream();
    await append(log, stream, 'none');
    fake.log.softDelete(`${namespace}.${stream}`);
    await expect(append(log, stream, 'none')).rejects.toThrow(/deleted or truncated by somebody else/);
  });

  test('that deleted a stream for good, or cut off its beginning, is told to whoever reads or appends there', async () => {
    const [gone, cut] = [newStream(), newStream()];
    for (const stream of [gone, cut]) await append(log, stream, 'none', events(3));
    fake.log.tombstone(`${namespace}.${gone}`);
    fake.log.truncate(`${namespace}.${cut}`, 2);
    await expect(log.readStream(gone)).rejects.toThrow(/deleted for good/);
    await expect(append(log, gone, 2)).rejects.toThrow(/deleted for good/);
    await expect(log.readStream(cut)).rejects.toThrow(/lacks what stood at revision 0/);
    expect(await append(log, newStream(), 'none')).toMatchObject({ status: 'appended' });
  });

  test('that wrote into a stream of ours is passed over by those who follow, and named', async () => {
    const after = await log.head();
    const iterator = log.subscribe({ after })[Symbol.asyncIterator]();
    await iterator.next();
    const stream = newStream();
    await append(log, stream, 'none');
    fake.log.system(`${namespace}.${stream}`, 'Strange', '{"not": "ours"}');
    fake.log.system(`${namespace}.other`, 'Broken', 'no JSON at all');
    fake.log.system('somebody-else', 'Strange');
    await append(log, newStream(), 'none');
    const given: string[] = [];
    while (given.length < 2) given.push(...idsOf((await iterator.next()).value.events));
    await iterator.return?.();
    expect(await readOn(log, after)).toHaveLength(2);
    await expect(log.readStream(stream)).rejects.toThrow(/what Palabre did not write/);
    expect(warned.join()).toContain('Somebody else wrote into a stream of Palabre');
  });

  test('that fills the server with other streams delays nothing and is not seen', async () => {
    const written = events(60);
    for (const each of written) {
      for (let n = 0; n < 10; n += 1) fake.log.system('somebody-else', 'Strange');
      await append(log, newStream(), 'none', [each]);
    }
    for (let n = 0; n < 300; n += 1) fake.log.system('somebody-else', 'Strange');
    expect(idsOf(await readOn(log, START, 7))).toEqual(idsOf(written));
    expect((await log.head()).eventId).toBe(written.at(-1)?.id);
    const batches = await follow(log, { after: START }, (all) => all.at(-1)?.caughtUp === true);
    expect(idsOf(eventsOf(batches))).toEqual(idsOf(written));
  });
});

describe('following', () => {
  test('goes on after every cut with the rest and only the rest', async () => {
    const written: string[] = [];
    const given: string[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const batch of log.subscribe({ after: START, signal: stop.signal }))
        given.push(...idsOf(batch.events));
    })();
    for (let round = 0; round < 4; round += 1) {
      for (let n = 0; n < 25; n += 1) {
        const request = aCommand({ expected: 'none', events: events(1 + (n % 2)) });
        await log.append([request]);
        written.push(...idsOf(request.events));
        for (let k = 0; k < 7; k += 1) fake.log.system('somebody-else', 'Strange');
      }
      await fake.cut();
    }
    await vi.waitFor(() => expect(given.length).toBeGreaterThanOrEqual(written.length), { timeout: 20_000 });
    expect(given).toEqual(written);
    stop.abort();
    await following;
  });

  test('a subscription that hangs is noticed and made again', async () => {
    const watchful = await open({ watch: 50 });
    const after = await log.head();
    const iterator = watchful.subscribe({ after })[Symbol.asyncIterator]();
    await iterator.next();
    fake.mute(true);
    const request = aCommand();
    await log.append([request]);
    const coming = iterator.next();
    await vi.waitFor(() => expect(warned.join()).toContain('stands still'), { timeout: 10_000 });
    fake.mute(false);
    expect(idsOf((await coming).value.events)).toEqual(idsOf(request.events));
    await iterator.return?.();
    await watchful.close();
  });

  test('a log that was restored from an older backup is refused by name, and never followed in silence', async () => {
    await append(log, newStream(), 'none', events(3));
    const backup = fake.log.backup();
    await append(log, newStream(), 'none', events(5));
    const ahead = await log.head();
    const watchful = await open({ watch: 50 });
    const iterator = watchful.subscribe({ after: ahead })[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    fake.log.restore(backup);
    await fake.cut();
    await expect(waiting).rejects.toMatchObject({ code: 'CURSOR_FROM_THE_FUTURE' });
    await expect(log.verify(ahead)).rejects.toMatchObject({ code: 'CURSOR_FROM_THE_FUTURE' });
    await expect(follow(log, { after: ahead }, () => true)).rejects.toMatchObject({ code: 'CURSOR_FROM_THE_FUTURE' });
    await append(await reopened(), newStream(), 'none', [event({ text: 'x'.repeat(9_000) }), event()]);
    await expect(log.verify(ahead)).rejects.toMatchObject({ code: 'CURSOR_OF_OLDER_INCARNATION' });
    await watchful.close();
  });

  const reopened = async () => {
    await log.close();
    log = await open();
    return log;
  };

  test('a time is the same by whatever way an event is read, and may go back', async () => {
    fake.log.setClock(() => Date.parse('2026-03-04T05:06:07.891Z'));
    const after = await log.head();
    const coming = follow(log, { after }, (batches) => eventsOf(batches).length === 2);
    const stream = newStream();
    await append(log, stream, 'none');
    fake.log.setClock(() => Date.parse('2026-03-04T05:06:01.234Z'));
    await append(log, stream, 0);
    fake.log.setClock(Date.now);
    const timesOf = (read: readonly { recordedAt: string }[]) => read.map(({ recordedAt }) => recordedAt);
    const times = ['2026-03-04T05:06:07.000Z', '2026-03-04T05:06:01.000Z'];
    expect(timesOf(eventsOf(await coming))).toEqual(times);
    expect(timesOf(await readOn(log, after))).toEqual(times);
    expect(timesOf(await log.readStream(stream))).toEqual(times);
    expect(log.capabilities).toMatchObject({ recordedAtMonotonic: false, densePositions: false });
  });
});

describe('opening', () => {
  test('by many at once gives the log one identity, and it stays', async () => {
    namespace = `test-${randomUUID()}`;
    const opened = await Promise.all([open(), open(), open()]);
    expect(new Set(opened.map(({ identity }) => identity.logId)).size).toBe(1);
    await Promise.all(opened.map((each) => each.close()));
    const again = await open();
    expect(again.identity).toEqual(opened[0]?.identity);
    await again.close();
  });

  const PASSWORD = 'sesame-open-up';
  const problem = async (address: string, query = 'tls=false&discoveryInterval=20') => {
    const error = await open({
      connectionString: `kurrentdb://${address}?${query}`,
      address,
      startPatience: 1_000,
    }).catch((thrown: Error) => thrown);
    if (!(error instanceof Error)) throw new Error('It opened.');
    expect(error.name).toBe('KurrentFault');
    expect(`${error.message} ${error.stack} ${JSON.stringify(error.cause)}`).not.toContain(PASSWORD);
    return error.message;
  };

  test('a server that is absent is named, with what to look for', async () => {
    expect(await problem('127.0.0.1:1')).toBe(
      'Palabre cannot reach the KurrentDB at 127.0.0.1:1 (KURRENTDB_URL). Is it running, and may this machine reach it?',
    );
  });

  test('what listens there and is no KurrentDB is told apart from one that is absent', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await problem(`127.0.0.1:${port}`)).toContain('does not answer as a KurrentDB does');
    server.close();
  });

  test('a server that speaks no TLS to one who does is told', async () => {
    expect(await problem(fake.address(), `tls=true&discoveryInterval=20`)).toContain('does only one side use TLS');
  });

  test('refused credentials are told at once', async () => {
    fake.refuse('everybody');
    expect(await problem(fake.address())).toContain('refuses this user or password');
  });

  test('one that takes no appends is told where the log is to begin, and opens where there is one', async () => {
    fake.refuse('writers');
    const standing = await open();
    expect(idsOf(await readOn(standing, START))).toEqual([]);
    await standing.close();
    namespace = `test-${randomUUID()}`;
    expect(await problem(fake.address())).toContain('does not let the user read and append');
  });

  test('a server that is silent is told', async () => {
    fake.hang();
    expect(await problem(fake.address())).toContain('gives no answer');
  });

  test('what the client says of a connection string is never shown', async () => {
    const error = await open({ connectionString: `kurrentdb://me:${PASSWORD}@`, address: 'somewhere' }).catch(
      (thrown: Error) => thrown,
    );
    expect(`${error}`).toContain('not a connection string');
    expect(`${error} ${(error as Error).stack}`).not.toContain(PASSWORD);
  });
});

test('a promise that the client leaves to nobody is noted, and does not end the process', async () => {
  const heed = process.listeners('unhandledRejection').at(-1) ?? expect.fail('nobody listens');
  const orphan = new Error('write after end');
  orphan.stack = `${orphan}\n    at BackpressureQueue (/app/node_modules/@kurrent/kurrentdb-client/dist/utils/write.js:1:1)`;
  heed(orphan, Promise.resolve());
  expect(warned.join()).toContain('gave up something that nobody waits for');
  warned.length = 0;
  heed(new Error('our own bug'), Promise.resolve());
  expect(warned).toEqual([]);
});

test('while the server is away reading says so in words, and what was asked again goes on when it is back', async () => {
  const hasty = await open({ patience: 400 });
  await fake.stop();
  await expect(hasty.head()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  expect(await hasty.append([aCommand()])).toMatchObject([{ status: 'unknown' }]);
  await fake.start();
  await vi.waitFor(async () => expect(await append(hasty, newStream(), 'none')).toMatchObject({ status: 'appended' }));
  await hasty.close();
});
