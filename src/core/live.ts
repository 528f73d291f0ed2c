import type { Catalogue } from './catalogue.ts';
import type { Waited, WaitOptions } from './consistency.ts';
import type { FoldedEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import { pause } from './patience.ts';
import type { Cursor } from './position.ts';

/** What a follower is given: an event, or only news of how far it is (the caught-up mark, a heartbeat). */
export type LiveItem = {
  readonly cursor: Cursor;
  /** True once all that stood in the log has been given. */
  readonly caughtUp: boolean;
  readonly event: FoldedEvent | null;
};

export type Following = {
  /** Where to go on; null for the end of the log. Throws `CursorError` for a place that this log does not know. */
  readonly after: Cursor | null;
  readonly communityId: string;
  readonly types: readonly string[];
  readonly signal: AbortSignal;
};

/** Everything after a cursor and then what comes, as one stream without a gap, for many followers at once. */
export type Live = { follow(following: Following): AsyncGenerator<LiveItem> };

export type LiveTools = {
  readonly log: Pick<EventLog, 'readAll' | 'subscribe' | 'head' | 'verify'>;
  readonly catalogue: Pick<Catalogue, 'read'>;
  /** Nothing is given before these projections show it. */
  readonly projections: readonly string[];
  readonly waitFor: (names: readonly string[], cursor: Cursor, options?: WaitOptions) => Promise<Waited>;
  readonly heartbeatMs?: number;
  /** A follower that has not taken so many items goes back to reading from storage. */
  readonly held?: number;
};

type Follower = {
  readonly types: ReadonlySet<string>;
  readonly queue: LiveItem[];
  /** False once it was left behind: what comes is no longer queued. */
  joined: boolean;
  wake: () => void;
};

const HEARTBEAT = 12_000;
const HELD = 1_000;
const STEP = 1_000;
const PATIENCE = 60_000;
const PAUSE = 500;

/** One reading of the log for all followers that are level with it. */
type Hub = { released: Cursor; readonly stop: AbortController; readonly followers: Map<string, Set<Follower>> };

export const createLive = (tools: LiveTools): Live => {
  const { log, catalogue, projections, waitFor, heartbeatMs = HEARTBEAT, held = HELD } = tools;
  let hub: Hub | null = null;

  /** Waits until the read models show what stands at the cursor; false when the signal aborts first. */
  const release = async (cursor: Cursor, signal: AbortSignal): Promise<boolean> => {
    while (!signal.aborted) {
      const waited = await waitFor(projections, cursor, { signal, timeoutMs: PATIENCE });
      if (waited === 'reached') return true;
      if (waited === 'halted') await pause(PAUSE, signal);
    }
    return false;
  };

  const run = async (current: Hub) => {
    const { followers, stop } = current;
    try {
      for await (const batch of log.subscribe({ after: current.released, signal: stop.signal })) {
        const events = batch.events.flatMap((event) => catalogue.read(event) ?? []);
        // Somebody may join while we wait: then there may be more to wait for.
        for (let level = 0n; ; ) {
          const last = events.findLast((event) => followers.has(communityOf(event)));
          if (!last || last.position <= level) break;
          if (!(await release(placeOf(last), stop.signal))) return;
          level = last.position;
        }
        for (const event of events) offer(followers.get(communityOf(event)), event);
        current.released = batch.cursor;
      }
    } finally {
      if (hub === current) hub = null;
      // Whoever still follows reads on from storage, and begins another reading.
      for (const follower of [...followers.values()].flatMap((all) => [...all])) {
        follower.joined = false;
        follower.wake();
      }
    }
  };

  const offer = (followers: ReadonlySet<Follower> | undefined, event: FoldedEvent) => {
    for (const follower of followers ?? []) {
      if (!follower.types.has(event.type)) continue;
      if (follower.queue.length >= held) follower.joined = false;
      if (follower.joined) follower.queue.push({ cursor: placeOf(event), caughtUp: true, event });
      follower.wake();
    }
  };

  /** Joins the reading of all at a follower's own place, unless that place is behind it. */
  const join = (communityId: string, types: readonly string[], at: Cursor): [Hub, Follower] | null => {
    if (hub && hub.released.position > at.position) return null;
    if (!hub) {
      hub = { released: at, stop: new AbortController(), followers: new Map() };
      run(hub).catch(() => {});
    }
    const follower: Follower = { types: new Set(types), queue: [], joined: true, wake: () => {} };
    const others = hub.followers.get(communityId) ?? new Set();
    hub.followers.set(communityId, others.add(follower));
    return [hub, follower];
  };

  const leave = ({ followers, stop }: Hub, communityId: string, follower: Follower) => {
    follower.joined = false;
    const others = followers.get(communityId);
    others?.delete(follower);
    if (others?.size === 0) followers.delete(communityId);
    if (followers.size > 0) return;
    stop.abort();
    if (hub?.stop === stop) hub = null;
  };

  return {
    async *follow({ after, communityId, types, signal }) {
      let at = after ?? (await log.head());
      if (after) await log.verify(after);
      let caughtUp = false;

      while (!signal.aborted) {
        // From storage, until all that stands there was given.
        const batch = await log.readAll({ after: at, limit: STEP, filter: { types } });
        for (const event of batch.events) {
          const folded = catalogue.read(event);
          if (!folded || communityOf(folded) !== communityId) continue;
          if (!(await release(placeOf(event), signal))) return;
          yield { cursor: placeOf(event), caughtUp, event: folded };
        }
        at = batch.cursor;
        const joined = batch.caughtUp && !signal.aborted ? join(communityId, types, at) : null;
        if (!joined) continue;
        const [current, follower] = joined;

        // From memory, until the signal aborts or the follower was left behind.
        try {
          if (!caughtUp) yield { cursor: at, caughtUp: true, event: null };
          caughtUp = true;
          for await (const item of taken(follower, signal)) {
            // What the reading of all was behind with has been given from storage.
            if (item && item.cursor.position <= at.position) continue;
            at = item?.cursor ?? (current.released.position > at.position ? current.released : at);
            yield item ?? { cursor: at, caughtUp: true, event: null };
          }
        } finally {
          leave(current, communityId, follower);
        }
      }
    },
  };

  /** What a follower is offered, in order; null after a while without anything. */
  async function* taken(follower: Follower, signal: AbortSignal): AsyncGenerator<LiveItem | null> {
    while (!signal.aborted) {
      const item = follower.queue.shift();
      if (item) yield item;
      else if (!follower.joined) return;
      else if (!(await woken(follower, signal, heartbeatMs)) && follower.queue.length === 0 && follower.joined)
        yield null;
    }
  }
};

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

const communityOf = ({ data }: FoldedEvent): string => (data as { readonly communityId?: string }).communityId ?? '';

const placeOf = ({ position, id }: { readonly position: bigint; readonly id: string }): Cursor => ({
  position,
  eventId: id,
});

/**
 * An async generator as a consumer that may leave at any moment needs it: leaving ends what the generator waits for.
 * A generator alone would answer `return` only after the next item.
 */
export const leavable = <T>(make: (signal: AbortSignal) => AsyncGenerator<T>): AsyncIterableIterator<T> => {
  const leaving = new AbortController();
  const items = make(leaving.signal);
  return {
    next: () => items.next(),
    return: () => {
      leaving.abort();
      return items.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};
