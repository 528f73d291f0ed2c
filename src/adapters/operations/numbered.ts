import type { Pool, QueryResultRow } from 'pg';
import type { NumberedPage, NumberedRows } from '../../core/operations.ts';

/** A list in a table with a column `number`, newest first: what to select, from where, and which rows. */
export type NumberedList = {
  readonly select: string;
  readonly from: string;
  readonly where: string;
  readonly values: readonly unknown[];
};

const COUNTED_TO = 10_000;

export const pageOf = async <R extends QueryResultRow>(
  pool: Pool,
  { select, from, where, values }: NumberedList,
  { size, fromEnd = false, after, before }: NumberedPage,
): Promise<NumberedRows<R>> => {
  const n = values.length;
  const { rows } = await pool.query<R>(
    `select ${select} from ${from}
      where ${where} and ($${n + 1}::bigint is null or number < $${n + 1}) and ($${n + 2}::bigint is null or number > $${n + 2})
      order by number ${fromEnd ? 'asc' : 'desc'} limit $${n + 3}`,
    [...values, after ?? null, before ?? null, size + 1],
  );
  const kept = rows.slice(0, size);
  return { rows: fromEnd ? kept.toReversed() : kept, more: rows.length > size };
};

export const countOf = async (pool: Pool, { from, where, values }: NumberedList): Promise<number> => {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from (select from ${from} where ${where} limit ${COUNTED_TO}) as counted`,
    [...values],
  );
  return rows[0]?.count ?? 0;
};
