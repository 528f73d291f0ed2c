import type { Catalogue } from './catalogue.ts';
import type { Waited, WaitOptions } from './consistency.ts';
import type { EventLog } from './event-log.ts';
import { communityOf, type Follower, type Hub, type LiveEvent, liveEvent, openHub, placeOf } from './live-hub.ts';
import { pause } from './patience.ts';
import type { Cursor } from './position.ts';

export type { LiveEvent } from './live-hub.ts';

/** What a follower is given: an event, or only news of how far it is (the caught-up mark, a heartbeat). */
export type LiveItem = {
  readonly cursor: Cursor;
  /** True once all that stood in the log has been given. */
  readonly caughtUp: boolean;
  readonly live: LiveEvent | null;
};

export type Following = {
  /** Where to go on; null for the end of the log. Throws `CursorError` for a place that this log does not know. */
  readonly after: Cursor | null;
  /** Only what happens in this community; null for everything. */
  readonly communityId: string | null;
  /** Only events of these types; null for all. */
  readonly types: readonly string[] | null;
  /** Nothing is given before these projections show it: those that its follower reads, or judges rights by. */
  readonly shownBy: readonly string[];
  /** How long nothing may be given before a heartbeat is, where it is not the usual time. */
  readonly heartbeatMs?: number;
  readonly signal: AbortSignal;
};

/** Everything after a cursor and then what comes, as one stream without a gap, for many followers at once. */
export type Live = {
  /** How long nothing may be given before a heartbeat is. */
  readonly heartbeatMs: number;
  follow(following: Following): AsyncGenerator<LiveItem>;
};

export type LiveTools = {
  readonly log: Pick<EventLog, 'readAll' | 'subscribe' | 'head' | 'verify'>;
  readonly catalogue: Pick<Catalogue, 'read'>;
  readonly waitFor: (names: readonly string[], cursor: Cursor, options?: WaitOptions) => Promise<Waited>;
  /** 12,000 unless said otherwise. */
  readonly heartbeatMs?: number;
  /** A follower that has not taken so many events goes back to reading from storage. */
  readonly held?: number;
};

const HEARTBEAT = 12_000;
const HELD = 256;
const STEP = 1_000;
const PATIENCE = 60_000;
const PAUSE = 500;

export const createLive = ({
  log,
  catalogue,
  waitFor,
  heartbeatMs: usual = HEARTBEAT,
  held = HELD,
}: LiveTools): Live => {
  /** One reading of the log for each set of projections that followers wait for. */
  const hubs = new Map<string, Hub>();

  const release = (shownBy: readonly string[]) => async (cursor: Cursor, signal: AbortSignal) => {
    while (!signal.aborted) {
      const waited = await waitFor(shownBy, cursor, { signal, timeoutMs: PATIENCE });
      if (waited === 'reached') return true;
      if (waited === 'halted') await pause(PAUSE, signal);
    }
    return false;
  };

  const hubOf = (shownBy: readonly string[], at: Cursor): Hub => {
    const key = shownBy.join();
    const known = hubs.get(key);
    if (known) return known;
    const onEnd = () => {
      if (hubs.get(key) === hub) hubs.delete(key);
    };
    const hub = openHub({ log, read: catalogue.read, release: release(shownBy), held, onEnd }, at);
    hubs.set(key, hub);
    return hub;
  };

  return {
    heartbeatMs: usual,
    async *follow({ after, communityId, types, shownBy, heartbeatMs = usual, signal }) {
      let at = after ?? (await log.head());
      if (after) await log.verify(after);
      const wanted = { communityId, types: types && new Set(types) };
      let isKnown = false;
      let given = performance.now();

      while (!signal.aborted) {
        // From storage, until all that stands there was given.
        const batch = await log.readAll({ after: at, limit: STEP, ...(types && { filter: { types } }) });
        for (const stored of batch.events) {
          const live = liveEvent(catalogue.read, stored);
          if (!live || (communityId !== null && communityOf(live.event) !== communityId)) continue;
          at = placeOf(stored);
          if (!(await release(shownBy)(at, signal))) return;
          yield { cursor: at, caughtUp: isKnown, live };
          given = performance.now();
        }
        at = batch.cursor;
        if (signal.aborted) return;
        if (!batch.caughtUp) {
          // A long way with nothing on it is no silence: the cursor moves.
          if (performance.now() - given < heartbeatMs) continue;
          given = performance.now();
          yield { cursor: at, caughtUp: isKnown, live: null };
          continue;
        }
        const hub = hubOf(shownBy, at);
        const follower = hub.join(wanted, at);
        if (!follower) continue;

        // From memory, until the signal aborts or the follower was left behind.
        try {
          if (!isKnown) yield { cursor: at, caughtUp: true, live: null };
          isKnown = true;
          for await (const live of taken(follower, signal, heartbeatMs)) {
            // What the reading of all was behind with has been given from storage.
            if (live && live.event.position <= at.position) continue;
            const released = hub.released();
            at = live ? placeOf(live.event) : released.position > at.position ? released : at;
            yield { cursor: at, caughtUp: true, live };
          }
          given = performance.now();
        } finally {
          hub.leave(follower);
        }
      }
    },
  };
};

/** What a follower is offered, in order; null after a while without anything. */
async function* taken(follower: Follower, signal: AbortSignal, heartbeatMs: number): AsyncGenerator<LiveEvent | null> {
  while (!signal.aborted) {
    const live = follower.queue.shift();
    if (live) yield live;
    else if (!follower.joined) return;
    else if (!(await woken(follower, signal, heartbeatMs)) && follower.queue.length === 0 && follower.joined)
      yield null;
  }
}

/** True when there is something to do, false when the time passed without it. */
const woken = (follower: Follower, signal: AbortSignal, milliseconds: number) =>
  new Promise<boolean>((resolve) => {
    const settle = (isWoken: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      follower.wake = () => {};
      resolve(isWoken);
    };
    const wake = () => settle(true);
    const timer = setTimeout(() => settle(false), milliseconds);
    signal.addEventListener('abort', wake, { once: true });
    follower.wake = wake;
  });

/** Only what is chosen, and a heartbeat where nothing was for long: what is passed over moves the cursor as well. */
export async function* chosen(
  items: AsyncIterable<LiveItem>,
  isChosen: (live: LiveEvent) => boolean | Promise<boolean>,
  heartbeatMs: number,
): AsyncGenerator<LiveItem> {
  let given = performance.now();
  for await (const item of items) {
    const choice = item.live === null || isChosen(item.live);
    const isTaken = typeof choice === 'boolean' ? choice : await choice;
    if (!isTaken && performance.now() - given < heartbeatMs) continue;
    given = performance.now();
    yield isTaken ? item : { ...item, live: null };
  }
}

/**
 * An async generator as a consumer that may leave at any moment needs it: leaving ends what the generator waits for.
 * A generator alone would answer `return` only after the next item.
 */
export const leavable = <T>(make: (signal: AbortSignal) => AsyncGenerator<T>): AsyncGenerator<T> => {
  const leaving = new AbortController();
  const items = make(leaving.signal);
  return {
    next: () => items.next(),
    return: (value) => {
      leaving.abort();
      return items.return(value);
    },
    throw: (error) => {
      leaving.abort();
      return items.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
