import type { ClientBase, Pool } from 'pg';
import pg from 'pg';
import type { Step, Sweep } from '../../core/fold.ts';
import type { Projection } from '../../core/projection.ts';
import { shapesOf } from '../../core/table-shape.ts';
import { type Advance, type Generation, RowsRefused, type TableStore } from '../../core/table-store.ts';
import { sqlState } from '../postgres-faults.ts';
import { quoted, tableName } from './ddl.ts';
import { inTransaction } from './transaction.ts';
import { encodeDelta } from './writer.ts';

type Writes = Pick<TableStore, 'apply'>;

export const createWrites = (pool: Pool): Writes => ({
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

/** Merges the changes of a step, sweep left out; answers how many operations met no row. */
export const write = async (
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

export const sweep = async (client: ClientBase, generation: Generation, { shape, where, set }: Sweep) => {
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

// Classes of codes that the very same rows would get again: cardinality, data, integrity, and limits of the program.
const REFUSED = /^(21|22|23|54)/;

// Schema, table or function are not there: somebody dropped the read model.
const VANISHED = new Set(['3F000', '42P01', '42883']);

/** Tells a row that the database refuses from an outage. */
export const refusals = async <R>({ schema }: Generation, run: () => Promise<R>): Promise<R> => {
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
