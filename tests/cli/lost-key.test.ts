import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLogLines } from '../../src/adapters/log-lines.ts';
import { openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { run } from '../support/palabre.ts';

const KEY = 'ab'.repeat(32);
let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  [database, folder] = await Promise.all([freshDatabase(), mkdtemp(join(tmpdir(), 'palabre-lost-key-'))]);
  const config = loadConfig({ DATABASE_URL: database.connectionString, PALABRE_MASTER_KEY: KEY });
  const logger = openLogLines({ level: 'silent', readable: false });
  const app = await openApp(config, { projections: 'run', logger });
  await app.people.enrol('iss ann', { iss: 'iss', sub: 'ann', name: 'Planted Name' });
  await app.close();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Every way in which a key is not the one that the database was written with. */
const LOST: readonly (readonly [string, () => Record<string, string>, RegExp])[] = [
  ['a variable that is not set', () => ({}), /PALABRE_MASTER_KEY or PALABRE_MASTER_KEY_FILE must be set/],
  ['a file that is gone', () => ({ PALABRE_MASTER_KEY_FILE: join(folder, 'gone') }), /gone cannot be read/],
  ['another key', () => ({ PALABRE_MASTER_KEY: 'cd'.repeat(32) }), /not the one that this database was written with/],
];

const palabre = (line: string, lost: Record<string, string>) =>
  run(line.split(' '), { DATABASE_URL: database.connectionString, ...lost });

describe.each(LOST)('with the master key lost (%s)', (_, lost, why) => {
  test('the log can be exported as it is stored, and no key is made in its place', async () => {
    const { code, stdout } = await palabre('events export', lost());
    expect(stdout).toMatch(/"type":"MemberRegistered"/);
    expect(stdout).not.toContain('Planted Name');
    expect(code).toBe(0);
    expect(existsSync(join(folder, 'gone'))).toBe(false);
  });

  test('what needs it says so', async () => {
    const { code, stdout, stderr } = await palabre('events export --open', lost());
    expect(stderr).toMatch(why);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

test.each([
  ['status', /^members\s/m],
  ['projections status', /^members\s/m],
  ['projections rebuild members', /^members {2}rebuilt/m],
  ['projections verify members', /^members {2}equal/m],
])('palabre %s needs no master key', async (line, says) => {
  const { code, stdout } = await palabre(line, {});
  expect(stdout).toMatch(says);
  expect(code).toBe(0);
});

test('a data folder whose key is gone gets no new one, which would open nothing', async () => {
  const dataDir = join(folder, 'data');
  const { code } = await run(['status'], { PALABRE_DATA_DIR: dataDir });
  expect(code).toBe(0);
  const key = join(dataDir, 'master.key');
  await rm(key);
  const ended = await run(['status'], { PALABRE_DATA_DIR: dataDir });
  expect(ended.code).toBe(0);
  expect(existsSync(key)).toBe(false);
  const opened = await run(['events', 'export', '--open'], { PALABRE_DATA_DIR: dataDir });
  expect(opened.code).toBe(1);
  expect(opened.stderr).toContain(key);
});
