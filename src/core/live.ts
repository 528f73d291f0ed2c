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
  /** Whether an event is given; all are, unless said otherwise. What is passed over moves the cursor as well. */
  readonly isChosen?: (live: LiveEvent) => boolean | Promise<boolean>;
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
    async *follow({ after, communityId, types, shownBy, isChosen = () => true, heartbeatMs = usual, signal }) {
      let at = after ?? (await log.head());
      if (after) await log.verify(after);
      const wanted = { communityId, types: types && new Set(types) };
      let isKnown = false;
      let given = performance.now();
      /** What there is to give: nothing for what is passed over, until a heartbeat is due. */
      const itemOf = (live: LiveEvent | null): LiveItem | null => {
        const now = performance.now();
        if (!live && now - given < heartbeatMs) return null;
        given = now;
        return { cursor: at, caughtUp: isKnown, live };
      };

      while (!signal.aborted) {
        // From storage, until all that stands there was given.
        const batch = await log.readAll({ after: at, limit: STEP, ...(types && { filter: { types } }) });
        for (const stored of batch.events) {
          const live = liveEvent(catalogue.read, stored);
          if (!live || (communityId !== null && communityOf(live.event) !== communityId)) continue;
          at = placeOf(stored);
          if (!(await release(shownBy)(at, signal))) return;
          const item = itemOf((await isChosen(live)) ? live : null);
          if (item) yield item;
        }
        at = batch.cursor;
        if (signal.aborted) return;
        if (!batch.caughtUp) {
          // A long way with nothing on it is no silence: the cursor moves.
          const mark = itemOf(null);
          if (mark) yield mark;
          continue;
        }
        const hub = hubOf(shownBy, at);
        const follower = hub.join(wanted, at);
        if (!follower) continue;

        // From memory, until the signal aborts or the follower was left behind.
        const bell = openBell(follower, signal, heartbeatMs);
        try {
          if (!isKnown) yield { cursor: at, caughtUp: true, live: null };
          isKnown = true;
          while (!bell.isOver()) {
            const live = follower.queue.shift();
            if (live) {
              // What the reading of all was behind with has been given from storage.
              if (live.event.position <= at.position) continue;
              at = placeOf(live.event);
              const choice = isChosen(live);
              // Most choices are made at once: none of them is worth a turn of the loop for each of a thousand followers.
              const item = itemOf((typeof choice === 'boolean' ? choice : await choice) ? live : null);
              if (item) yield item;
            } else if (!follower.joined) break;
            else if (!(await bell.rings()) && follower.queue.length === 0 && follower.joined) {
              const released = hub.released();
              if (released.position > at.position) at = released;
              given = performance.now();
              yield { cursor: at, caughtUp: true, live: null };
            }
          }
        } finally {
          bell.remove();
          hub.leave(follower);
        }
      }
    },
  };
};

/** Rings for a follower: true when there is something to do, false when the time passed without it. */
const openBell = (follower: Follower, signal: AbortSignal, milliseconds: number) => {
  let waiting: ((isWoken: boolean) => void) | null = null;
  let isOver = signal.aborted;
  const ring = (isWoken: boolean) => {
    const answer = waiting;
    waiting = null;
    answer?.(isWoken);
  };
  const wake = () => ring(true);
  const end = () => {
    isOver = true;
    wake();
  };
  // Made once for all that a follower waits for: a timer and a listener for each event would cost more than delivering it.
  const timer = setTimeout(ring, milliseconds, false);
  signal.addEventListener('abort', end, { once: true });
  follower.wake = wake;
  return {
    /** Whether the signal has aborted. */
    isOver: () => isOver,
    rings: () =>
      new Promise<boolean>((resolve) => {
        waiting = resolve;
        timer.refresh();
      }),
    remove: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      follower.wake = () => {};
    },
  };
};
