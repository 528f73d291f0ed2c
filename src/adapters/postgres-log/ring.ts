import type { StoredEvent } from '../../core/event.ts';
import { type Cursor, type Position, START } from '../../core/position.ts';
import type { SizedEvent } from './reader.ts';

// Read, an event takes several times its bytes; storage is not far for whoever wants older ones.
const MAX_EVENTS = 5_000;
const MAX_BYTES = 8 * 1024 * 1024;

export type Ring = {
  /** The last event that was put in. */
  end(): Cursor;
  /** At most `limit` events after a position, oldest first; undefined when the ring does not hold all of them. */
  after(position: Position, limit: number): readonly StoredEvent[] | undefined;
  push(events: readonly SizedEvent[]): void;
  /** Forgets everything and starts again after a cursor. */
  restart(end: Cursor): void;
};

/** The latest events, shared by everybody who follows the log closely. Positions are dense, so a place is an index. */
export const createRing = ({ maxEvents = MAX_EVENTS, maxBytes = MAX_BYTES } = {}): Ring => {
  let held: SizedEvent[] = [];
  let bytes = 0;
  let dropped = 0;
  let end: Cursor = START;

  // Dropped events leave the array in large steps: taking one off the front moves all the others.
  const trim = () => {
    while (held.length - dropped > maxEvents || bytes > maxBytes) {
      bytes -= held[dropped]?.bytes ?? 0;
      dropped += 1;
    }
    if (2 * dropped < held.length) return;
    held = held.slice(dropped);
    dropped = 0;
  };

  return {
    end: () => end,
    after: (position, limit) => {
      const missing = Number(end.position - position);
      if (missing > held.length - dropped) return undefined;
      const from = held.length - Math.max(missing, 0);
      return held.slice(from, from + limit).map(({ event }) => event);
    },
    push: (events) => {
      const last = events.at(-1)?.event;
      if (!last) return;
      held.push(...events);
      bytes += events.reduce((sum, event) => sum + event.bytes, 0);
      end = { position: last.position, eventId: last.id };
      trim();
    },
    restart: (cursor) => {
      held = [];
      bytes = 0;
      dropped = 0;
      end = cursor;
    },
  };
};
