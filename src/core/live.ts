import type { Catalogue } from './catalogue.ts';
import type { Waited, WaitOptions } from './consistency.ts';
import type { EventLog } from './event-log.ts';
import { askable, type Handed, type Take } from './handed.ts';
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
  follow(following: Following): Handed<LiveItem>;
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

  /** One follower's way through the log: from storage until it is level with the others, and then from memory. */
  const begin = ({
    after,
    communityId,
    types,
    shownBy,
    isChosen = () => true,
    heartbeatMs = usual,
    signal,
  }: Following) => {
    const wanted = { communityId, types: types && new Set(types) };
    let at = after;
    let isKnown = false;
    let given = performance.now();

    /** What there is to give: nothing for what is passed over, until a heartbeat is due. */
    const itemOf = (live: LiveEvent | null): LiveItem | null => {
      const now = performance.now();
      if (!live && now - given < heartbeatMs) return null;
      given = now;
      return { cursor: at as Cursor, caughtUp: isKnown, live };
    };

    /** Gives all that stands there; ends with a place in the hub, or without one when the signal has aborted. */
    async function* fromStorage(): AsyncGenerator<LiveItem, Joined | null> {
      if (!isKnown && after) await log.verify(after);
      let from = at ?? (await log.head());
      while (!signal.aborted) {
        const batch = await log.readAll({ after: from, limit: STEP, ...(types && { filter: { types } }) });
        for (const stored of batch.events) {
          const live = liveEvent(catalogue.read, stored);
          if (!live || (communityId !== null && communityOf(live.event) !== communityId)) continue;
          at = placeOf(stored);
          if (!(await release(shownBy)(at, signal))) return null;
          const item = itemOf((await isChosen(live)) ? live : null);
          if (item) yield item;
        }
        from = batch.cursor;
        at = from;
        if (signal.aborted) return null;
        if (batch.caughtUp) {
          const hub = hubOf(shownBy, at);
          const follower = hub.join(wanted, at);
          if (follower) return { hub, follower, heartbeatMs, signal };
        } else {
          // A long way with nothing on it is no silence: the cursor moves.
          const mark = itemOf(null);
          if (mark) yield mark;
        }
      }
      return null;
    }

    return {
      fromStorage,
      /** What is given of an event from memory. */
      ofEvent: (live: LiveEvent): LiveItem | null | Promise<LiveItem | null> => {
        // What the reading of all was behind with has been given from storage.
        if (at && live.event.position <= at.position) return null;
        at = placeOf(live.event);
        const choice = isChosen(live);
        // Most choices are made at once: none of them is worth a turn of the loop for each of a thousand followers.
        return typeof choice === 'boolean'
          ? itemOf(choice ? live : null)
          : choice.then((is) => itemOf(is ? live : null));
      },
      /** Where the present begins; told once. */
      firstMark: (): LiveItem | null => {
        if (isKnown) return null;
        isKnown = true;
        return { cursor: at as Cursor, caughtUp: true, live: null };
      },
      heartbeat: ({ hub }: Joined): LiveItem => {
        const released = hub.released();
        if (!at || released.position > at.position) at = released;
        given = performance.now();
        return { cursor: at, caughtUp: true, live: null };
      },
    };
  };

  /** Each item at once, as it comes: while nothing comes, nothing is held but the follower itself. */
  const handTo = async (way: Way, take: Take<LiveItem>): Promise<void> => {
    for (;;) {
      const storage = way.fromStorage();
      let next = await storage.next();
      for (; !next.done; next = await storage.next()) await take(next.value);
      const joined = next.value;
      if (!joined) return;
      try {
        const mark = way.firstMark();
        if (mark) await take(mark);
        await handOver(way, joined, take);
      } finally {
        joined.hub.leave(joined.follower);
      }
    }
  };

  return {
    heartbeatMs: usual,
    follow: (following) => {
      const way = begin(following);
      return askable((take) => handTo(way, take));
    },
  };
};

/** A place among the followers of a hub. */
type Joined = {
  readonly hub: Hub;
  readonly follower: Follower;
  readonly heartbeatMs: number;
  readonly signal: AbortSignal;
};

type Way = {
  fromStorage(): AsyncGenerator<LiveItem, Joined | null>;
  ofEvent(live: LiveEvent): LiveItem | null | Promise<LiveItem | null>;
  firstMark(): LiveItem | null;
  heartbeat(joined: Joined): LiveItem;
};

/** Hands over what comes until the signal aborts or the follower was left behind. One item after the other: the next waits for its taker. */
const handOver = (way: Way, joined: Joined, take: Take<LiveItem>) =>
  new Promise<void>((resolve, reject) => {
    const { follower, heartbeatMs, signal } = joined;
    let isTaking = false;
    let isOver = false;

    const finish = (settle: () => void) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      follower.wake = () => {};
      settle();
    };
    const end = () => finish(resolve);
    const fail = (error: unknown) => finish(() => reject(error));
    const goOn = () => {
      isTaking = false;
      step();
    };

    /** True where the next has to wait. */
    const give = (item: LiveItem | null | Promise<LiveItem | null>): boolean => {
      const taking = item instanceof Promise ? item.then((one) => one && take(one)) : item && take(item);
      if (!(taking instanceof Promise)) return false;
      isTaking = true;
      taking.then(goOn, fail);
      return true;
    };

    const step = () => {
      if (isTaking || isOver) return;
      try {
        for (let live = follower.queue.shift(); live; live = follower.queue.shift()) {
          if (give(way.ofEvent(live))) return;
          if (isOver) return;
        }
        if (follower.joined) timer.refresh();
        else end();
      } catch (error) {
        fail(error);
      }
    };

    const timer = setTimeout(() => {
      if (isTaking || isOver) return;
      try {
        if (!give(way.heartbeat(joined))) step();
      } catch (error) {
        fail(error);
      }
    }, heartbeatMs);
    signal.addEventListener('abort', end, { once: true });
    follower.wake = step;
    if (signal.aborted) end();
    else step();
  });
