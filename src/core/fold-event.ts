import type { FoldedEvent, StoredEvent } from './event.ts';
import { compose, type Fold } from './fold.ts';
import type { Operation, Projection } from './projection.ts';

/** Today's shape of a stored event; null for a type that nobody declared. */
export type ReadEvent = (event: StoredEvent) => FoldedEvent | null;

/** A fold stopped at an event: its handler threw, or nobody knows the event. It would do so again. */
export class FoldFailed extends Error {
  readonly event: StoredEvent;
  constructor(projection: string, event: StoredEvent, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`"${projection}" cannot fold event ${event.id} (${event.type}, position ${event.position}): ${why}`, {
      cause,
    });
    this.name = 'FoldFailed';
    this.event = event;
  }
}

/** How many events are remembered as read: a run that all projections fold at about the same time. */
const REMEMBERED = 4_096;

/** Reads each event once for all projections that fold it one after the other. Event types named in `ignorable` may be unknown. */
export const readingOnce = (read: ReadEvent, ignorable: ReadonlySet<string>): ReadEvent => {
  let known = new Map<StoredEvent, FoldedEvent | null>();
  return (event) => {
    let folded = known.get(event);
    if (folded === undefined) {
      folded = read(event);
      if (!folded && !ignorable.has(event.type))
        throw new Error(
          `no event type "${event.type}" (version ${event.version}) is declared. A newer version of Palabre may know it.`,
        );
      if (known.size >= REMEMBERED) known = new Map();
      known.set(event, folded);
    }
    return folded;
  };
};

/** Composes what a projection makes of an event. Throws `FoldFailed`; the fold is then worth nothing any more. */
export const foldEvent = (fold: Fold, projection: Projection, event: StoredEvent, read: ReadEvent): void => {
  try {
    const folded = read(event);
    const handler = folded && projection.on[folded.type];
    if (!handler) return;
    const operations: readonly Operation[] = handler(folded.data as never, folded);
    for (const operation of operations) compose(fold, operation);
  } catch (cause) {
    throw new FoldFailed(projection.name, event, cause);
  }
};
