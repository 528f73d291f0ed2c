import type { Cursor } from './position.ts';
import type { Projection } from './projection.ts';
import { type Building, build, extend } from './rebuild.ts';
import { definitionOf } from './table-shape.ts';
import type { TableChecksum } from './table-store.ts';

export type TableProof = {
  readonly table: string;
  readonly live: TableChecksum | null;
  readonly rebuilt: TableChecksum | null;
  readonly equal: boolean;
};

/** Whether what is served equals what the log makes of it, both at the same place of the log. */
export type Proof = {
  readonly projection: string;
  readonly equal: boolean;
  /** Where both stood; null when there was nothing to compare. */
  readonly cursor: Cursor | null;
  readonly tables: readonly TableProof[];
  /** Why there is no comparison. */
  readonly error: string | null;
};

/**
 * Proves *live = rebuilt*: builds each projection anew beside the live one, takes one unmoving look at the live tables with
 * their checkpoint, brings the new ones to that very place, and compares. Nothing pauses; the new ones are dropped.
 */
export const prove = async (
  building: Building,
  projections: readonly { projection: Projection; epoch: number }[],
): Promise<Proof[]> => {
  const proofs = new Map<string, Proof>();
  const served = await building.store.served(projections.map(({ projection }) => projection.name));
  const comparable = projections.filter(({ projection }) => {
    const why = obstacle(projection, served.get(projection.name));
    if (why) proofs.set(projection.name, without(projection, why));
    return !why;
  });
  // As far as the one that is furthest behind: none may be built beyond the place where its live tables stand.
  const until = comparable
    .map(({ projection }) => served.get(projection.name)?.cursor)
    .reduce((least, cursor) => (least && cursor && least.position <= cursor.position ? least : cursor), undefined);
  if (until) {
    const { builds, failures } = await build(building, comparable, until);
    for (const { projection } of comparable) {
      const failure = failures.get(projection.name);
      if (failure) proofs.set(projection.name, without(projection, failure.message));
    }
    try {
      for (const one of builds) proofs.set(one.projection.name, await compare(building, one));
    } finally {
      for (const { generation } of builds) await building.store.discard(generation);
    }
  }
  return projections.map(({ projection }) => proofs.get(projection.name) ?? without(projection, 'It is not served.'));
};

const compare = async (building: Building, one: Parameters<typeof extend>[1]): Promise<Proof> => {
  const { store, onProgress } = building;
  const { projection } = one;
  onProgress?.({
    projections: [projection.name],
    phase: 'comparing',
    events: 0,
    total: null,
    eventsPerSecond: 0,
    etaSeconds: null,
  });
  const live = await store.checksumServed(projection);
  const why = obstacle(projection, live?.checkpoint);
  if (!live || why) return without(projection, why ?? 'It is not served.');
  await extend(building, one, live.checkpoint.cursor);
  const rebuilt = await store.checksum(one.generation, projection);
  const tables = live.tables.map((table): TableProof => {
    const other = rebuilt.find((each) => each.table === table.table) ?? null;
    return {
      table: table.table,
      live: table,
      rebuilt: other,
      equal: other?.rows === table.rows && other.checksum === table.checksum,
    };
  });
  const equal = tables.every((table) => table.equal);
  return { projection: projection.name, equal, cursor: live.checkpoint.cursor, tables, error: null };
};

const obstacle = (
  projection: Projection,
  served: { version: number; definition: string } | undefined,
): string | null => {
  if (!served) return 'It is not served: there is nothing to compare.';
  if (served.version !== projection.version || served.definition !== definitionOf(projection))
    return `Version ${served.version} is served, this program knows version ${projection.version}: rebuild it first.`;
  return null;
};

const without = ({ name }: Projection, error: string): Proof => ({
  projection: name,
  equal: false,
  cursor: null,
  tables: [],
  error,
});
