import { randomUUID } from 'node:crypto';
import type { StoredEvent } from '../core/event.ts';
import {
  type AppendOutcome,
  type AppendRequest,
  type EventLog,
  MAX_APPEND_BYTES,
  MAX_EVENT_BYTES,
  NO_REVISION,
} from '../core/event-log.ts';
import { endOfMany } from '../core/patience.ts';
import { type Cursor, type Position, START } from '../core/position.ts';
import { createBell } from './bell.ts';
import { assertStands } from './cursor-check.ts';
import { isRefusal, refusal, type Storable, toStorable } from './storable.ts';
import { type Source, subscription } from './subscription.ts';

type Done = { readonly inputHash: string; readonly outcome: Extract<AppendOutcome, { first: Cursor }> };

const DEFAULT_LIMIT = 1_000;

/** A log that lives and dies with the process: for tests, and for trying things. It behaves as the others do. */
export const openMemoryLog = async (): Promise<EventLog> => {
  const log: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  const commands = new Map<string, Done>();
  const bell = createBell();
  const closing = endOfMany();

  const end = (): Cursor => cursorOf(log.at(-1)) ?? START;

  const append = ({ request, events }: Storable): AppendOutcome => {
    const { commandId, inputHash, stream } = request;
    const done = commands.get(`${commandId} ${stream}`);
    if (done && done.inputHash !== inputHash)
      return refusal('IDEMPOTENCY_KEY_REUSED', 'This command id was used before with another input: use a new one.');
    if (done) return { ...done.outcome, status: 'duplicate' };

    const before = streams.get(stream) ?? [];
    const actual = before.length - 1;
    if (!isAsExpected(request.expected, actual)) return { status: 'conflict', actual };

    const recordedAt = new Date(Math.max(Date.now(), Date.parse(log.at(-1)?.recordedAt ?? '') || 0)).toISOString();
    const stored = events.map(({ event: { id, type, version }, data, metadata }, i): StoredEvent => {
      const place = { stream, revision: before.length + i, position: BigInt(log.length + i + 1), recordedAt };
      return { id, type, version, data: JSON.parse(data), metadata: JSON.parse(metadata), ...place };
    });
    log.push(...stored);
    streams.set(stream, [...before, ...stored]);
    const [first, last] = [cursorOf(stored[0]) ?? START, cursorOf(stored.at(-1)) ?? START];
    const outcome = { status: 'appended', first, last, revision: actual + stored.length } as const;
    commands.set(`${commandId} ${stream}`, { inputHash, outcome });
    return outcome;
  };

  const verify = async (cursor: Cursor) => {
    const standing = cursor.position === START.position ? START.eventId : log[Number(cursor.position) - 1]?.id;
    assertStands(cursor, standing);
  };

  const readAll: EventLog['readAll'] = async ({ after, limit = DEFAULT_LIMIT, filter }) => {
    const window = following(log, after.position, limit);
    const cursor = cursorOf(window.at(-1)) ?? after;
    const events = filter?.types ? window.filter(({ type }) => filter.types?.includes(type)) : window;
    return { events, cursor, caughtUp: cursor.position >= end().position };
  };

  const source: Source = {
    tail: {
      join: async () => {},
      leave: () => {},
      end,
      after: (position, limit) => following(log, position, limit),
      beyond: (position, signal) => bell.wait(() => end().position > position, signal),
    },
    verify,
    read: readAll,
    onTrouble: () => {},
    closing: closing.signal,
  };

  return {
    whyReadOnly: () => null,
    identity: { logId: randomUUID(), incarnation: 1 },
    capabilities: {
      densePositions: true,
      recordedAtMonotonic: true,
      maxEventBytes: MAX_EVENT_BYTES,
      maxAppendBytes: MAX_APPEND_BYTES,
    },
    append: async (requests) => {
      if (closing.signal.aborted) throw new Error('This log is closed.');
      const outcomes = requests.map(toStorable).map((each) => (isRefusal(each) ? each : append(each)));
      bell.ring();
      return outcomes;
    },
    readStream: async (stream, { from = 0, limit } = {}) =>
      (streams.get(stream) ?? []).slice(from, limit === undefined ? undefined : from + limit),
    readAll,
    head: async () => end(),
    verify,
    subscribe: (options) => subscription(source, options),
    close: async () => closing.abort(),
  };
};

const isAsExpected = (expected: AppendRequest['expected'], actual: number) => {
  if (expected === 'any') return true;
  if (expected === 'exists') return actual !== NO_REVISION;
  return actual === (expected === 'none' ? NO_REVISION : expected);
};

const cursorOf = (event: StoredEvent | undefined): Cursor | undefined =>
  event && { position: event.position, eventId: event.id };

// Positions count from 1 without gaps, so an event's place in the array is its position less one.
const following = (log: readonly StoredEvent[], after: Position, limit: number) =>
  log.slice(Number(after), Number(after) + limit);
