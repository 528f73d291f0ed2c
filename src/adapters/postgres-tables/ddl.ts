import type { NamedColumn, NamedTuple, Shape } from '../../core/table-shape.ts';
import type { Generation } from '../../core/table-store.ts';

export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
export const tableName = ({ schema }: Pick<Generation, 'schema'>, { name }: Pick<Shape, 'name'>) =>
  `${quoted(schema)}.${quoted(name)}`;

/** A column as the table has it; those of tuples are null until something is kept. */
export type StoredColumn = {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly sum: boolean;
};

export const AT = 'timestamptz(3)';
export const POSITION = 'bigint';

/** All columns of a table in the order in which they are created, copied and checksummed. */
export const storedColumns = (shape: Shape): StoredColumn[] => [
  ...[...shape.key, ...shape.set, ...shape.sum].map(({ name, sql, nullable, kind }) => ({
    name,
    type: sql,
    nullable,
    sum: kind === 'sum',
  })),
  ...shape.tuples.flatMap((tuple) =>
    tuple.stored.map((name, i) => ({ name, type: tupleTypes(tuple)[i] ?? 'text', nullable: true, sum: false })),
  ),
];

export const tupleTypes = (tuple: NamedTuple): string[] => [AT, POSITION, ...tuple.columns.map(({ sql }) => sql)];

// Sealed text cannot be compressed and is rarely read: it stays out of the way of the rows, and nobody looks for it, so that its
// statistics would only cost. Its type is the plain `text`.
const isSealed = ({ sql }: NamedColumn) => sql === 'text';

/** The statements that make a table without any index. Narrow tables of counters get room for updates in place. */
export const createTable = (generation: Generation, shape: Shape): string => {
  const columns = storedColumns(shape).map(
    ({ name, type, nullable, sum }) =>
      `${quoted(name)} ${type}${nullable ? '' : ' not null'}${sum ? ' default 0' : ''}`,
  );
  const sealed = shape.set.filter(isSealed);
  const counts = shape.sum.length + shape.tuples.length > 0 && sealed.length === 0;
  return [
    `create table ${tableName(generation, shape)} (${columns.join(', ')})${counts ? ' with (fillfactor = 80)' : ''}`,
    ...sealed.map(
      ({ name }) =>
        `alter table ${tableName(generation, shape)} alter ${quoted(name)} set storage external, alter ${quoted(name)} set statistics 0`,
    ),
  ].join(';\n');
};

export const keyColumns = (shape: Shape) => shape.key.map(({ name }) => quoted(name)).join(', ');

export const createKey = (generation: Generation, shape: Shape): string =>
  `alter table ${tableName(generation, shape)} add primary key (${keyColumns(shape)})`;

/** `"a", b desc where c` → an index on the columns, partial when it says so. */
export const createIndexes = (generation: Generation, shape: Shape): string[] =>
  shape.indexes.map((index) => {
    const [columns = '', ...condition] = index.split(/\bwhere\b/i);
    const where = condition.length > 0 ? ` where ${condition.join('where')}` : '';
    return `create index on ${tableName(generation, shape)} (${columns.trim()})${where}`;
  });
