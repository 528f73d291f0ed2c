import type { StoredEvent } from '../../core/event.ts';
import { type Cursor, type Position, START } from '../../core/position.ts';
import { sizeOf } from './stored.ts';

const MAX_EVENTS = 20_000;
const MAX_BYTES = 32 * 1024 * 1024;

export type Recent = ReturnType<typeof createRecent>;

/** The latest events, shared by everybody who follows the log closely. Places have gaps, so they are searched for. */
export const createRecent = ({ maxEvents = MAX_EVENTS, maxBytes = MAX_BYTES } = {}) => {
  let held: { readonly event: StoredEvent; readonly bytes: number }[] = [];
  let bytes = 0;
  let dropped = 0;
  /** All events after it are held. */
  let floor: Position = START.position;
  let end: Cursor = START;

  /** Where in `held` the first event after a position stands. */
  const indexAfter = (position: Position): number => {
    let [low, high] = [dropped, held.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((held[middle]?.event.position ?? 0n) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  };

  // Dropped events leave the array in large steps: taking one off the front moves all the others.
  const trim = () => {
    while (held.length - dropped > maxEvents || bytes > maxBytes) {
      const oldest = held[dropped];
      if (!oldest) break;
      bytes -= oldest.bytes;
      floor = oldest.event.position;
      dropped += 1;
    }
    if (2 * dropped < held.length) return;
    held = held.slice(dropped);
    dropped = 0;
  };

  return {
    end: () => end,
    /** At most `limit` events after a position; undefined when not all of them are held. */
    after: (position: Position, limit: number): readonly StoredEvent[] | undefined => {
      if (position < floor) return undefined;
      const from = indexAfter(position);
      return held.slice(from, from + limit).map(({ event }) => event);
    },
    /** The id of the event at a place, where that is known. */
    idAt: (position: Position): string | undefined => {
      if (position === end.position) return end.eventId;
      const found = held[indexAfter(position) - 1];
      return found?.event.position === position ? found.event.id : undefined;
    },
    /** Takes an event that comes next; one that is known already is passed over. */
    push: (event: StoredEvent): boolean => {
      if (event.position <= end.position) return false;
      const size = sizeOf(event.data) + sizeOf(event.metadata);
      held.push({ event, bytes: size });
      bytes += size;
      end = { position: event.position, eventId: event.id };
      trim();
      return true;
    },
    /** Forgets everything and starts again after a cursor. */
    restart: (cursor: Cursor) => {
      held = [];
      bytes = 0;
      dropped = 0;
      floor = cursor.position;
      end = cursor;
    },
  };
};
