import { expect, test } from 'vitest';
import { openPool } from '../../src/adapters/postgres.ts';
import { freshDatabase } from '../support/database.ts';

test('a connection that is lent out and dies between two statements ends no process', async () => {
  await using database = await freshDatabase();
  const pool = openPool(database, { name: 'test' });
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const ended = new Promise((resolve) => client.once('end', resolve));
  await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  await ended;
  await expect(client.query('select')).rejects.toThrow();
  client.release(true);
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
