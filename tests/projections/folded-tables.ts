import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { EventFacts } from '../../src/core/event.ts';
import {
  type Operation,
  type Projection,
  position,
  type Rows,
  type Tables,
  timestamp,
} from '../../src/core/projection.ts';
import { freshDatabase } from '../support/database.ts';

/** An event as a test tells it; its position is its place in the history. */
export type Told = { readonly type: string; readonly at: string; readonly data: object };

/** Operations that no event leads to yet. */
export type Step = Told | Operation;

type RowsByKey = Map<string, Record<string, unknown>>;

/** A database with one projection's tables, filled anew with each history. */
export const tablesOf = async <T extends Tables>(projection: Projection<T>) => {
  const database = await freshDatabase();
  const pool = new pg.Pool({ connectionString: database.connectionString, max: 2 });
  const db = new Kysely<Rows<T>>({ dialect: new PostgresDialect({ pool }) });
  for (const [name, table] of Object.entries(projection.tables)) {
    const kept = Object.entries(table.tuples).flatMap(([tuple, { columns }]) =>
      Object.entries({ at: timestamp, position, ...columns }).map(
        ([column, { sql }]) => `"${keptName(tuple, column)}" ${sql}`,
      ),
    );
    const columns = [
      ...Object.entries({ ...table.key, ...table.columns }).map(
        ([column, { sql, nullable }]) => `"${column}" ${sql}${nullable ? '' : ' not null'}`,
      ),
      ...kept,
    ];
    const key = Object.keys(table.key).map((column) => `"${column}"`);
    await pool.query(`create table ${name} (${columns.join(', ')}, primary key (${key.join(', ')}))`);
    for (const index of table.indexes)
      await pool.query(
        `create index on ${name} (${index.replace(' where', ') where')}${index.includes(' where') ? '' : ')'}`,
      );
  }
  return {
    db,
    pool,
    fill: async (steps: readonly Step[]) => {
      const tables = fold(projection, steps);
      await pool.query(`truncate ${Object.keys(projection.tables).join(', ')}`);
      for (const [name, rows] of tables) await insert(pool, name, [...rows.values()]);
    },
    [Symbol.asyncDispose]: async () => {
      await db.destroy();
      await database.drop();
    },
  };
};

const insert = async (pool: pg.Pool, table: string, rows: readonly object[]) => {
  for (let i = 0; i < rows.length; i += 10_000) {
    const json = JSON.stringify(rows.slice(i, i + 10_000), (_, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    await pool.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [json]);
  }
};

/** The column of a tuple: `firstAt` of a tuple named `first`. */
const keptName = (tuple: string, column: string) => `${tuple}${column.charAt(0).toUpperCase()}${column.slice(1)}`;

/** One step after the other, as the algebra says; nothing is summed up here. */
const fold = (projection: Projection, steps: readonly Step[]) => {
  const tables = new Map<string, RowsByKey>(Object.keys(projection.tables).map((name) => [name, new Map()]));
  steps.forEach((step, i) => {
    const operations = 'op' in step ? [step] : operationsOf(projection, step, BigInt(i + 1));
    for (const operation of operations) apply(projection, tables, operation);
  });
  return tables;
};

const eventIdAt = (position: bigint) => `0000000e-0000-4000-8000-${position.toString(16).padStart(12, '0')}`;

const operationsOf = (projection: Projection, { type, at, data }: Told, position: bigint) =>
  projection.on[type]?.(data as never, { id: eventIdAt(position), occurredAt: at, position } as EventFacts) ?? [];

const apply = (projection: Projection, tables: ReadonlyMap<string, RowsByKey>, operation: Operation) => {
  const rows = tables.get(operation.table);
  const table = projection.tables[operation.table];
  if (!rows || !table) throw new Error(`There is no table ${operation.table}.`);
  const keyOf = (row: Readonly<Record<string, unknown>>) =>
    Object.keys(table.key)
      .map((name) => row[name])
      .join(' ');
  if (operation.op === 'put') rows.set(keyOf(operation.row), { ...operation.row });
  else if (operation.op === 'remove') rows.delete(keyOf(operation.key));
  else if (operation.op === 'patch') Object.assign(rows.get(keyOf(operation.key)) ?? {}, operation.set);
  else if (operation.op === 'keep') {
    const { tuple, at, position, values, key } = operation;
    const row = rows.get(keyOf(key)) ?? (table.kind === 'tally' ? { ...key } : undefined);
    if (!row) return;
    rows.set(keyOf(key), row);
    const [keptAt, keptPosition] = [row[keptName(tuple, 'at')], row[keptName(tuple, 'position')]];
    const isEarlier = at === keptAt ? position < BigInt(String(keptPosition)) : at < String(keptAt);
    if (keptAt !== undefined && isEarlier !== (table.tuples[tuple]?.order === 'first')) return;
    for (const [column, value] of Object.entries({ at, position, ...values })) row[keptName(tuple, column)] = value;
  } else throw new Error(`These tables are filled without ${operation.op}.`);
};
