import type { Pool } from 'pg';
import type { TableStore } from '../../core/table-store.ts';
import { type Database, openPool } from '../postgres.ts';
import { checksumOf, checksumServed } from './checksum.ts';
import { quoted } from './ddl.ts';
import { createGenerations } from './generations.ts';
import { openLoading } from './loading.ts';
import { createMarking } from './marks.ts';
import { openSession } from './session.ts';
import { createWrites } from './writes.ts';

export { createReader, type PostgresReader } from './reader.ts';

export type PostgresTables = TableStore & {
  readonly pool: Pool;
  /** Tells the planner of the database how many rows there are in what is served, and of which kind. */
  analyse(projections: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

const CONNECTIONS = 8;
/** More than there are projections: each is loaded by one builder at a time, and none may wait for another one's connection. */
const LOADINGS = 64;

/** Read models in the schemas of a database that `migrate` has brought up to date. */
export const openPostgresTables = (database: Database, { connections = CONNECTIONS } = {}): PostgresTables => {
  const pool = openPool(database, { name: 'projections', max: connections });
  const loadings = openPool(database, { name: 'rebuilding', max: LOADINGS });
  return {
    pool,
    openSession: () => openSession(database),
    ...createGenerations(pool),
    ...createWrites(pool),
    ...createMarking(pool),
    load: (generation, projection) => openLoading(loadings, generation, projection),
    checksum: (generation, projection) => checksumOf(pool, generation, projection),
    checksumServed: (projection) => checksumServed(pool, projection),
    analyse: async (projections) => {
      const { rows } = await pool.query<{ schema: string; tables: readonly string[] }>(
        `select schema, tables from palabre_projections.pointers join palabre_projections.checkpoints using (projection, generation)
          where projection = any($1)`,
        [projections],
      );
      for (const { schema, tables } of rows)
        for (const table of tables) await pool.query(`analyze ${quoted(schema)}.${quoted(table)}`);
    },
    close: async () => {
      await pool.end();
      await loadings.end();
    },
  };
};
