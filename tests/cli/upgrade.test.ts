import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../support/palabre.ts';
import { openService, type Service } from '../support/service.ts';

let service: Service;
beforeAll(async () => {
  service = await openService();
  await (await service.as('ann')).query('{ viewer { id } }');
});
afterAll(() => service.close());

test('palabre upgrade builds, beside a running server, what this version serves and the other does not', async () => {
  const variables = { DATABASE_URL: service.app.database.connectionString, PALABRE_MASTER_KEY: 'ab'.repeat(32) };
  const nothing = await run(['upgrade'], variables);
  expect(nothing).toMatchObject({ code: 0, stdout: 'Every read model is served in this version already.\n' });

  // As a database looks to a newer program: what is served has an older version than this one.
  const { pool } = service.app.tables;
  await pool.query(
    `update palabre_projections.checkpoints set version = 0, definition = 'older' where projection = 'members' and retired_at is null`,
  );
  const built = await run(['upgrade'], variables);
  expect(built).toMatchObject({ code: 0, stdout: 'members  built\n' });
  expect(built.stderr).toMatch(/Building the read models/);
  const { rows } = await pool.query(
    `select c.version from palabre_projections.pointers p join palabre_projections.checkpoints c using (projection, generation)
      where projection = 'members'`,
  );
  expect(rows).toEqual([{ version: 0 }]);
});
