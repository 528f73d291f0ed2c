import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMasterKey } from '../../src/adapters/keys/master-key.ts';
import { parseMasterKey } from '../../src/config.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabre-master-key-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const KEY = Buffer.alloc(32, 7);
const options = { make: false, parse: parseMasterKey };

describe("a master key's file", () => {
  test.each([0o600, 0o400, 0o640, 0o440])('with the mode %o is read', async (mode) => {
    const path = join(folder, `key-${mode.toString(8)}`);
    await writeFile(path, KEY.toString('base64'));
    await chmod(path, mode);
    expect(await readMasterKey(path, options)).toEqual(KEY);
  });

  test.each([0o644, 0o604, 0o602, 0o666, 0o601])(
    'with the mode %o, which opens it to every user of the machine, is refused with what to do',
    async (mode) => {
      const path = join(folder, `key-${mode.toString(8)}`);
      await writeFile(path, KEY.toString('base64'));
      await chmod(path, mode);
      await expect(readMasterKey(path, options)).rejects.toThrow(
        new RegExp(`${path} must not be open to every user .*${mode.toString(8)}.*chmod 600`),
      );
    },
  );

  test('that is made here is for its owner alone', async () => {
    const path = join(folder, 'made');
    const key = await readMasterKey(path, { ...options, make: true });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readMasterKey(path, options)).toEqual(key);
  });
});
