import type { Pool, PoolClient } from 'pg';

/** Runs statements in one transaction of their own; a connection that cannot even roll back is thrown away. */
export const inTransaction = async <R>(
  pool: Pool,
  run: (client: PoolClient) => Promise<R>,
  begin = 'begin',
): Promise<R> => {
  const client = await pool.connect();
  // A session that is ended from outside tells its listeners too, not only the statement that was running.
  const ignore = () => {};
  client.on('error', ignore);
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await run(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: Error) => {
      broken = cause;
    });
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
};
