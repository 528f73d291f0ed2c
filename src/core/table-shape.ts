import { createHash } from 'node:crypto';
import type { Column, Columns, Projection, Table } from './projection.ts';

/** A column with its name, as stores and folds walk over them. */
export type NamedColumn = Column & { readonly name: string };

/** A table's declaration, laid out for folding and for SQL: columns in one fixed order. */
export type Shape = {
  readonly name: string;
  readonly kind: 'entity' | 'tally';
  readonly key: readonly NamedColumn[];
  readonly set: readonly NamedColumn[];
  readonly sum: readonly NamedColumn[];
  readonly tuples: readonly NamedTuple[];
  readonly indexes: readonly string[];
  readonly keys: ReadonlySet<string>;
  /** Where a `set` column stands in `set`. */
  readonly setAt: ReadonlyMap<string, number>;
};

/** `columns` by the names that operations use; `stored` by the names of the table, time and position first. */
export type NamedTuple = {
  readonly name: string;
  readonly order: 'first' | 'last';
  readonly columns: readonly NamedColumn[];
  readonly stored: readonly string[];
};

export type Shapes = Readonly<Record<string, Shape>>;

const NAME = /^[a-zA-Z][a-zA-Z0-9_]{0,39}$/;
/** A bit mask of 31 columns fits every integer on the way to the database. */
const MAX_SET_COLUMNS = 31;

const shapes = new WeakMap<object, Shapes>();

/** The shapes of a projection's tables; throws for a declaration that no store could hold. */
export const shapesOf = (projection: Projection): Shapes => {
  let known = shapes.get(projection.tables);
  if (!known) {
    if (
      !/^[a-z][a-z0-9_]{0,39}$/.test(projection.name) ||
      !Number.isSafeInteger(projection.version) ||
      projection.version < 1
    )
      throw new Error(
        `A projection has a name in lower case and a version from 1: "${projection.name}" version ${projection.version} has not.`,
      );
    known = Object.fromEntries(Object.entries(projection.tables).map(([name, table]) => [name, shapeOf(name, table)]));
    shapes.set(projection.tables, known);
  }
  return known;
};

export const shapeNamed = (shapes: Shapes, table: string): Shape => {
  const shape = shapes[table];
  if (!shape) throw new Error(`There is no table "${table}" in this projection.`);
  return shape;
};

/** A fingerprint of the tables: two generations with the same one hold the same columns. */
export const definitionOf = (projection: Projection): string => {
  const tables = Object.entries(projection.tables).map(([name, { kind, key, columns, tuples, indexes }]) => [
    name,
    kind,
    describe(key),
    describe(columns),
    Object.entries(tuples).map(([tuple, { order, columns }]) => [tuple, order, describe(columns)]),
    indexes,
  ]);
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 32);
};

/** Whether a program that knows this projection can read and write such a generation. */
export const fits = (projection: Projection, served: { version: number; definition: string }): boolean =>
  served.version === projection.version && served.definition === definitionOf(projection);

const describe = (columns: Columns) =>
  Object.entries(columns).map(([name, { sql, nullable, kind }]) => [name, sql, nullable, kind]);

const shapeOf = (name: string, table: Table): Shape => {
  const fail = (why: string) => new Error(`Table "${name}" cannot be: ${why}`);
  const key = named(table.key);
  const columns = named(table.columns);
  const set = columns.filter(({ kind }) => kind === 'set');
  const sum = columns.filter(({ kind }) => kind === 'sum');
  const tuples = Object.entries(table.tuples).map(([tuple, { order, columns }]) => ({
    name: tuple,
    order,
    columns: named(columns),
    stored: storedNames(tuple, Object.keys(columns)),
  }));
  const all = [...key, ...columns].map((column) => column.name).concat(tuples.flatMap(({ stored }) => stored));
  if (key.length === 0) throw fail('a table needs a key.');
  if (key.some(({ nullable, kind }) => nullable || kind === 'sum'))
    throw fail('key columns are set once and never null.');
  if (set.length > MAX_SET_COLUMNS) throw fail(`it has more than ${MAX_SET_COLUMNS} set columns.`);
  if (table.kind === 'tally' && set.length > 0)
    throw fail(`a tally holds sums and tuples, "${set[0]?.name}" is neither.`);
  if (tuples.some(({ columns }) => columns.some(({ kind }) => kind === 'sum'))) throw fail('a tuple holds no sums.');
  if (new Set(all).size < all.length) throw fail('two columns have the same name.');
  for (const each of [name, ...all])
    if (!NAME.test(each)) throw fail(`"${each}" is no name (letters, digits, _; at most 40).`);
  return {
    name,
    kind: table.kind,
    key,
    set,
    sum,
    tuples,
    indexes: table.indexes,
    keys: new Set(key.map((column) => column.name)),
    setAt: new Map(set.map((column, i) => [column.name, i])),
  };
};

const named = (columns: Columns): NamedColumn[] =>
  Object.entries(columns).map(([name, column]) => ({ ...column, name }));

const storedNames = (tuple: string, columns: readonly string[]) =>
  ['at', 'position', ...columns].map((column) => `${tuple}${column.charAt(0).toUpperCase()}${column.slice(1)}`);

/** The key of an operation as one text that is the same for the same row. */
export const keyText = (shape: Shape, row: Readonly<Record<string, unknown>>): string => {
  let text = '';
  for (let i = 0; i < shape.key.length; i++) {
    const column = shape.key[i] as NamedColumn;
    const value = row[column.name];
    if (value === undefined || value === null) throw new Error(`"${shape.name}" needs "${column.name}" in its key.`);
    const canonical = canonicalKey(column, value);
    text = i === 0 ? canonical : `${text}\u0000${canonical}`;
  }
  return text;
};

/** The values of a key, in the order of the key columns. */
export const keyValues = (shape: Shape, row: Readonly<Record<string, unknown>>): string[] =>
  shape.key.map((column) => canonicalKey(column, row[column.name]));

// Two spellings of one value must not become two rows of one batch.
const canonicalKey = ({ sql }: NamedColumn, value: unknown): string => {
  if (sql === 'uuid') return String(value).toLowerCase();
  if (sql.startsWith('timestamptz')) return timeText(String(value));
  return String(value);
};

/** RFC 3339 UTC with milliseconds, which orders as text as it does as time; throws for what is no time. */
export const timeText = (at: string): string =>
  at.length === 24 && at.endsWith('Z') ? at : new Date(at).toISOString();

/** Equality as the database sees it; like there, null equals nothing. */
export const sameValue = (column: NamedColumn, a: unknown, b: unknown): boolean =>
  a !== null && a !== undefined && b !== null && b !== undefined && canonicalKey(column, a) === canonicalKey(column, b);
