import { type Compilable, type CompiledQuery, type Kysely, sql } from 'kysely';
import { ASKED_OFTEN } from '../src/core/projection.ts';

type Built<R> = { readonly query: CompiledQuery<R>; readonly places: readonly number[] };

/**
 * A query that is asked all the time: its text is built once for each database handle and planned once for each session; later
 * calls hand over their values only.
 * `build` gets stand-ins for the values, which it may only pass on as parameters, never look into.
 */
export const prepared = <DB, V extends readonly unknown[], R>(
  build: (db: Kysely<DB>, ...values: V) => Compilable<R>,
): ((db: Kysely<DB>, ...values: V) => Promise<R[]>) => {
  const known = new WeakMap<Kysely<DB>, Built<R>>();
  const buildFor = (db: Kysely<DB>, count: number): Built<R> => {
    const standIns = Array.from({ length: count }, () => ({}));
    const compiled = build(db, ...(standIns as unknown as V)).compile();
    const query = { ...compiled, sql: ASKED_OFTEN + compiled.sql };
    const places = query.parameters.map((parameter) => standIns.indexOf(parameter as object));
    if (new Set(places.filter((place) => place >= 0)).size < count)
      throw new Error(`A prepared query looks into its values: ${query.sql}`);
    const built = { query, places };
    known.set(db, built);
    return built;
  };
  return async (db, ...values) => {
    const { query, places } = known.get(db) ?? buildFor(db, values.length);
    const parameters = query.parameters.map((parameter, n) => {
      const place = places[n] ?? -1;
      return place < 0 ? parameter : values[place];
    });
    return (await db.executeQuery<R>({ ...query, parameters })).rows;
  };
};

/** One text for any number of ids; `in` would have another one for each. */
export const oneOf = (column: string, ids: readonly string[]) => sql<boolean>`${sql.ref(column)} = any(${ids}::uuid[])`;
