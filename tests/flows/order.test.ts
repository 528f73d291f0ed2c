import { expect, test } from 'vitest';
import { migrate } from '../../src/adapters/migrate.ts';
import { writeAndReadUnderFaults } from '../faults/order.ts';
import { atLength } from '../support/at-length.ts';
import { freshDatabase } from '../support/database.ts';

test('every reader is given exactly the log, whoever writes, while transactions are killed, rolled back and paused', {
  timeout: 900_000,
}, async () => {
  await using database = await freshDatabase();
  await migrate(database);
  const { connectionString } = database;
  const local = process.platform === 'linux' && !process.env.DATABASE_URL;
  const counts = { processes: 4, writers: atLength(12, 50), readers: 8, events: atLength(3_000, 100_000) };
  const { violations, faults, ...figures } = await writeAndReadUnderFaults({ connectionString, local, ...counts });
  if (counts.writers > 12) console.log(JSON.stringify({ ...figures, faults, violations }));
  expect(violations).toEqual([]);
  expect(figures).toMatchObject({ acknowledged: figures.stored, readers: 8 });
  expect(figures.stored).toBeGreaterThanOrEqual(counts.events);
  for (const [name, times] of Object.entries(faults)) if (local) expect([name, times > 0]).toEqual([name, true]);
});
