import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EventMetadata, NewEvent } from '../../src/core/event.ts';
import {
  type AppendOutcome,
  type EventLog,
  type Expected,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
} from '../../src/core/event-log.ts';
import { type Cursor, decodeCursor, encodeCursor, START } from '../../src/core/position.ts';
import { atLength } from '../support/at-length.ts';
import { anAppend, append, event, events, eventsOf, follow, idsOf, metadata, newStream, readOn } from './appends.ts';

type Opened = { readonly log: EventLog; close(): Promise<void> };

/** What every event log promises, whatever it is made of. `open` answers an empty log. */
export const eventLogContract = (name: string, open: () => Promise<Opened>, { seams = atLength(40, 1_000) } = {}) => {
  describe(name, () => {
    let opened: Opened;
    let log: EventLog;

    beforeAll(async () => {
      opened = await open();
      log = opened.log;
    });
    afterAll(() => opened.close());

    describe('an empty log', () => {
      test('ends where it starts', async () => {
        const { log: empty, close } = await open();
        expect(await empty.head()).toEqual(START);
        expect(await empty.readAll({ after: START })).toEqual({ events: [], cursor: START, caughtUp: true });
        expect(await empty.readStream('lamp-1')).toEqual([]);
        await empty.verify(START);
        await close();
      });
    });

    describe('expected revisions', () => {
      const cells: [state: string, length: number, expected: Expected, ends: 'appended' | 'conflict'][] = [
        ['a missing stream', 0, 'none', 'appended'],
        ['a missing stream', 0, 'exists', 'conflict'],
        ['a missing stream', 0, 'any', 'appended'],
        ['a missing stream', 0, -1, 'appended'],
        ['a missing stream', 0, 0, 'conflict'],
        ['a missing stream', 0, 5, 'conflict'],
        ['a stream of one event', 1, 'none', 'conflict'],
        ['a stream of one event', 1, -1, 'conflict'],
        ['a stream of one event', 1, 0, 'appended'],
        ['a stream of three', 3, 'none', 'conflict'],
        ['a stream of three', 3, 'exists', 'appended'],
        ['a stream of three', 3, 'any', 'appended'],
        ['a stream of three', 3, 2, 'appended'],
        ['a stream of three', 3, 1, 'conflict'],
        ['a stream of three', 3, 3, 'conflict'],
        ['a stream of three', 3, Number.MAX_SAFE_INTEGER, 'conflict'],
      ];
      test.each(cells)('%s (%i) expected %s: %s', async (_state, length, expected, ends) => {
        const stream = newStream();
        if (length > 0) await append(log, stream, 'none', events(length));
        const outcome = await append(log, stream, expected, events(2));
        if (ends === 'conflict') expect(outcome).toEqual({ status: 'conflict', actual: length - 1 });
        else expect(outcome).toMatchObject({ status: 'appended', revision: length + 1 });
        expect(await log.readStream(stream)).toHaveLength(ends === 'conflict' ? length : length + 2);
      });

      test('no appends at all are settled at once and change nothing', async () => {
        const before = await log.head();
        expect(await log.append([])).toEqual([]);
        expect(await log.head()).toEqual(before);
      });

      test('an expected revision that is none is a bug of the caller', async () => {
        await expect(append(log, newStream(), -2)).rejects.toThrow(RangeError);
        await expect(append(log, newStream(), 0.5)).rejects.toThrow(RangeError);
      });

      test('of many who create one stream at once, one wins and the others hear the true revision', async () => {
        const stream = newStream();
        const outcomes = await Promise.all(Array.from({ length: 40 }, () => append(log, stream, 'none')));
        expect(outcomes.filter(({ status }) => status === 'appended')).toHaveLength(1);
        expect(outcomes.filter((outcome) => outcome.status === 'conflict' && outcome.actual === 0)).toHaveLength(39);
        expect(await log.readStream(stream)).toHaveLength(1);
      });

      test('of many who expect the same revision, one wins', async () => {
        const stream = newStream();
        await append(log, stream, 'none', events(4));
        const outcomes = await Promise.all(Array.from({ length: 20 }, () => append(log, stream, 3)));
        expect(outcomes.filter(({ status }) => status === 'appended')).toHaveLength(1);
        expect(outcomes.filter((outcome) => outcome.status === 'conflict' && outcome.actual === 4)).toHaveLength(19);
      });

      test('many unchecked appends to one stream all succeed, without holes', async () => {
        const stream = newStream();
        const outcomes = await Promise.all(Array.from({ length: 50 }, () => append(log, stream, 'any')));
        const revisions = outcomes.map((outcome) => (outcome.status === 'appended' ? outcome.revision : -1));
        expect(revisions.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
        expect((await log.readStream(stream)).map(({ revision }) => revision)).toEqual(revisions.map((_, n) => n));
      });

      test('a conflict harms none of its neighbours', async () => {
        const taken = newStream();
        await append(log, taken, 'none');
        const before = await log.head();
        const requests = [anAppend(), anAppend({ stream: taken, expected: 'none' }), anAppend({ events: events(3) })];
        const outcomes = await log.append(requests);
        expect(outcomes.map(({ status }) => status)).toEqual(['appended', 'conflict', 'appended']);
        const expected = [requests[0], requests[2]].flatMap((request) => idsOf(request?.events ?? []));
        expect(idsOf(await readOn(log, before))).toEqual(expected);
      });
    });

    describe('what is stored', () => {
      test('an event is read as it was written', async () => {
        const stream = newStream();
        const written = event({
          text: 'naïve 🪔 \u2028 "quoted" \\u0000 \n',
          big: '9007199254740993',
          none: null,
          list: [1, [2.5e-7]],
        });
        const outcome = await append(log, stream, 'none', [written]);
        const [read] = await log.readStream(stream);
        if (outcome.status !== 'appended') throw new Error(outcome.status);
        expect(read).toEqual({
          ...written,
          stream,
          revision: 0,
          position: outcome.first.position,
          recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        });
        expect(outcome).toEqual({
          status: 'appended',
          first: { position: outcome.first.position, eventId: written.id },
          last: { position: outcome.first.position, eventId: written.id },
          revision: 0,
        });
        expect(Object.keys((read?.data ?? {}) as object)).toEqual(['text', 'big', 'none', 'list']);
      });

      test('numbers are read as JSON writes them', async () => {
        const numbers = { largest: Number.MAX_SAFE_INTEGER, huge: 1.7976931348623157e308, tiny: 5e-324, half: -0.5 };
        const stream = newStream();
        await append(log, stream, 'none', [event({ ...numbers, minusZero: -0 })]);
        const [read] = await log.readStream(stream);
        expect(read?.data).toEqual({ ...numbers, minusZero: 0 });
      });

      test('metadata that is not text is refused', async () => {
        const wrong: EventMetadata = JSON.parse(JSON.stringify({ ...metadata, correlationId: 7 }));
        const outcomes = await log.append([anAppend({ events: [{ ...event(), metadata: wrong }] }), anAppend()]);
        expect(outcomes).toMatchObject([{ status: 'refused', code: 'NOT_STORABLE' }, { status: 'appended' }]);
      });

      test('what a caller does to an event afterwards changes nothing', async () => {
        const stream = newStream();
        const data = { lit: true };
        await append(log, stream, 'none', [event(data)]);
        data.lit = false;
        expect((await log.readStream(stream))[0]?.data).toEqual({ lit: true });
      });

      test('an empty object and deep nesting are stored', async () => {
        const deep = Array.from({ length: 500 }).reduce<object>((inner) => ({ inner }), {});
        const stream = newStream();
        expect(await append(log, stream, 'none', [event({}), event(deep)])).toMatchObject({ status: 'appended' });
        expect((await log.readStream(stream)).map(({ data }) => JSON.stringify(data))).toEqual([
          '{}',
          JSON.stringify(deep),
        ]);
      });

      test('nesting deeper than any stack is refused, or stored whole, and harms no neighbour', async () => {
        for (const depth of [5_000, 100_000]) {
          const deep = Array.from({ length: depth }).reduce<object>((inner) => [inner], []);
          const poisoned = anAppend({ events: [event({ deep })] });
          const [left, middle, right] = await log.append([anAppend(), poisoned, anAppend()]);
          expect([left?.status, right?.status]).toEqual(['appended', 'appended']);
          if (middle?.status === 'refused') expect(middle.code).toBe('NOT_STORABLE');
          else expect(await log.readStream(poisoned.stream)).toHaveLength(1);
        }
      });

      const ofSize = (bytes: number): NewEvent => {
        const rest = JSON.stringify({ text: 'é' }).length + 1 + JSON.stringify(metadata).length;
        return event({ text: `é${'x'.repeat(bytes - rest)}` });
      };

      test('an event of exactly the greatest size is stored, of one byte more is refused', async () => {
        expect(await append(log, newStream(), 'none', [ofSize(MAX_EVENT_BYTES)])).toMatchObject({ status: 'appended' });
        const outcome = await append(log, newStream(), 'none', [ofSize(MAX_EVENT_BYTES + 1)]);
        expect(outcome).toMatchObject({ status: 'refused', code: 'EVENT_TOO_LARGE' });
      });

      test('an append of exactly the greatest size is stored, of one byte more is refused', async () => {
        const quarter = MAX_APPEND_BYTES / 5;
        const whole = Array.from({ length: 5 }, (_, n) =>
          ofSize(Math.floor(quarter) + (n === 0 ? MAX_APPEND_BYTES % 5 : 0)),
        );
        expect(await append(log, newStream(), 'none', whole)).toMatchObject({ status: 'appended' });
        const more = [...whole.slice(0, 4), ofSize(Math.floor(quarter) + 1)];
        expect(await append(log, newStream(), 'none', more)).toMatchObject({
          status: 'refused',
          code: 'APPEND_TOO_LARGE',
        });
      });

      test.each([
        ['a NUL character', { text: 'a\u0000b' }, 'TEXT_NOT_STORABLE'],
        ['a NUL character in a key', { 'a\u0000b': 1 }, 'TEXT_NOT_STORABLE'],
        ['half a surrogate pair', { text: 'a\ud83d' }, 'TEXT_NOT_STORABLE'],
        ['the other half, after a backslash', { text: '\\\udc00' }, 'TEXT_NOT_STORABLE'],
        ['a bigint', { big: 1n }, 'NOT_STORABLE'],
        ['a list instead of an object', [1], 'NOT_STORABLE'],
      ])('%s is refused and harms no neighbour', async (_what, data, code) => {
        const outcomes = await log.append([anAppend(), anAppend({ events: [event(data)] }), anAppend()]);
        expect(outcomes).toMatchObject([{ status: 'appended' }, { status: 'refused', code }, { status: 'appended' }]);
      });

      test.each([
        ['no events', { events: [] }, 'EMPTY_APPEND'],
        ['an empty stream name', { stream: '' }, 'STREAM_NAME_INVALID'],
        ['a stream name of 513 characters', { stream: 'x'.repeat(513) }, 'STREAM_NAME_INVALID'],
        ['a stream name with a line break', { stream: 'lamp\n1' }, 'STREAM_NAME_INVALID'],
        ['a stream name with half a surrogate pair', { stream: 'lamp-\ud83d' }, 'STREAM_NAME_INVALID'],
        ['a command id that is no UUID', { commandId: 'one' }, 'NOT_STORABLE'],
        ['an event id that is no UUID', { events: [{ ...event(), id: 'one' }] }, 'NOT_STORABLE'],
        ['a version beyond all measure', { events: [{ ...event(), version: 40_000 }] }, 'NOT_STORABLE'],
      ])('%s: refused', async (_what, said, code) => {
        expect(await log.append([anAppend(said)])).toMatchObject([{ status: 'refused', code }]);
      });

      test('a stream name may be long and in any script', async () => {
        const names = ['🪔'.repeat(256), "l'été/100%_lamp-1", 'lamp', 'Lamp', 'lamp '];
        for (const stream of names) expect(await append(log, stream, 'none')).toMatchObject({ status: 'appended' });
        for (const stream of names) expect(await log.readStream(stream)).toMatchObject([{ stream }]);
      });
    });

    describe('repeated commands', () => {
      const asDuplicate = (outcome: AppendOutcome | undefined) => ({ ...outcome, status: 'duplicate' });

      test('a command sent again is answered with its first result', async () => {
        const request = anAppend({ expected: 'none', events: events(3) });
        const [first] = await log.append([request]);
        expect(first).toMatchObject({ status: 'appended', revision: 2 });
        expect(await log.append([request])).toEqual([asDuplicate(first)]);
        expect(idsOf(await log.readStream(request.stream))).toEqual(idsOf(request.events));
      });

      test('also after other events came to the stream, and when it carries other event ids', async () => {
        const request = anAppend({ expected: 'none', events: events(2) });
        const [first] = await log.append([request]);
        await append(log, request.stream, 1, events(2));
        expect(await log.append([{ ...request, events: events(4) }])).toEqual([asDuplicate(first)]);
        expect(await log.readStream(request.stream)).toHaveLength(4);
      });

      test('a command to a stream that another one opened is remembered as well', async () => {
        const opening = anAppend({ events: events(2) });
        const later = anAppend({ stream: opening.stream, expected: 1, events: events(3) });
        const [[opened], [first]] = [await log.append([opening]), await log.append([later])];
        await append(log, opening.stream, 4);
        expect(first).toMatchObject({ status: 'appended', revision: 4 });
        expect(await log.append([later])).toEqual([asDuplicate(first)]);
        expect(await log.append([later, opening])).toEqual([asDuplicate(first), asDuplicate(opened)]);
        const [another] = await log.append([{ ...later, inputHash: 'another' }]);
        expect(another).toMatchObject({ status: 'refused', code: 'IDEMPOTENCY_KEY_REUSED' });
        expect(await log.readStream(opening.stream)).toHaveLength(6);
      });

      test('sent many times at once it happens once', async () => {
        const stream = newStream();
        await append(log, stream, 'none');
        const request = anAppend({ stream });
        const outcomes = (await Promise.all(Array.from({ length: 20 }, () => log.append([request])))).flat();
        expect(outcomes.filter(({ status }) => status === 'appended')).toHaveLength(1);
        expect(outcomes.filter(({ status }) => status === 'duplicate')).toHaveLength(19);
        expect(new Set(outcomes.map((outcome) => ('first' in outcome ? outcome.first.position : -1n))).size).toBe(1);
      });

      test('twice in one call it happens once', async () => {
        const request = anAppend({ expected: 'none' });
        expect(await log.append([request, request])).toMatchObject([{ status: 'appended' }, { status: 'duplicate' }]);
      });

      test('with another input it is refused', async () => {
        const request = anAppend();
        await log.append([request]);
        const outcomes = await log.append([{ ...request, inputHash: 'another' }, anAppend()]);
        expect(outcomes).toMatchObject([{ status: 'refused', code: 'IDEMPOTENCY_KEY_REUSED' }, { status: 'appended' }]);
        expect(await log.readStream(request.stream)).toHaveLength(1);
      });

      test('a command that met a conflict is not remembered', async () => {
        const request = anAppend({ expected: 0 });
        expect(await log.append([request])).toEqual([{ status: 'conflict', actual: -1 }]);
        await append(log, request.stream, 'none');
        expect(await log.append([request])).toMatchObject([{ status: 'appended', revision: 1 }]);
      });

      test('one command may append to several streams, each once', async () => {
        const one = anAppend();
        const other = { ...anAppend(), commandId: one.commandId };
        expect(await log.append([one, other])).toMatchObject([{ status: 'appended' }, { status: 'appended' }]);
        expect(await log.append([other, one])).toMatchObject([{ status: 'duplicate' }, { status: 'duplicate' }]);
      });
    });

    describe('order', () => {
      test('one call keeps its order in the log, also where streams repeat', async () => {
        const before = await log.head();
        const streams = [newStream(), newStream(), newStream()];
        const requests = Array.from({ length: 30 }, (_, n) => {
          const stream = streams[(n * n) % 3] ?? '';
          return anAppend({ stream, events: events(1 + (n % 3)) });
        });
        await log.append(requests);
        expect(idsOf(await readOn(log, before))).toEqual(requests.flatMap((request) => idsOf(request.events)));
      });

      test('calls that begin one after the other keep their order in each stream, and where no stream repeats', async () => {
        const before = await log.head();
        const [one, other] = [newStream(), newStream()];
        const requests = Array.from({ length: 60 }, (_, n) => {
          const stream = n % 3 === 0 ? one : n % 3 === 1 ? other : newStream();
          return anAppend({ stream, events: events(1 + (n % 2)) });
        });
        await Promise.all(requests.map((request) => log.append([request])));
        const read = await readOn(log, before);
        const orderOf = (wanted: (request: (typeof requests)[number]) => boolean) => {
          const ids = new Set(requests.filter(wanted).flatMap((request) => idsOf(request.events)));
          return idsOf(read).filter((id) => ids.has(id));
        };
        const asked = (wanted: (request: (typeof requests)[number]) => boolean) =>
          requests.filter(wanted).flatMap((request) => idsOf(request.events));
        for (const of of [
          ({ stream }: { stream: string }) => stream === one,
          ({ stream }: { stream: string }) => stream === other,
          ({ stream }: { stream: string }) => stream !== one && stream !== other,
        ])
          expect(orderOf(of)).toEqual(asked(of));
      });

      test('positions rise, where that is promised without gaps, and in every stream revisions rise with them', async () => {
        const before = await log.head();
        const streams = Array.from({ length: 5 }, newStream);
        await Promise.all(
          Array.from({ length: 60 }, (_, n) => append(log, streams[n % 5] ?? '', 'any', events(1 + (n % 4)))),
        );
        const read = await readOn(log, before);
        const positions = read.map(({ position }) => position);
        expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => (a < b ? -1 : 1)));
        if (log.capabilities.densePositions)
          expect(positions).toEqual(read.map((_, n) => before.position + BigInt(n + 1)));
        for (const stream of streams) {
          const revisions = read.filter((each) => each.stream === stream).map(({ revision }) => revision);
          expect(revisions).toEqual(revisions.map((_, n) => n));
        }
        const times = read.map(({ recordedAt }) => recordedAt);
        if (log.capabilities.recordedAtMonotonic) expect(times).toEqual(times.toSorted());
      });
    });

    describe('reading', () => {
      let before: Cursor;
      let all: string[];

      beforeAll(async () => {
        before = await log.head();
        for (let n = 0; n < 6; n += 1)
          await append(log, newStream(), 'none', [...events(1, 'LampLit'), ...events(1, 'LampOut')]);
        all = idsOf(await readOn(log, before));
      });

      test('by pages of every size gives the same events', async () => {
        expect(all).toHaveLength(12);
        for (let limit = 1; limit <= 13; limit += 1) expect(idsOf(await readOn(log, before, limit))).toEqual(all);
      });

      test('a page that ends with the log says so, one that does not says not', async () => {
        const ends = async (limit: number) => (await log.readAll({ after: before, limit })).caughtUp;
        expect(await Promise.all([11, 12, 13].map(ends))).toEqual([false, true, true]);
        const filtered = async (limit: number) =>
          (await log.readAll({ after: before, limit, filter: { types: ['LampLit'] } })).caughtUp;
        expect(await Promise.all([11, 12, 13].map(filtered))).toEqual([false, true, true]);
      });

      test('by type gives the events of these types, by pages of every size', async () => {
        const lit = all.filter((_, n) => n % 2 === 0);
        for (let limit = 1; limit <= 13; limit += 1) {
          expect(idsOf(await readOn(log, before, limit, { types: ['LampLit', 'LampStolen'] }))).toEqual(lit);
        }
      });

      test('a filter that matches nothing still advances the cursor', async () => {
        const {
          events: none,
          cursor,
          caughtUp,
        } = await log.readAll({ after: before, limit: 5, filter: { types: ['LampStolen'] } });
        const { events: unfiltered } = await log.readAll({ after: before, limit: 5 });
        expect({ none, cursor, caughtUp }).toEqual({
          none: [],
          cursor: { position: unfiltered.at(-1)?.position, eventId: all[4] },
          caughtUp: false,
        });
      });

      test('a stream from a revision, at most so many', async () => {
        const stream = newStream();
        const written = events(5);
        await append(log, stream, 'none', written);
        const read = async (options: { from?: number; limit?: number }) => idsOf(await log.readStream(stream, options));
        expect(await read({ from: 2 })).toEqual(idsOf(written.slice(2)));
        expect(await read({ from: 1, limit: 2 })).toEqual(idsOf(written.slice(1, 3)));
        expect(await read({ from: 5 })).toEqual([]);
      });
    });

    describe('cursors', () => {
      let cursor: Cursor;

      beforeAll(async () => {
        await append(log, newStream(), 'none');
        cursor = await log.head();
      });

      test('a cursor that was given out is honoured', async () => {
        const text = encodeCursor(log.identity, cursor);
        expect(decodeCursor(log.identity, text)).toEqual(cursor);
        await log.verify(cursor);
      });

      test('from beyond the end, of another event, malformed, of another log or incarnation: told apart', async () => {
        const other = { position: cursor.position, eventId: '00000000-0000-4000-8000-000000000000' };
        await expect(log.verify({ ...cursor, position: cursor.position + 1n })).rejects.toMatchObject({
          code: 'CURSOR_FROM_THE_FUTURE',
        });
        await expect(log.verify(other)).rejects.toMatchObject({ code: 'CURSOR_OF_OLDER_INCARNATION' });
        await expect(log.verify({ ...other, position: 0n })).rejects.toMatchObject({ code: 'CURSOR_MALFORMED' });
        const { logId, incarnation } = log.identity;
        const code = (text: string) => expect.objectContaining({ code: text });
        const decode = (text: string) => () => decodeCursor(log.identity, text);
        expect(decode('hello')).toThrow(code('CURSOR_MALFORMED'));
        expect(decode(encodeCursor({ logId: other.eventId, incarnation }, cursor))).toThrow(
          code('CURSOR_OF_ANOTHER_LOG'),
        );
        expect(decode(encodeCursor({ logId, incarnation: incarnation + 1 }, cursor))).toThrow(
          code('CURSOR_OF_OLDER_INCARNATION'),
        );
      });

      test('a subscription from a cursor that cannot be honoured fails at once', async () => {
        const future = { ...cursor, position: cursor.position + 1_000n };
        await expect(follow(log, { after: future }, () => true)).rejects.toMatchObject({
          code: 'CURSOR_FROM_THE_FUTURE',
        });
      });
    });

    describe('following', () => {
      test('says once that it has caught up, even where nothing is new', async () => {
        const after = await log.head();
        expect(await follow(log, { after }, () => true)).toEqual([{ events: [], cursor: after, caughtUp: true }]);
      });

      test('delivers what comes later', async () => {
        const after = await log.head();
        const coming = follow(log, { after }, (batches) => eventsOf(batches).length === 2);
        const written = events(2);
        await append(log, newStream(), 'none', written);
        expect(idsOf(eventsOf(await coming))).toEqual(idsOf(written));
      });

      test('advances past events that its filter leaves out', async () => {
        const after = await log.head();
        const reached = async () => (await log.head()).position;
        await append(log, newStream(), 'none', events(3, 'LampOut'));
        const end = await reached();
        const batches = await follow(
          log,
          { after, filter: { types: ['LampLit'] } },
          (all) => all.at(-1)?.cursor.position === end,
        );
        expect(eventsOf(batches)).toEqual([]);
        expect(batches.at(-1)).toMatchObject({ caughtUp: true });
      });

      test('has neither gap nor double where catching up turns into living on', { timeout: 600_000 }, async () => {
        const seam = fc.record({
          stored: fc.nat(20),
          written: fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), turns: fc.nat(4) }), {
            minLength: 1,
            maxLength: 6,
          }),
          turns: fc.nat(6),
          leaveAfter: fc.integer({ min: 1, max: 4 }),
        });
        await fc.assert(
          fc.asyncProperty(seam, async ({ stored, written, turns, leaveAfter }) => {
            const after = await log.head();
            if (stored > 0) await append(log, newStream(), 'none', events(stored));
            const writing = (async () => {
              for (const { size, turns: pause } of written) {
                for (let n = 0; n < pause; n += 1) await nextTurn();
                await append(log, newStream(), 'none', events(size));
              }
            })();
            for (let n = 0; n < turns; n += 1) await nextTurn();
            const total = written.reduce((sum, { size }) => sum + size, stored);
            const delivered: string[] = [];
            for (let cursor = after; delivered.length < total; ) {
              const isEnough = (batches: readonly { events: readonly unknown[] }[]) =>
                batches.length === leaveAfter ||
                delivered.length + batches.flatMap((batch) => batch.events).length >= total;
              const batches = await follow(log, { after: cursor }, isEnough);
              delivered.push(...idsOf(eventsOf(batches)));
              cursor = batches.at(-1)?.cursor ?? cursor;
              await nextTurn();
            }
            await writing;
            expect(delivered).toEqual(idsOf(await readOn(log, after)));
          }),
          { numRuns: seams },
        );
      });

      test('resumed from any cursor it delivers the rest and only the rest', async () => {
        const after = await log.head();
        for (let n = 0; n < 4; n += 1) await append(log, newStream(), 'none', events(2));
        const all = await readOn(log, after);
        for (const [index, { position, id }] of all.entries()) {
          const rest = idsOf(all.slice(index + 1));
          const batches = await follow(
            log,
            { after: { position, eventId: id } },
            (got) => got.at(-1)?.caughtUp === true,
          );
          expect(idsOf(eventsOf(batches))).toEqual(rest);
        }
      });

      test('is pulled: who does not ask misses nothing later', async () => {
        const after = await log.head();
        const iterator = log.subscribe({ after })[Symbol.asyncIterator]();
        await iterator.next();
        const written = Array.from({ length: 30 }, () => event());
        for (const each of written) await append(log, newStream(), 'none', [each]);
        const delivered: string[] = [];
        while (delivered.length < 30) delivered.push(...idsOf((await iterator.next()).value.events));
        expect(delivered).toEqual(idsOf(written));
        await iterator.return?.();
      });

      test('ends when its signal aborts, before, while waiting, and twice', async () => {
        const after = await log.head();
        const done = { done: true, value: undefined };
        expect(await log.subscribe({ after, signal: AbortSignal.abort() })[Symbol.asyncIterator]().next()).toEqual(
          done,
        );
        const stop = new AbortController();
        const iterator = log.subscribe({ after, signal: stop.signal })[Symbol.asyncIterator]();
        await iterator.next();
        const waiting = iterator.next();
        stop.abort();
        stop.abort();
        expect(await waiting).toEqual(done);
      });

      test('ends when the follower leaves in the middle of a batch, and leaving again changes nothing', async () => {
        const after = await log.head();
        await append(log, newStream(), 'none', events(5));
        const iterator = log.subscribe({ after })[Symbol.asyncIterator]();
        const { value } = await iterator.next();
        expect(value.events.length).toBeGreaterThan(0);
        const done = { done: true, value: undefined };
        expect(await iterator.return?.()).toEqual(done);
        expect(await iterator.return?.()).toEqual(done);
        expect(await iterator.next()).toEqual(done);
      });

      test('ends when the follower leaves while waiting', async () => {
        const iterator = log.subscribe({ after: await log.head() })[Symbol.asyncIterator]();
        await iterator.next();
        const waiting = iterator.next();
        await iterator.return?.();
        expect(await waiting).toEqual({ done: true, value: undefined });
      });
    });

    test('closing ends subscriptions and refuses appends', async () => {
      const { log: closing, close } = await open();
      const iterator = closing.subscribe({ after: START })[Symbol.asyncIterator]();
      await iterator.next();
      const waiting = iterator.next();
      await closing.close();
      expect(await waiting).toEqual({ done: true, value: undefined });
      await expect(closing.append([anAppend()])).rejects.toThrow('closed');
      await close();
    });
  });
};
