import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AllStreamResolvedEvent,
  type JSONType,
  jsonEvent,
  KurrentDBClient,
  type Position,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

/**
 * What the log's adapter relies on in a server, and what the fake therefore does: asked of both, with the bare client. `url` is of
 * a server on which the test may write.
 */
export const kurrentRules = (name: string, url: () => Promise<string>) => {
  describe(name, () => {
    let client: KurrentDBClient;
    let prefix: string;

    beforeAll(async () => {
      client = KurrentDBClient.connectionString(await url());
      prefix = `rules-${randomUUID().slice(0, 8)}.`;
    });
    afterAll(() => client.dispose());

    const stream = () => `${prefix}${randomUUID()}`;
    const events = (count: number, data: JSONType = {}) =>
      Array.from({ length: count }, () => jsonEvent({ type: 'Lamp', data, metadata: { lit: true } }));
    const filter = () => streamNameFilter({ prefixes: [prefix] });
    const readAll = async (from: Position | 'start' | 'end', maxCount = 100, direction?: 'backwards') => {
      const read: AllStreamResolvedEvent[] = [];
      const asked = { fromPosition: from, maxCount, filter: filter(), ...(direction && { direction }) };
      for await (const resolved of client.readAll(asked)) read.push(resolved);
      return read.flatMap(({ event }) => event ?? []);
    };
    const readStream = async (of: string) => {
      const read = [];
      for await (const { event } of client.readStream(of)) if (event) read.push(event);
      return read;
    };
    const failing = (work: Promise<unknown>) =>
      work.then(
        () => expect.fail('It succeeded.'),
        (error: { type?: string; message: string; actualState?: unknown; maxAppendSize?: number }) => error,
      );

    test('of many first appends one wins, and the others hear of a wrong version', async () => {
      const name = stream();
      const all = await Promise.allSettled(
        Array.from({ length: 20 }, () => client.appendToStream(name, events(1), { streamState: 'no_stream' })),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const lost = all.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      expect(new Set(lost.map(({ type, actualState }) => `${type} ${actualState}`))).toEqual(
        new Set(['wrong-expected-version 0']),
      );
    });

    test('an append sent again as it was is known by its ids and revision, also when the stream has gone on', async () => {
      const name = stream();
      const first = events(2);
      const written = await client.appendToStream(name, first, { streamState: 'no_stream' });
      expect(written.nextExpectedRevision).toBe(1n);
      const later = events(1);
      await client.appendToStream(name, later, { streamState: 1n });
      await client.appendToStream(name, events(1), { streamState: 2n });
      const again = await client.appendToStream(name, first, { streamState: 'no_stream' });
      expect(again).toEqual(written);
      expect((await client.appendToStream(name, later, { streamState: 1n })).nextExpectedRevision).toBe(2n);
      expect(await readStream(name)).toHaveLength(4);
    });

    test('a part of it is taken for all of it, more than it is a wrong version, and other data under its ids is dropped', async () => {
      const name = stream();
      const first = events(3, { kept: true });
      const [one] = first;
      if (!one) throw new Error('An event is needed.');
      await client.appendToStream(name, first, { streamState: 'no_stream' });
      const part = await client.appendToStream(name, first.slice(0, 2), { streamState: 'no_stream' });
      expect(part.nextExpectedRevision).toBe(1n);
      const more = await failing(client.appendToStream(name, [...first, ...events(1)], { streamState: 'no_stream' }));
      expect(more.type).toBe('wrong-expected-version');
      await client.appendToStream(name, [{ ...one, data: { kept: false } }], { streamState: 'no_stream' });
      expect((await readStream(name)).map(({ data }) => data)).toEqual([
        { kept: true },
        { kept: true },
        { kept: true },
      ]);
    });

    test('with the current revision a known id is written once more', async () => {
      const name = stream();
      const first = events(1);
      await client.appendToStream(name, first, { streamState: 'no_stream' });
      await client.appendToStream(name, first, { streamState: 0n });
      expect(await readStream(name)).toHaveLength(2);
    });

    test('nothing at all is appended with success, where there is no stream', async () => {
      expect(await client.appendToStream(stream(), [], { streamState: 'no_stream' })).toMatchObject({ success: true });
    });

    test('an append beyond the limit says so, and what the limit is', async () => {
      const large = events(1, { text: 'x'.repeat(1_100_000) });
      expect(await failing(client.appendToStream(stream(), large, { streamState: 'no_stream' }))).toMatchObject({
        type: 'maximum-append-size-exceeded',
        maxAppendSize: 1_048_576,
      });
    });

    test('every event has a place with equal halves, reads of streams tell it, and an append answers that of its last', async () => {
      const name = stream();
      const { position } = await client.appendToStream(name, events(3), { streamState: 'no_stream' });
      const read = (await readAll('start', 1_000)).filter(({ streamId }) => streamId === name);
      expect(read.map((each) => each.position.commit)).toEqual(read.map((each) => each.position.prepare));
      expect(read.at(-1)?.position).toEqual(position);
      expect((await readStream(name)).map((each) => each.position)).toEqual(read.map((each) => each.position));
    });

    test('a read begins with the event at its place, a subscription behind it', async () => {
      const name = stream();
      await client.appendToStream(name, events(3), { streamState: 'no_stream' });
      const [, second, third] = (await readAll('start', 1_000)).filter(({ streamId }) => streamId === name);
      if (!second || !third) throw new Error('Three events are needed.');
      expect((await readAll(second.position, 1)).map(({ id }) => id)).toEqual([second.id]);
      const subscription = client.subscribeToAll({ fromPosition: second.position, filter: filter() });
      for await (const { event } of subscription) {
        expect(event?.id).toBe(third.id);
        break;
      }
      const [newest] = await readAll('end', 1, 'backwards');
      expect(newest?.position.commit).toBeGreaterThanOrEqual(third.position.commit);
    });

    test('a place beyond the end is taken in silence: nothing is read, and nothing is ever delivered', async () => {
      const beyond = { commit: 1n << 50n, prepare: 1n << 50n };
      expect(await readAll(beyond)).toEqual([]);
      const heard: unknown[] = [];
      const subscription = client.subscribeToAll({ fromPosition: beyond, filter: filter() });
      subscription.on('data', (resolved) => heard.push(resolved)).on('error', () => {});
      await new Promise((resolve) => subscription.once('confirmation', resolve));
      await client.appendToStream(stream(), events(1), { streamState: 'no_stream' });
      await sleep(300);
      expect(heard).toEqual([]);
      await subscription.unsubscribe();
    });

    test('a place between two events is no place, and is called an outage', async () => {
      const name = stream();
      await client.appendToStream(name, events(2, { text: 'x'.repeat(500) }), { streamState: 'no_stream' });
      const [first] = await readStream(name);
      const between = (first?.position?.commit ?? 0n) + 7n;
      expect((await failing(readAll({ commit: between, prepare: between }, 1))).type).toBe('unavailable');
    });

    test('a checkpoint may not cover the event at its place; resumed from it, nothing is missing', async () => {
      const other = `other-${randomUUID()}`;
      const name = stream();
      for (let n = 0; n < 40; n += 1) {
        await client.appendToStream(other, events(3), { streamState: 'any' });
        await client.appendToStream(name, events(1), { streamState: n === 0 ? 'no_stream' : BigInt(n - 1) });
      }
      const ids = (await readStream(name)).map(({ id }) => id);
      const places: Position[] = [];
      const heard: string[] = [];
      const own = streamNameFilter({
        prefixes: [name],
        checkpointReached: (_, place) => void places.push(place),
      });
      const subscription = client.subscribeToAll({ fromPosition: 'start', filter: own });
      subscription.on('data', ({ event }) => event && heard.push(event.id)).on('error', () => {});
      await vi.waitFor(() => expect(heard).toEqual(ids), { timeout: 20_000 });
      await subscription.unsubscribe();
      expect(places.length).toBeGreaterThan(0);
      // Whether its halves differ is the server's choice: on a log that is short, they may all be equal.
      const positions = (await readStream(name)).map(({ position }) => position?.commit ?? 0n);
      for (const place of places.slice(-5)) {
        const rest = ids.filter(
          (_, n) =>
            (positions[n] ?? 0n) > place.commit ||
            ((positions[n] ?? 0n) === place.commit && place.prepare < place.commit),
        );
        const given: string[] = [];
        const resumed = client.subscribeToAll({ fromPosition: place, filter: streamNameFilter({ prefixes: [name] }) });
        resumed.on('data', ({ event }) => event && given.push(event.id)).on('error', () => {});
        await vi.waitFor(() => expect(given).toEqual(rest), { timeout: 20_000 });
        await resumed.unsubscribe();
      }
    });

    test('a time has whole seconds in reads, and more in subscriptions', async () => {
      const name = stream();
      const seen: Date[] = [];
      const subscription = client.subscribeToAll({
        fromPosition: 'end',
        filter: streamNameFilter({ prefixes: [name] }),
      });
      subscription.on('data', ({ event }) => event && seen.push(event.created)).on('error', () => {});
      await new Promise((resolve) => subscription.once('caughtUp', resolve));
      for (let n = 0; n < 5; n += 1) {
        await client.appendToStream(name, events(1), { streamState: n === 0 ? 'no_stream' : BigInt(n - 1) });
        await sleep(3);
      }
      await vi.waitFor(() => expect(seen).toHaveLength(5));
      await subscription.unsubscribe();
      const read = (await readStream(name)).map(({ created }) => created.getTime());
      expect(read).toEqual(seen.map((time) => Math.floor(time.getTime() / 1_000) * 1_000));
      expect(seen.some((time) => time.getMilliseconds() > 0)).toBe(true);
    });

    test('a deleted stream is not found, and goes on with its numbers for whoever begins it anew', async () => {
      const name = stream();
      await client.appendToStream(name, events(3), { streamState: 'no_stream' });
      await client.deleteStream(name);
      expect((await failing(readStream(name))).type).toBe('stream-not-found');
      const begun = await client.appendToStream(name, events(1), { streamState: 'no_stream' });
      expect(begun.nextExpectedRevision).toBe(3n);
      expect((await readStream(name)).map(({ revision }) => revision)).toEqual([3n]);
    });

    test('a stream deleted for good refuses reads and appends, and leaves a mark behind', async () => {
      const name = stream();
      await client.appendToStream(name, events(1), { streamState: 'no_stream' });
      await client.tombstoneStream(name);
      expect((await failing(readStream(name))).type).toBe('stream-deleted');
      expect((await failing(client.appendToStream(name, events(1), { streamState: 0n }))).type).toBe('stream-deleted');
      const marks = (await readAll('start', 5_000)).filter(({ streamId }) => streamId === name);
      expect(marks.at(-1)).toMatchObject({ type: '$streamDeleted', revision: 9_223_372_036_854_775_807n });
    });

    test('what is truncated is hidden from its stream', async () => {
      const name = stream();
      await client.appendToStream(name, events(4), { streamState: 'no_stream' });
      await client.setStreamMetadata(name, { truncateBefore: 2 });
      expect((await readStream(name)).map(({ revision }) => revision)).toEqual([2n, 3n]);
    });

    test('an id that is none fails what shares its call, whether that was written or not', async () => {
      const own = KurrentDBClient.connectionString(await url());
      const bad = [{ ...jsonEvent({ type: 'Lamp', data: {} }), id: 'no id at all' }];
      const good = Array.from({ length: 5 }, stream);
      const all = await Promise.allSettled([
        ...good.map((name) => own.appendToStream(name, events(1), { streamState: 'no_stream' })),
        own.appendToStream(stream(), bad, { streamState: 'no_stream' }),
      ]);
      expect(all.at(-1)?.status).toBe('rejected');
      for (const each of all)
        if (each.status === 'rejected') expect(each.reason.type).not.toBe('wrong-expected-version');
      await own.dispose();
    });
  });
};
