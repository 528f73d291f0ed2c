import pg from 'pg';
import { expect, test } from 'vitest';
import { freshDatabase } from './database.ts';

test('each fresh database is empty and its own', async () => {
  await using one = await freshDatabase();
  await using two = await freshDatabase();
  expect(await tablesAfter(one.connectionString, 'create table kept (id int)')).toBe(1);
  expect(await tablesAfter(two.connectionString, 'select 1')).toBe(0);
});

async function tablesAfter(connectionString: string, statement: string): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(statement);
  const { rows } = await client.query("select from pg_tables where schemaname = 'public'");
  await client.end();
  return rows.length;
}
