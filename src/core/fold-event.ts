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

/** How many events are remembered as read: a run that all projections follow at about the same time. */
const REMEMBERED = 4_096;

/** Refuses events of a type that nobody declared, unless they are named in `ignorable`. */
export const readingKnown =
  (read: ReadEvent, ignorable: ReadonlySet<string>): ReadEvent =>
  (event) => {
    const folded = read(event);
    if (!folded && !ignorable.has(event.type))
      throw new Error(
        `no event type "${event.type}" (version ${event.version}) is declared. A newer version of Palabre may know it.`,
      );
    return folded;
  };

/** Reads each event once for projections that follow the log one beside the other, each at its own pace. */
export const readingOnce = (read: ReadEvent): ReadEvent => {
  let known = new Map<StoredEvent, FoldedEvent | null>();
  return (event) => {
    let folded = known.get(event);
    if (folded === undefined) {
      folded = read(event);
      if (known.size >= REMEMBERED) known = new Map();
      known.set(event, folded);
    }
    return folded;
  };
};

/** Reads each event once for projections that fold it one right after the other: nothing older is kept alive. */
export const readingInTurn = (read: ReadEvent): ReadEvent => {
  let last: StoredEvent | undefined;
  let folded: FoldedEvent | null = null;
  return (event) => {
    if (event === last) return folded;
    folded = read(event);
    last = event;
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
