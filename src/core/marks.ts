import type { Cursor } from './position.ts';
import type { Generation, Mark, TableStore } from './table-store.ts';

/** How far the tables of a generation are, as its leader knows it and as its checkpoint says. */
export type Place = {
  readonly generation: Generation;
  readonly epoch: number;
  /** What the tables hold. */
  told: Cursor;
  /** What the checkpoint says: `told`, or a place before it from where on no event has changed a row. */
  written: Cursor;
  recordedAt: string | null;
  /** The checkpoint is not where we left it: it has another owner, or its generation is no longer served. */
  onMoved(): void;
};

export type Marks = ReturnType<typeof createMarks>;

/** How long a checkpoint may be behind what was told, in milliseconds; other processes hear of a place so much later. */
const EVERY = 50;
/** After an outage. */
const AGAIN = 500;

/**
 * Moves, together and a moment later, the checkpoints of projections that had nothing to write: most events change the rows of
 * few projections, and a commit for each of the others would be most of the work of a busy server. What a crash takes is folded
 * again, to nothing.
 */
export const createMarks = (store: Pick<TableStore, 'mark'>, onTrouble: (error: unknown) => void) => {
  const behind = new Set<Place>();
  let writing: { readonly places: ReadonlySet<Place>; readonly done: Promise<void> } | undefined;
  let planned = false;

  const mark = async (places: readonly Place[]) => {
    const marks = places.map(({ generation, epoch, written, told, recordedAt }): Mark => {
      return { generation, epoch, from: written, to: told, recordedAt };
    });
    const outcomes = await store.mark(marks);
    for (const [i, place] of places.entries()) {
      const outcome = outcomes[i];
      if (outcome === 'marked') place.written = marks[i]?.to ?? place.written;
      if (outcome === 'moved') place.onMoved();
      else if (place.written.position < place.told.position) behind.add(place);
    }
  };

  const plan = (wait = EVERY) => {
    if (planned || writing || behind.size === 0) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      const places = new Set(behind);
      behind.clear();
      let rest = EVERY;
      const done = mark([...places])
        .catch((error) => {
          for (const place of places) behind.add(place);
          rest = AGAIN;
          onTrouble(error);
        })
        .finally(() => {
          writing = undefined;
          plan(rest);
        });
      writing = { places, done };
    }, wait);
  };

  /** From here on nobody moves the checkpoint but the caller. */
  const take = async (place: Place) => {
    if (writing?.places.has(place)) await writing.done;
    behind.delete(place);
  };

  return {
    /** Writes it down in a moment. */
    later(place: Place) {
      behind.add(place);
      plan();
    },
    take,
    /** Writes it down now. */
    async now(place: Place) {
      await take(place);
      if (place.written.position < place.told.position) await mark([place]);
      behind.delete(place);
    },
  };
};
