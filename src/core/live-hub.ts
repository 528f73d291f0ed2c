import type { Catalogue } from './catalogue.ts';
import type { FoldedEvent, StoredEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import type { Cursor } from './position.ts';

/** An event as it stands in the log, and as it reads today. One object for all followers, so that each may remember by it. */
export type LiveEvent = { readonly stored: StoredEvent; readonly event: FoldedEvent };

/** Somebody who is level with the log and takes what comes from memory. */
export type Follower = {
  readonly queue: LiveEvent[];
  /** False once it was left behind: what comes is no longer queued. */
  joined: boolean;
  wake: () => void;
};

/** Which events a follower wants: of one community or of all (null), of some types or of all (null). */
export type Wanted = { readonly communityId: string | null; readonly types: ReadonlySet<string> | null };

/** One reading of the log for all followers that are level with it. */
export type Hub = {
  /** Up to where everything was offered. */
  released(): Cursor;
  /** Null when the place is behind the hub's own: it has to be read up from storage first. */
  join(wanted: Wanted, at: Cursor): Follower | null;
  leave(follower: Follower): void;
};

export type HubTools = {
  readonly log: Pick<EventLog, 'subscribe'>;
  readonly read: Catalogue['read'];
  /** Waits until what stands at the cursor may be shown; false when the signal aborts first. */
  readonly release: (cursor: Cursor, signal: AbortSignal) => Promise<boolean>;
  /** A follower that has not taken so many events is left behind. */
  readonly held: number;
  /** Nobody follows any more, or the reading failed: whoever comes next begins another one. */
  readonly onEnd: () => void;
};

/** All communities at once, among the keys of followers. */
const ALL = '';

export const openHub = ({ log, read, release, held, onEnd }: HubTools, start: Cursor): Hub => {
  const stop = new AbortController();
  const followers = new Map<string, Map<Follower, Wanted>>();
  const homes = new Map<Follower, string>();
  let released = start;

  const concerned = (event: FoldedEvent) => followers.has(ALL) || followers.has(communityOf(event));

  const run = async () => {
    for await (const batch of log.subscribe({ after: start, signal: stop.signal })) {
      const events = batch.events.flatMap((stored) => liveEvent(read, stored) ?? []);
      // Somebody may join while we wait: then there may be more to wait for.
      for (let level = 0n; ; ) {
        const last = events.findLast(({ event }) => concerned(event));
        if (!last || last.event.position <= level) break;
        if (!(await release(placeOf(last.event), stop.signal))) return;
        level = last.event.position;
      }
      for (const live of events) {
        offer(followers.get(ALL), live);
        offer(followers.get(communityOf(live.event)), live);
      }
      released = batch.cursor;
    }
  };

  const offer = (some: ReadonlyMap<Follower, Wanted> | undefined, live: LiveEvent) => {
    if (!some) return;
    for (const [follower, { types }] of some) {
      if (types && !types.has(live.event.type)) continue;
      if (follower.queue.length >= held) follower.joined = false;
      if (follower.joined) follower.queue.push(live);
      follower.wake();
    }
  };

  const end = () => {
    stop.abort();
    onEnd();
    // Whoever still follows reads on from storage, and begins another reading.
    for (const follower of homes.keys()) {
      follower.joined = false;
      follower.wake();
    }
  };

  run().then(end, end);

  return {
    released: () => released,
    join(wanted, at) {
      if (stop.signal.aborted || released.position > at.position) return null;
      const follower: Follower = { queue: [], joined: true, wake: () => {} };
      const home = wanted.communityId ?? ALL;
      followers.set(home, (followers.get(home) ?? new Map()).set(follower, wanted));
      homes.set(follower, home);
      return follower;
    },
    leave(follower) {
      follower.joined = false;
      const home = homes.get(follower);
      if (home === undefined) return;
      homes.delete(follower);
      const others = followers.get(home);
      others?.delete(follower);
      if (others?.size === 0) followers.delete(home);
      if (homes.size === 0) end();
    },
  };
};

/** Null for an event of a type that nobody declared: no door shows it. */
export const liveEvent = (read: Catalogue['read'], stored: StoredEvent): LiveEvent | null => {
  const event = read(stored);
  return event && { stored, event };
};

export const communityOf = ({ data }: FoldedEvent): string => {
  const { communityId } = data as { readonly communityId?: string };
  return communityId ?? 'none';
};

export const placeOf = ({ position, id }: { readonly position: bigint; readonly id: string }): Cursor => ({
  position,
  eventId: id,
});
