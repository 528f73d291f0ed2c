import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Pool } from 'pg';
import type { KeptRows } from '../../core/kept-rows.ts';
import type { Cursor } from '../../core/position.ts';
import type { Projection, Rows, Tables } from '../../core/projection.ts';
import type { ReadModels } from '../../core/read-models.ts';
import { preparedPool } from './prepared-pool.ts';
import { createRowCache } from './row-cache.ts';

/** One request's view of the read models. */
export type Reading = {
  from<T extends Tables>(projection: Projection<T>): Kysely<Rows<T>>;
  /** Rows by key, from memory where they are known as they stand now. */
  kept<R>(rows: KeptRows<R>, keys: readonly string[]): Promise<ReadonlyMap<string, R>>;
  /** Rows and checkpoint of one projection, read in one transaction; with when the log took in the last event applied. */
  snapshot<T extends Tables, R>(
    projection: Projection<T>,
    read: (db: Kysely<Rows<T>>, at: Cursor, recordedAt: Date | null) => Promise<R>,
  ): Promise<R>;
  /** The smallest watermark among the projections read so far, taken before the first read of each; null when none was. */
  position(): Cursor | null;
};

export type PostgresReader = {
  request(): Reading;
  /** How many statements were sent so far. */
  statements(): number;
};

/** What a reader must know of the runtime. */
export type Served = Pick<ReadModels, 'watermark' | 'recordedAt' | 'schemaOf' | 'onAdvance'>;

/** A read model is asked before its first generation is there, or after one took its place that this program cannot read. */
export class NotServed extends Error {
  readonly code = 'STALE_READ';
  constructor(projection: string) {
    super(`The read model "${projection}" is being built, or was replaced by another version: ask again in a moment.`);
    this.name = 'NotServed';
  }
}

export const createReader = (pool: Pool, served: Served): PostgresReader => {
  let statements = 0;
  const cache = createRowCache();
  served.onAdvance(cache.forget);
  const db = new Kysely<Record<string, never>>({
    dialect: new PostgresDialect({ pool: preparedPool(pool) }),
    log: () => void statements++,
  });
  const bySchema = new Map<string, unknown>();

  const inSchema = <T extends Tables>(schema: string): Kysely<Rows<T>> => {
    let known = bySchema.get(schema);
    if (!known) {
      known = db.withSchema(schema);
      bySchema.set(schema, known);
    }
    return known as Kysely<Rows<T>>;
  };

  const request = (): Reading => {
    let least: Cursor | null = null;
    const take = (cursor: Cursor) => {
      if (!least || cursor.position < least.position) least = cursor;
    };
    const seen = new Set<string>();
    const from: Reading['from'] = ({ name }) => {
      if (!seen.has(name)) take(served.watermark(name));
      seen.add(name);
      const schema = served.schemaOf(name);
      if (!schema) throw new NotServed(name);
      return inSchema(schema);
    };
    return {
      from,
      kept: (rows, keys) => cache.rows(rows, from(rows.projection), keys),
      snapshot: (projection, read) => {
        const { name } = projection;
        // What is led here may be told to be further than its checkpoint says; it was so before the transaction began.
        const told = { at: served.watermark(name), recordedAt: served.recordedAt(name), schema: served.schemaOf(name) };
        return db
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute(async (transaction) => {
            const { rows } = await sql<{ schema: string; position: bigint; eventId: string; recordedAt: Date | null }>`
              select c.schema, c.position, c.event_id as "eventId", c.recorded_at as "recordedAt"
                from palabre_projections.pointers p join palabre_projections.checkpoints c using (projection, generation)
               where projection = ${name}`.execute(transaction);
            const [row] = rows;
            if (!row) throw new NotServed(name);
            const isFurther = row.schema === told.schema && row.position < told.at.position;
            const at = isFurther ? told.at : { position: row.position, eventId: row.eventId };
            const recordedAt = isFurther ? dateOf(told.recordedAt) : row.recordedAt;
            take(at);
            return read(transaction.withSchema(row.schema) as never, at, recordedAt);
          });
      },
      position: () => least,
    };
  };

  return { request, statements: () => statements };
};

const dateOf = (time: string | null): Date | null => (time === null ? null : new Date(time));
