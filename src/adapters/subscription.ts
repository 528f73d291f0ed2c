import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredEvent } from '../core/event.ts';
import type { LogBatch, LogFilter } from '../core/event-log.ts';
import { type Cursor, CursorError, type Position } from '../core/position.ts';

/** The end of a log as one process follows it for all its subscribers. */
export type Tail = {
  /** Follows the log until `leave`. Returns once it knows all that stood in the log when it was called. */
  join(): Promise<void>;
  leave(): void;
  end(): Cursor;
  /** At most `limit` events after a position, from memory; undefined when memory does not reach back so far. */
  after(position: Position, limit: number): readonly StoredEvent[] | undefined;
  /** Waits until the log goes on after a position or the signal aborts. */
  beyond(position: Position, signal: AbortSignal): Promise<void>;
};

export type Source = {
  readonly tail: Tail;
  verify(cursor: Cursor): Promise<void>;
  /** From storage; may fail for a while. */
  read(options: { after: Cursor; limit: number; filter?: LogFilter }): Promise<LogBatch>;
  onTrouble(error: unknown): void;
  /** Aborts when the log is closed. */
  readonly closing: AbortSignal;
};

export type SubscribeOptions = { readonly after: Cursor; readonly filter?: LogFilter; readonly signal?: AbortSignal };

const STEP = 1_000;
const PAUSE = 500;

/** Everything after a cursor, then what comes: from memory near the end of the log, from storage further back. */
export const subscription = (source: Source, { after, filter, signal }: SubscribeOptions): AsyncIterable<LogBatch> => ({
  [Symbol.asyncIterator]: () => {
    const left = new AbortController();
    const leave = () => left.abort();
    const signals = [source.closing, ...(signal ? [signal] : [])];
    const detach = () => {
      for (const each of signals) each.removeEventListener('abort', leave);
    };
    for (const each of signals) each.addEventListener('abort', leave);
    if (signals.some(({ aborted }) => aborted)) leave();
    const batches = follow(source, after, filter, left.signal, detach);
    // A generator alone would answer `return` only after the event that it waits for.
    return {
      next: () => batches.next(),
      return: () => {
        leave();
        detach();
        return batches.return(undefined);
      },
    };
  },
});

async function* follow(
  source: Source,
  after: Cursor,
  filter: LogFilter | undefined,
  signal: AbortSignal,
  detach: () => void,
) {
  const { tail } = source;
  let joined = false;
  try {
    await patiently(source, signal, () => source.verify(after));
    await patiently(source, signal, async () => {
      // A follower that could not join has to leave all the same.
      if (joined) tail.leave();
      joined = true;
      await tail.join();
    });
    let cursor = after;
    let told = false;
    while (!signal.aborted) {
      const held = tail.after(cursor.position, STEP);
      const stored = { after: cursor, limit: STEP, ...(filter && { filter }) };
      const batch = held
        ? toBatch(held, cursor, tail.end(), filter)
        : await patiently(source, signal, () => source.read(stored));
      if (!batch) return;
      const moved = batch.cursor.position > cursor.position;
      cursor = batch.cursor;
      if (moved || (batch.caughtUp && !told)) yield batch;
      told ||= batch.caughtUp;
      if (batch.caughtUp) await tail.beyond(cursor.position, signal);
    }
  } finally {
    if (joined) tail.leave();
    detach();
  }
}

const toBatch = (held: readonly StoredEvent[], after: Cursor, end: Cursor, filter: LogFilter | undefined): LogBatch => {
  const last = held.at(-1);
  const cursor = last ? { position: last.position, eventId: last.id } : after;
  const events = filter?.types ? held.filter(({ type }) => filter.types?.includes(type)) : held;
  return { events, cursor, caughtUp: cursor.position >= end.position };
};

/** A database that is away for a while delays a subscriber; it does not end it. Undefined when the subscriber left meanwhile. */
const patiently = async <R>(source: Source, signal: AbortSignal, run: () => Promise<R>): Promise<R | undefined> => {
  while (!signal.aborted) {
    try {
      return await run();
    } catch (error) {
      if (error instanceof CursorError) throw error;
      source.onTrouble(error);
      await sleep(PAUSE, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
};
