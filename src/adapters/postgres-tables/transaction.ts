import type { Pool, PoolClient } from 'pg';

/** One transaction on a connection of its own, from the first statement to whichever end. */
export type Transaction = {
  client(): Promise<PoolClient>;
  commit(): Promise<void>;
  /** Ends it without effect; nothing to do after its end. A connection that cannot even roll back is thrown away. */
  rollback(): Promise<void>;
};

// A session that is ended from outside tells its listeners too, not only the statement that was running.
const ignore = () => {};

export const openTransaction = (pool: Pool, begin = 'begin'): Transaction => {
  let opening: Promise<PoolClient> | undefined;
  const open = async () => {
    const client = await pool.connect();
    client.on('error', ignore);
    try {
      await client.query(begin);
      return client;
    } catch (error) {
      release(client, error as Error);
      throw error;
    }
  };
  const release = (client: PoolClient, broken?: Error) => {
    opening = undefined;
    client.off('error', ignore);
    client.release(broken);
  };
  return {
    client: () => {
      opening ??= open();
      return opening;
    },
    commit: async () => {
      const client = await opening;
      if (!client) return;
      await client.query('commit');
      release(client);
    },
    rollback: async () => {
      const client = await opening?.catch(() => undefined);
      if (!client) return;
      const broken = await client.query('rollback').then(
        () => undefined,
        (error: Error) => error,
      );
      release(client, broken);
    },
  };
};

/** Runs statements in one transaction of their own. */
export const inTransaction = async <R>(
  pool: Pool,
  run: (client: PoolClient) => Promise<R>,
  begin = 'begin',
): Promise<R> => {
  const transaction = openTransaction(pool, begin);
  try {
    const result = await run(await transaction.client());
    await transaction.commit();
    return result;
  } finally {
    await transaction.rollback();
  }
};
