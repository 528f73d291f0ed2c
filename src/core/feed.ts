import type { StoredEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import { pause } from './patience.ts';
import { type Cursor, CursorError } from './position.ts';

/** A run of events of the log for one follower, and the place where it ends. */
export type Run = { readonly events: readonly StoredEvent[]; readonly cursor: Cursor };

export type Follower = {
  /**
   * The next run. While the log has more in store, runs are long; at its end they are whatever has come. Null when the
   * signal aborts. Rejects with `CursorError` when the log does not know the follower's place.
   */
  next(signal: AbortSignal): Promise<Run | null>;
  leave(): void;
};

export type Feeds = { join(after: Cursor): Follower };

/** How long a follower gathers a longer run while the log has more in store. */
const GATHER = 200;
const PAUSE = 500;

/**
 * One reading of the log for all followers that are about level: what one has taken stays until the slowest has it. A
 * follower that is elsewhere gets a reading of its own. `held`: how many events one reading keeps at most.
 */
export const createFeeds = (
  log: Pick<EventLog, 'subscribe'>,
  held: number,
  onTrouble: (error: unknown) => void,
): Feeds => {
  const feeds = new Set<ReturnType<typeof createFeed>>();
  return {
    join: (after) => {
      for (const feed of feeds) if (feed.reaches(after)) return feed.join(after);
      const feed = createFeed(log, after, held, onTrouble, () => feeds.delete(feed));
      feeds.add(feed);
      return feed.join(after);
    },
  };
};

const createFeed = (
  log: Pick<EventLog, 'subscribe'>,
  after: Cursor,
  held: number,
  onTrouble: (error: unknown) => void,
  onEmpty: () => void,
) => {
  // `base` is the place before the first event of the window, `first` the number of that event since the feed began.
  let base = after;
  let end = after;
  let first = 0;
  let window: StoredEvent[] = [];
  let level = false;
  let failure: CursorError | undefined;
  const followers = new Set<{ at: number }>();
  const stop = new AbortController();
  let wakers: (() => void)[] = [];

  const wake = () => {
    const waking = wakers;
    wakers = [];
    for (const each of waking) each();
  };
  const woken = (signal: AbortSignal, milliseconds?: number) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds);
      signal.addEventListener('abort', done, { once: true });
      wakers.push(done);
      if (signal.aborted) done();
    });

  const trim = () => {
    const slowest = Math.min(...[...followers].map(({ at }) => at));
    const taken = Math.min(slowest - first, window.length);
    // In large bites: cutting a long window for each event would cost its length each time.
    if (taken < 1_000 && taken < window.length) return;
    const last = window[taken - 1];
    if (!last) return;
    base = { position: last.position, eventId: last.id };
    window = window.slice(taken);
    first += taken;
  };

  const pump = async () => {
    while (!stop.signal.aborted && !failure) {
      try {
        for await (const { events, cursor, caughtUp } of log.subscribe({ after: end, signal: stop.signal })) {
          for (const event of events) window.push(event);
          end = cursor;
          level = caughtUp;
          wake();
          while (window.length >= held && !stop.signal.aborted) await woken(stop.signal);
        }
        if (!stop.signal.aborted) await pause(PAUSE, stop.signal);
      } catch (error) {
        if (error instanceof CursorError) failure = error;
        else {
          onTrouble(error);
          await pause(PAUSE, stop.signal);
        }
        wake();
      }
    }
  };

  const join = (after: Cursor): Follower => {
    let skip = 0;
    while (skip < window.length && (window[skip] as StoredEvent).position <= after.position) skip += 1;
    const follower = { at: first + skip };
    let cursor = after;
    followers.add(follower);
    const waiting = () => first + window.length - follower.at;
    return {
      async next(signal) {
        const since = Date.now();
        while (!signal.aborted && waiting() === 0 && end.position <= cursor.position) {
          if (failure) throw failure;
          await woken(signal);
        }
        for (
          let left = GATHER;
          !level && waiting() < held && left > 0 && !signal.aborted;
          left = GATHER - (Date.now() - since)
        )
          await woken(signal, left);
        if (signal.aborted) return null;
        const events = window.slice(follower.at - first);
        follower.at = first + window.length;
        cursor = end;
        trim();
        wake();
        return { events, cursor };
      },
      leave() {
        followers.delete(follower);
        if (followers.size > 0) return wake();
        stop.abort();
        onEmpty();
      },
    };
  };

  void pump();
  return {
    join,
    reaches: ({ position }: Cursor) => !failure && base.position <= position && position <= end.position,
  };
};
