import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import released from './migrations.json' with { type: 'json' };

const FOLDER = new URL('../../src/adapters/migrations/', import.meta.url);

/** A database that applied a migration refuses a build that has another text of it: a change would stop every upgrade. */
test('every migration is what it was when it was written down in migrations.json: changes go into a new one, which is added there', async () => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort();
  const checksums = await Promise.all(
    names.map(async (name) => [
      name,
      createHash('sha256')
        .update(await readFile(new URL(name, FOLDER)))
        .digest('hex'),
    ]),
  );
  expect(Object.fromEntries(checksums)).toEqual(released);
});
