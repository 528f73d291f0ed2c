import type { Reached } from './consistency.ts';
import type { StoredEvent } from './event.ts';
import type { EventLog } from './event-log.ts';
import type { Feeds } from './feed.ts';
import { type Deltas, type Step, startFold, stepsOf } from './fold.ts';
import { FoldFailed, foldEvent, type ReadEvent } from './fold-event.ts';
import type { Marks, Place } from './marks.ts';
import { patiently } from './patience.ts';
import { type Cursor, CursorError, START } from './position.ts';
import type { Projection } from './projection.ts';
import { shapesOf } from './table-shape.ts';
import { type Checkpoint, type Halt, RowsRefused, type TableStore } from './table-store.ts';

/**
 * The rows that a batch may have changed, by table: keys, each with its values in the order of the table's key columns; null
 * where any row of the table may have changed.
 */
export type Changed = ReadonlyMap<string, readonly (readonly unknown[])[] | null>;

/** What following ended with. `robbed`: the lease is another's. `moved`: look again at what is served. */
export type Ending = 'stopped' | 'robbed' | 'moved' | 'halted';

export type Following = {
  readonly log: Pick<EventLog, 'verify'>;
  readonly store: Pick<TableStore, 'apply' | 'halt'>;
  readonly feeds: Feeds;
  readonly marks: Marks;
  readonly projection: Projection;
  readonly read: ReadEvent;
  readonly epoch: number;
  /** Ends it after the batch in hand. */
  readonly stop: AbortSignal;
  readonly lost: AbortSignal;
  onApplied(reached: Reached, events: number, changed: Changed): void;
  onHalt(halt: Halt): void;
  onTrouble(error: unknown): void;
};

/** Keeps one generation level with the log for as long as it is ours. */
export const follow = async (following: Following, checkpoint: Checkpoint): Promise<Ending> => {
  const { log, feeds, marks, projection, read, epoch, stop, lost, onTrouble, store } = following;
  const shapes = shapesOf(projection);
  const moved = new AbortController();
  const ending = AbortSignal.any([stop, lost]);
  const resting = AbortSignal.any([ending, moved.signal]);
  const { cursor, recordedAt } = checkpoint;
  const onMoved = () => moved.abort();
  const place: Place = { generation: checkpoint, epoch, told: cursor, written: cursor, recordedAt, onMoved };
  // What stood still says so until its checkpoint moves: this is not put off.
  let mayLag = checkpoint.halt === null;

  const haltAt = async ({ position, id, type }: StoredEvent, message: string): Promise<'halted'> => {
    const halt = { position, eventId: id, type, message };
    const tell = async () => {
      await marks.now(place);
      await store.halt(checkpoint, epoch, halt);
    };
    await patiently(tell, { signal: ending, onTrouble }).catch(() => {});
    following.onHalt(halt);
    return 'halted';
  };

  /** Applies a run; halves it where the database refuses a row, until the event is found. */
  const apply = async (events: readonly StoredEvent[], to: Cursor): Promise<'applied' | Ending> => {
    const fold = startFold(shapes);
    for (const [i, event] of events.entries()) {
      try {
        foldEvent(fold, projection, event, read);
      } catch (error) {
        if (!(error instanceof FoldFailed)) throw error;
        const before = i > 0 ? await apply(events.slice(0, i), cursorOf(events[i - 1])) : 'applied';
        return before === 'applied' ? haltAt(event, error.message) : before;
      }
    }
    const last = laterOf(place.recordedAt, events);
    const steps = stepsOf(fold);
    const reached = () => {
      place.told = to;
      place.recordedAt = last;
      following.onApplied({ ...to, recordedAt: last }, events.length, changedBy(steps));
    };
    if (mayLag && steps.length === 0 && fold.missed === 0) {
      reached();
      marks.later(place);
      return 'applied';
    }
    await marks.take(place);
    const { missed: known } = fold;
    const advance = { generation: checkpoint, epoch, from: place.written, to, recordedAt: last, missed: known, steps };
    let missed: number | null;
    try {
      // An answer that was lost is asked for again: if it had been written, the checkpoint refuses the second time.
      missed = await patiently(() => store.apply(advance, projection), { signal: ending, onTrouble });
    } catch (error) {
      if (ending.aborted) return lost.aborted ? 'robbed' : 'stopped';
      if (!(error instanceof RowsRefused)) throw error;
      const [event] = events;
      if (!event || events.length === 1)
        return event ? haltAt(event, `"${projection.name}": ${error.message}`) : 'moved';
      const half = Math.ceil(events.length / 2);
      const firstHalf = await apply(events.slice(0, half), cursorOf(events[half - 1]));
      return firstHalf === 'applied' ? apply(events.slice(half), to) : firstHalf;
    }
    if (missed === null) return 'moved';
    place.written = to;
    mayLag = true;
    reached();
    return 'applied';
  };

  try {
    await patiently(
      () =>
        log
          .verify(checkpoint.cursor)
          .catch((error) => (error instanceof CursorError ? Promise.resolve(error) : Promise.reject(error))),
      { signal: ending, onTrouble },
    ).then((error) => {
      if (error) throw error;
    });
    const follower = feeds.join(cursor);
    try {
      while (!resting.aborted) {
        const run = await follower.next(resting);
        if (!run) break;
        if (run.cursor.position === place.told.position) continue;
        const outcome = await apply(run.events, run.cursor);
        if (outcome !== 'applied') return outcome;
      }
      if (!ending.aborted) return 'moved';
    } finally {
      follower.leave();
      await (lost.aborted ? marks.take(place) : marks.now(place)).catch(onTrouble);
    }
  } catch (error) {
    if (error instanceof CursorError)
      return haltAt(
        { position: cursor.position, id: cursor.eventId, type: '' } as StoredEvent,
        `"${projection.name}" has followed another log than this one (${error.message}): rebuild it.`,
      );
    if (!ending.aborted) throw error;
  }
  return lost.aborted ? 'robbed' : 'stopped';
};

/** The latest time up to here: a log's own may go back, what is figured from it must not. */
export const laterOf = (before: string | null, events: readonly StoredEvent[]): string | null =>
  events.reduce((latest, { recordedAt }) => (latest === null || recordedAt > latest ? recordedAt : latest), before);

const cursorOf = (event: StoredEvent | undefined): Cursor =>
  event ? { position: event.position, eventId: event.id } : START;

const changedBy = (steps: readonly Step[]): Changed => {
  const changed = new Map<string, (readonly unknown[])[] | null>();
  for (const { deltas, sweep } of steps) {
    addKeys(changed, deltas);
    if (sweep) changed.set(sweep.shape.name, null);
  }
  return changed;
};

const addKeys = (changed: Map<string, (readonly unknown[])[] | null>, deltas: Deltas) => {
  for (const { shape, rows } of deltas.values()) {
    const keys = changed.get(shape.name);
    if (keys === null || rows.size === 0) continue;
    const more = Array.from(rows.values(), ({ key }) => key);
    changed.set(shape.name, keys ? keys.concat(more) : more);
  }
};
