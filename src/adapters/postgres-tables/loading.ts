import type { Pool, PoolClient } from 'pg';
import type { Projection } from '../../core/projection.ts';
import { type Shape, shapesOf } from '../../core/table-shape.ts';
import type { Generation, Loading } from '../../core/table-store.ts';
import { copyRows, type Encoded, encodeRows } from './copy.ts';
import { createIndexes, createKey, tableName } from './ddl.ts';
import { openTransaction } from './transaction.ts';
import { refusals, sweep, write } from './writes.ts';

/**
 * Fills a generation in one transaction, on a connection that readers do not wait for. Tables are emptied and filled in the same
 * transaction, so that the rows are written as everybody sees them and need no second visit.
 */
export const openLoading = (pool: Pool, generation: Generation, projection: Projection): Loading => {
  const shapes = Object.values(shapesOf(projection));
  const transaction = openTransaction(pool);
  const emptied = new Set<Shape>();
  const keyed = new Set<Shape>();

  const copy = async (client: PoolClient, rows: Encoded) => {
    const { shape } = rows;
    if (!emptied.has(shape)) await client.query(`truncate ${tableName(generation, shape)}`);
    emptied.add(shape);
    await copyRows(client, generation, rows);
  };

  const ensureKey = async (client: PoolClient, shape: Shape) => {
    if (!keyed.has(shape)) await client.query(createKey(generation, shape));
    keyed.add(shape);
  };

  return {
    fill: (step) =>
      refusals(generation, async () => {
        const rows = [...step.deltas.values()].filter(({ whole, rows }) => whole && rows.size > 0).map(encodeRows);
        const changes = new Map([...step.deltas].filter(([, { whole, rows }]) => !whole && rows.size > 0));
        const client = await transaction.client();
        for (const table of rows) await copy(client, table);
        for (const { shape } of changes.values()) await ensureKey(client, shape);
        const missed = changes.size > 0 ? await write(client, generation, projection, { ...step, deltas: changes }) : 0;
        if (step.sweep) await sweep(client, generation, step.sweep);
        return missed;
      }),

    finish: (epoch, to, recordedAt, missed) =>
      refusals(generation, async () => {
        const client = await transaction.client();
        await client.query(`set local maintenance_work_mem = '128MB'`);
        for (const shape of shapes) {
          await ensureKey(client, shape);
          for (const statement of createIndexes(generation, shape)) await client.query(statement);
        }
        await client.query(`analyze ${shapes.map((shape) => tableName(generation, shape)).join(', ')}`);
        const { rowCount } = await client.query(
          `update palabre_projections.checkpoints
              set position = $4, event_id = $5, recorded_at = $6, missed = $7, updated_at = clock_timestamp()
            where projection = $1 and generation = $2 and epoch = $3 and retired_at is null`,
          [generation.projection, generation.generation, epoch, to.position, to.eventId, recordedAt, missed],
        );
        if (rowCount === 0)
          throw new Error(`${generation.schema} is gone: another rebuild of "${generation.projection}" took over.`);
        await transaction.commit();
      }),

    abandon: () => transaction.rollback(),
  };
};
