import type { ClientBase, Pool } from 'pg';
import pg from 'pg';
import type { Step, Sweep } from '../../core/fold.ts';
import type { Projection } from '../../core/projection.ts';
import { shapesOf } from '../../core/table-shape.ts';
import { type Advance, type Generation, RowsRefused, type TableStore } from '../../core/table-store.ts';
import { sqlState } from '../postgres.ts';
import { copyRows } from './copy.ts';
import { createIndexes, createKey, literal, quoted, tableName } from './ddl.ts';
import { inTransaction } from './transaction.ts';
import { encodeDelta } from './writer.ts';

type Writes = Pick<TableStore, 'fill' | 'finish' | 'apply'>;

export const createWrites = (pool: Pool): Writes => ({
  fill: (generation, projection, step) =>
    refusals(generation, () =>
      inTransaction(pool, async (client) => {
        let missed = 0;
        for (const delta of step.deltas.values())
          if (delta.whole && delta.rows.size > 0) await copyRows(client, generation, delta);
        const changes = new Map([...step.deltas].filter(([, { whole }]) => !whole));
        for (const { shape } of changes.values()) await ensureKey(client, generation, shape);
        if (changes.size > 0) missed = await write(client, generation, projection, { ...step, deltas: changes });
        if (step.sweep) await sweep(client, generation, step.sweep);
        return missed;
      }),
    ),

  finish: (generation, projection, epoch, to, recordedAt, missed) =>
    refusals(generation, () =>
      inTransaction(pool, async (client) => {
        await client.query(`set local maintenance_work_mem = '128MB'`);
        for (const shape of Object.values(shapesOf(projection))) {
          await ensureKey(client, generation, shape);
          for (const statement of createIndexes(generation, shape)) await client.query(statement);
          await client.query(`analyze ${tableName(generation, shape)}`);
        }
        const { rowCount } = await client.query(
          `update palabre_projections.checkpoints
              set position = $4, event_id = $5, recorded_at = $6, missed = $7, updated_at = clock_timestamp()
            where projection = $1 and generation = $2 and epoch = $3 and retired_at is null`,
          [generation.projection, generation.generation, epoch, to.position, to.eventId, recordedAt, missed],
        );
        if (rowCount === 0)
          throw new Error(`${generation.schema} is gone: another rebuild of "${generation.projection}" took over.`);
      }),
    ),

  apply: (advance, projection) =>
    refusals(advance.generation, () => apply(pool, advance, projection)).catch((error: unknown) => {
      if (VANISHED.has(sqlState(error) ?? '')) return null;
      throw error;
    }),
});

const apply = async (pool: Pool, advance: Advance, projection: Projection): Promise<number | null> => {
  const [first, ...others] = advance.steps;
  if (others.length === 0 && !first?.sweep) return advanceBy(pool, advance, projection, first);
  return inTransaction(pool, async (client) => {
    let missed = await advanceBy(client, advance, projection, first);
    if (missed === null) return null;
    if (first?.sweep) await sweep(client, advance.generation, first.sweep);
    for (const step of others) {
      missed += await write(client, advance.generation, projection, step);
      if (step.sweep) await sweep(client, advance.generation, step.sweep);
    }
    return missed;
  });
};

// One statement, one round trip, one transaction: checkpoint and rows.
const advanceBy = async (
  db: Pool | ClientBase,
  { generation, epoch, from, to, recordedAt, missed: known }: Advance,
  projection: Projection,
  step: Step | undefined,
): Promise<number | null> => {
  const { expected, tables } = parameters(projection, step);
  const { rows } = await (db as Pool).query<{ missed: bigint | null }>({
    name: `advance ${generation.schema}`,
    text: `select ${quoted(generation.schema)}.advance($1, $2, $3, $4, $5, $6, $7, ${placeholders(tables, 8)}) as missed`,
    values: [epoch, from.position, to.position, to.eventId, recordedAt, known, expected, ...tables],
  });
  const missed = rows[0]?.missed ?? null;
  return missed === null ? null : Number(missed);
};

const write = async (
  client: ClientBase,
  generation: Generation,
  projection: Projection,
  step: Step,
): Promise<number> => {
  const { expected, tables } = parameters(projection, step);
  const { rows } = await client.query<{ missed: bigint }>(
    `select ${quoted(generation.schema)}.write($1, ${placeholders(tables, 2)}) as missed`,
    [expected, ...tables],
  );
  return Number(rows[0]?.missed);
};

const parameters = (projection: Projection, step: Step | undefined) => {
  const deltas = Object.keys(shapesOf(projection)).map((table) => {
    const delta = step?.deltas.get(table);
    return delta && delta.rows.size > 0 ? encodeDelta(delta) : { json: null, expected: 0 };
  });
  return { expected: deltas.map(({ expected }) => expected), tables: deltas.map(({ json }) => json) };
};

const placeholders = (values: readonly unknown[], from: number) => values.map((_, i) => `$${from + i}`).join(', ');

const sweep = async (client: ClientBase, generation: Generation, { shape, where, set }: Sweep) => {
  const values: unknown[] = [];
  const equals = ([name, value]: [string, unknown]) => {
    values.push(typeof value === 'bigint' ? String(value) : value);
    return `${quoted(name)} = $${values.length}`;
  };
  const changes = set ? Object.entries(set).filter(([, value]) => value !== undefined) : [];
  if (set && changes.length === 0) return;
  const action = set
    ? `update ${tableName(generation, shape)} set ${changes.map(equals).join(', ')}`
    : `delete from ${tableName(generation, shape)}`;
  await client.query(`${action} where ${Object.entries(where).map(equals).join(' and ')}`, values);
};

const ensureKey = async (client: ClientBase, generation: Generation, shape: Parameters<typeof createKey>[1]) => {
  const { rows } = await client.query(
    `select from pg_constraint where contype = 'p' and conrelid = ${literal(tableName(generation, shape))}::regclass`,
  );
  if (rows.length === 0) await client.query(createKey(generation, shape));
};

// Classes of codes that the very same rows would get again: cardinality, data, integrity, and limits of the program.
const REFUSED = /^(21|22|23|54)/;

// Schema, table or function are not there: somebody dropped the read model.
const VANISHED = new Set(['3F000', '42P01', '42883']);

const refusals = async <R>({ schema }: Generation, run: () => Promise<R>): Promise<R> => {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || !REFUSED.test(error.code ?? '')) throw error;
    // The database quotes the values that it refuses; its codes and names say enough and hold nobody's words.
    const place = [error.table, error.column, error.constraint].filter(Boolean).join(', ');
    throw new RowsRefused(`The database refuses a row of ${schema} (${error.code}${place ? `: ${place}` : ''}).`, {
      cause: error,
    });
  }
};
