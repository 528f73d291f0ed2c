import type { ClientBase, Pool } from 'pg';
import type { Projection } from '../../core/projection.ts';
import { type Shape, shapesOf } from '../../core/table-shape.ts';
import type { Generation, TableChecksum, TableStore } from '../../core/table-store.ts';
import { quoted, storedColumns, tableName } from './ddl.ts';
import { SERVED, toCheckpoint } from './generations.ts';
import { inTransaction } from './transaction.ts';

const LOOK = 'begin transaction isolation level repeatable read read only';

/** Rows, and sum and xor of a 64-bit hash over the canonical text of every declared column: no order, nothing left out. */
export const checksumOf = (pool: Pool, generation: Generation, projection: Projection): Promise<TableChecksum[]> =>
  inTransaction(pool, (client) => checksums(client, generation, projection), LOOK);

export const checksumServed = (pool: Pool, projection: Projection): ReturnType<TableStore['checksumServed']> =>
  inTransaction(
    pool,
    async (client) => {
      const { rows } = await client.query(SERVED, [[projection.name]]);
      if (!rows[0]) return null;
      const checkpoint = toCheckpoint(rows[0]);
      return { checkpoint, tables: await checksums(client, checkpoint, projection) };
    },
    LOOK,
  );

const checksums = async (
  client: ClientBase,
  generation: Generation,
  projection: Projection,
): Promise<TableChecksum[]> => {
  await client.query(`set local timezone = 'UTC'; set local datestyle = 'ISO'`);
  const result: TableChecksum[] = [];
  for (const shape of Object.values(shapesOf(projection))) result.push(await checksum(client, generation, shape));
  return result;
};

const checksum = async (client: ClientBase, generation: Generation, shape: Shape): Promise<TableChecksum> => {
  const columns = storedColumns(shape).map(({ name }) => quoted(name));
  const { rows } = await client.query<{ rows: bigint; sum: string; xor: bigint }>(
    `select count(*) as rows, coalesce(sum(hash), 0)::text as sum, coalesce(bit_xor(hash), 0) as xor
       from (select hashtextextended(row(${columns.join(', ')})::text, 0) as hash from ${tableName(generation, shape)}) hashes`,
  );
  const [row] = rows;
  return {
    table: shape.name,
    rows: Number(row?.rows),
    checksum: `${row?.sum}:${BigInt.asUintN(64, row?.xor ?? 0n).toString(16)}`,
  };
};
