import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Change, Delta } from '../../core/fold.ts';
import type { Generation } from '../../core/table-store.ts';
import { quoted, storedColumns, tableName } from './ddl.ts';

const CHUNK = 256 * 1024;

/** Fills an empty table. Runs in the caller's transaction; in the order of insertion, which is about that of time. */
export const copyRows = async (client: ClientBase, generation: Generation, { shape, rows }: Delta): Promise<void> => {
  const table = tableName(generation, shape);
  const columns = storedColumns(shape).map(({ name }) => quoted(name));
  // Emptied in the same transaction, so the rows need no second visit to be seen by everybody.
  await client.query(`truncate ${table}`);
  const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin with (freeze)`));
  const tuples = shape.tuples.map(({ stored }) => stored.length);
  await pipeline(Readable.from(chunks(rows, tuples), { objectMode: true }), stream);
};

function* chunks(rows: ReadonlyMap<string, Change>, tuples: readonly number[]): Generator<Buffer> {
  let text = '';
  for (const change of rows.values()) {
    text += line(change, tuples);
    if (text.length < CHUNK) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text) yield Buffer.from(text);
}

const line = ({ key, set, sum, kept }: Change, tuples: readonly number[]): string => {
  let text = cell(key[0]);
  for (let i = 1; i < key.length; i++) text += `\t${cell(key[i])}`;
  for (let i = 0; i < set.length; i++) text += `\t${cell(set[i])}`;
  for (let i = 0; i < sum.length; i++) text += `\t${sum[i]}`;
  for (let i = 0; i < tuples.length; i++) {
    const tuple = kept[i];
    text += tuple
      ? `\t${[tuple.at, tuple.position, ...tuple.values].map(cell).join('\t')}`
      : '\t\\N'.repeat(tuples[i] ?? 0);
  }
  return `${text}\n`;
};

const SPECIAL = /[\\\n\r\t]/;

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '\\N';
  if (typeof value !== 'string') return String(value);
  return SPECIAL.test(value) ? value.replace(/[\\\n\r\t]/g, escapeOne) : value;
};

const escapeOne = (special: string) =>
  special === '\n' ? '\\n' : special === '\r' ? '\\r' : special === '\t' ? '\\t' : '\\\\';
