import type { Pool, PoolClient } from 'pg';
import type { OperationCommand, Settled } from '../../core/operations.ts';
import { inTransaction } from '../postgres-tables/transaction.ts';

/** Makes a change and remembers its command in one transaction; a command that is known changes nothing. */
export const once = async (
  pool: Pool,
  { id, inputHash }: OperationCommand,
  change: (client: PoolClient) => Promise<unknown>,
): Promise<Settled> =>
  inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'insert into operations.commands (id, input_hash) values ($1, $2) on conflict do nothing',
      [id, inputHash],
    );
    if (rowCount === 1) {
      await change(client);
      return 'done';
    }
    return (await known(client, { id, inputHash })) ?? 'reused';
  });

/** What became of a command that was given before; null for one that was not. */
export const known = async (
  client: Pool | PoolClient,
  { id, inputHash }: OperationCommand,
): Promise<'repeated' | 'reused' | null> => {
  const { rows } = await client.query<{ input_hash: string }>(
    'select input_hash from operations.commands where id = $1',
    [id],
  );
  const [row] = rows;
  if (!row) return null;
  return row.input_hash === inputHash ? 'repeated' : 'reused';
};

/** So long is a repetition told apart. */
export const forgetCommands = (pool: Pool) =>
  pool.query("delete from operations.commands where at < now() - interval '14 days'");
