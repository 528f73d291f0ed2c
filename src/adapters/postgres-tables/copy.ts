import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Change, Delta } from '../../core/fold.ts';
import type { Shape } from '../../core/table-shape.ts';
import type { Generation } from '../../core/table-store.ts';
import { quoted, storedColumns, tableName } from './ddl.ts';

/** Rows of one table as the database takes them: in the order of insertion, which is about that of time. */
export type Encoded = { readonly shape: Shape; readonly chunks: readonly Buffer[] };

const CHUNK = 256 * 1024;

/** Writes rows out at once, so that what they were made of need not be kept while they are on their way. */
export const encodeRows = ({ shape, rows }: Delta): Encoded => {
  const columns = [...shape.key, ...shape.set].map(({ sql }) => (sql.startsWith('text') ? free : plain));
  const tuples = shape.tuples.map(({ stored }) => stored.length);
  const chunks: Buffer[] = [];
  let text = '';
  for (const change of rows.values()) {
    text += line(change, columns, tuples);
    if (text.length < CHUNK) continue;
    chunks.push(Buffer.from(text));
    text = '';
  }
  if (text) chunks.push(Buffer.from(text));
  return { shape, chunks };
};

/** Adds rows to a table that was emptied in the caller's transaction: everybody will see them without a second visit. */
export const copyRows = async (
  client: ClientBase,
  generation: Generation,
  { shape, chunks }: Encoded,
): Promise<void> => {
  const columns = storedColumns(shape).map(({ name }) => quoted(name));
  const copy = `copy ${tableName(generation, shape)} (${columns.join(', ')}) from stdin with (freeze)`;
  await pipeline(Readable.from(chunks), client.query(copyFrom(copy)));
};

type Cell = (value: unknown) => string;

const line = ({ key, set, sum, kept }: Change, columns: readonly Cell[], tuples: readonly number[]): string => {
  let text = '';
  for (let i = 0; i < key.length; i++) text += `${i === 0 ? '' : '\t'}${(columns[i] as Cell)(key[i])}`;
  for (let i = 0; i < set.length; i++) text += `\t${(columns[key.length + i] as Cell)(set[i])}`;
  for (let i = 0; i < sum.length; i++) text += `\t${sum[i]}`;
  for (let i = 0; i < tuples.length; i++) {
    const tuple = kept[i];
    text += tuple
      ? `\t${[tuple.at, tuple.position, ...tuple.values].map(free).join('\t')}`
      : '\t\\N'.repeat(tuples[i] ?? 0);
  }
  return `${text}\n`;
};

/** A value of a type whose texts have nothing to escape: an id, a time, a number. */
const plain: Cell = (value) => (value === null || value === undefined ? '\\N' : String(value));

const free: Cell = (value) =>
  typeof value === 'string' && SPECIAL.test(value) ? value.replace(/[\\\n\r\t]/g, escapeOne) : plain(value);

const SPECIAL = /[\\\n\r\t]/;

const escapeOne = (special: string) =>
  special === '\n' ? '\\n' : special === '\r' ? '\\r' : special === '\t' ? '\\t' : '\\\\';
