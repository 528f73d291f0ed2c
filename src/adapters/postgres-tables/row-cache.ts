import { LRUCache } from 'lru-cache';
import type { KeptRows } from '../../core/kept-rows.ts';
import type { Advanced } from '../../core/read-models.ts';

type Memory = Pick<KeptRows<never>, 'projection' | 'forgottenWith'> & {
  /** The generation that its rows were read from. */
  readonly db: object;
  readonly rows: LRUCache<string, object>;
  /** Counts what was forgotten, so that a query that was on its way meanwhile leaves nothing behind. */
  forgotten: number;
};

/** Rows of the served generations, remembered until the projection that holds them has applied a change of theirs. */
export const createRowCache = () => {
  const memories = new Map<object, Memory>();

  const memoryOf = <R>(kept: KeptRows<R>, db: object): Memory => {
    let memory = memories.get(kept);
    if (memory?.db !== db) {
      const { projection, forgottenWith, max } = kept;
      memory = { projection, forgottenWith, db, rows: new LRUCache({ max }), forgotten: 0 };
      memories.set(kept, memory);
    }
    return memory;
  };

  return {
    /** The rows of these keys, as a query would answer now; a key without a row is missing. */
    rows: async <R>(kept: KeptRows<R>, db: object, keys: readonly string[]): Promise<ReadonlyMap<string, R>> => {
      const memory = memoryOf(kept, db);
      const found = new Map<string, R>();
      const missing: string[] = [];
      for (const key of keys) {
        const row = memory.rows.get(key) as R | undefined;
        if (row === undefined) missing.push(key);
        else found.set(key, row);
      }
      if (missing.length === 0) return found;
      const { forgotten } = memory;
      for (const row of await kept.load(db as never, missing)) {
        found.set(kept.keyOf(row), row);
        if (memory.forgotten === forgotten) memory.rows.set(kept.keyOf(row), row as object);
      }
      return found;
    },

    /** To be told of each commit before whoever waits for it goes on. */
    forget: ({ projection, changed }: Pick<Advanced, 'projection' | 'changed'>) => {
      for (const memory of memories.values()) {
        if (memory.projection.name !== projection) continue;
        for (const [table, how] of Object.entries(memory.forgottenWith)) {
          const keys = changed.get(table);
          if (keys === undefined) continue;
          memory.forgotten += 1;
          if (keys === null || how === 'any') memory.rows.clear();
          else for (const [key] of keys) memory.rows.delete(String(key));
        }
      }
    },
  };
};
