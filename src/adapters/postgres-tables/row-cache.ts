import { LRUCache } from 'lru-cache';
import type { KeptRows } from '../../core/kept-rows.ts';
import type { Advanced } from '../../core/read-models.ts';

type Memory = Pick<KeptRows<never>, 'projection' | 'forgottenWith'> & {
  /** The generation that its rows were read from. */
  readonly db: object;
  readonly rows: LRUCache<string, object>;
  /** Who asks for the same row at the same time waits for the same query. What is forgotten meanwhile is no longer here. */
  readonly loading: Map<string, Promise<ReadonlyMap<string, object>>>;
};

/** Rows of the served generations, remembered until the projection that holds them has applied a change of theirs. */
export const createRowCache = () => {
  const memories = new Map<object, Memory>();

  const memoryOf = <R>(kept: KeptRows<R>, db: object): Memory => {
    let memory = memories.get(kept);
    if (memory?.db !== db) {
      const { projection, forgottenWith, max } = kept;
      memory = { projection, forgottenWith, db, rows: new LRUCache({ max }), loading: new Map() };
      memories.set(kept, memory);
    }
    return memory;
  };

  /** One query for keys that nobody asks for yet. Its rows are remembered unless they were forgotten while it ran. */
  const load = <R>(kept: KeptRows<R>, { db, rows, loading }: Memory, keys: readonly string[]) => {
    const settle = (found: ReadonlyMap<string, object>) => {
      for (const key of keys) {
        if (loading.get(key) !== query) continue;
        loading.delete(key);
        const row = found.get(key);
        if (row) rows.set(key, row);
      }
    };
    const query: Promise<ReadonlyMap<string, object>> = kept.load(db as never, keys).then(
      (loaded) => {
        const found = new Map(loaded.map((row) => [kept.keyOf(row), row as object]));
        settle(found);
        return found;
      },
      (error: unknown) => {
        settle(new Map());
        throw error;
      },
    );
    for (const key of keys) loading.set(key, query);
    return query;
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
      const fresh = missing.filter((key) => !memory.loading.has(key));
      const waiting = new Set(missing.flatMap((key) => memory.loading.get(key) ?? []));
      if (fresh.length > 0) waiting.add(load(kept, memory, fresh));
      for (const rows of await Promise.all(waiting))
        for (const key of missing) if (rows.has(key)) found.set(key, rows.get(key) as R);
      return found;
    },

    /** To be told of each commit before whoever waits for it goes on. */
    forget: ({ projection, changed }: Pick<Advanced, 'projection' | 'changed'>) => {
      for (const memory of memories.values()) {
        if (memory.projection.name !== projection) continue;
        for (const [table, how] of Object.entries(memory.forgottenWith)) {
          const keys = changed.get(table);
          if (keys === undefined) continue;
          if (keys === null || how === 'any') {
            memory.rows.clear();
            memory.loading.clear();
          } else
            for (const [key] of keys) {
              memory.rows.delete(String(key));
              memory.loading.delete(String(key));
            }
        }
      }
    },
  };
};
