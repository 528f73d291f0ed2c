import type { Pool } from 'pg';
import type { TableStore } from '../../core/table-store.ts';
import { type Database, openPool } from '../postgres.ts';
import { checksumOf, checksumServed } from './checksum.ts';
import { createGenerations } from './generations.ts';
import { openSession } from './session.ts';
import { createWrites } from './writes.ts';

export { createReader, type PostgresReader } from './reader.ts';

export type PostgresTables = TableStore & { readonly pool: Pool; close(): Promise<void> };

const CONNECTIONS = 8;

/** Read models in the schemas of a database that `migrate` has brought up to date. */
export const openPostgresTables = (database: Database, { connections = CONNECTIONS } = {}): PostgresTables => {
  const pool = openPool(database, { name: 'projections', max: connections });
  return {
    pool,
    openSession: () => openSession(database),
    ...createGenerations(pool),
    ...createWrites(pool),
    checksum: (generation, projection) => checksumOf(pool, generation, projection),
    checksumServed: (projection) => checksumServed(pool, projection),
    close: () => pool.end(),
  };
};
