import { expect, test } from 'vitest';
import { newClient, openPool } from '../../src/adapters/postgres.ts';
import { preparedPool } from '../../src/adapters/postgres-tables/prepared-pool.ts';
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

test('a reader’s session that was ended is given to nobody else, however slowly its connection closes', async () => {
  await using database = await freshDatabase();
  const pool = openPool(database, { name: 'test', max: 1 });
  const readers = preparedPool(pool);
  const operator = newClient(database, { name: 'operator' });
  await operator.connect();
  for (let round = 0; round < 10; round++) {
    const reader = await readers.connect();
    const { rows } = await reader.query<{ pid: number }>('select pg_backend_pid() as pid', []);
    const cut = expect(reader.query('select pg_sleep(600)', [])).rejects.toThrow('terminating connection');
    await operator.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await cut;
    reader.release();
    const next = await readers.connect();
    expect((await next.query('select 1 as one', [])).rows).toEqual([{ one: 1 }]);
    next.release();
  }
  await operator.end();
  await pool.end();
});
