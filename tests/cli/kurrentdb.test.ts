import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { type FakeKurrent, startFakeKurrent } from '../support/kurrentdb/fake.ts';
import { run } from '../support/palabre.ts';

let fake: FakeKurrent;
let database: TestDatabase;
beforeAll(async () => {
  [fake, database] = await Promise.all([startFakeKurrent(), freshDatabase()]);
});
afterAll(async () => {
  await fake[Symbol.asyncDispose]();
  await database.drop();
});

const own = () => ({ DATABASE_URL: database.connectionString, PALABRE_MASTER_KEY: 'ab'.repeat(32) });

test('a log is moved to a KurrentDB, compared and shown from the command line', async () => {
  const elsewhere = await freshDatabase();
  const there = { ...own(), DATABASE_URL: elsewhere.connectionString, PALABRE_KURRENTDB_NAMESPACE: 'moved' };
  expect(await run(['seed', '--members', '4', '--posts', '5'], there)).toMatchObject({ code: 0 });
  const ends = ['--from', elsewhere.connectionString, '--to', fake.connectionString()];
  const copied = await run(['log', 'copy', ...ends], there);
  expect(copied).toMatchObject({ code: 0 });
  expect(copied.stdout).toContain('now stands at the target as incarnation 2');
  expect(copied.stderr).toContain('Comparing every event: ');
  const compared = await run(['log', 'verify', ...ends], there);
  expect(compared).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ events, the same in both\.\n$/) });
  const status = await run(['status'], { ...there, KURRENTDB_URL: fake.connectionString() });
  expect(status).toMatchObject({ code: 0, stderr: '' });
  expect(status.stdout).toContain(`Stands on    KurrentDB at ${fake.address()} (KURRENTDB_URL)`);
  await elsewhere.drop();
}, 240_000);

test('a KurrentDB that cannot be used is told in words, soon, and without its password', async () => {
  const stranger = createServer((socket) => socket.on('error', () => {}).end('220 ready\r\n')).listen(0, '127.0.0.1');
  await once(stranger, 'listening');
  const address = stranger.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const ended = await run(['status'], { ...own(), KURRENTDB_URL: `kurrentdb://me:s3cret@127.0.0.1:${port}` });
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^palabre: What listens at 127/m) });
  expect(ended.stderr).not.toContain('s3cret');
  stranger.close();
}, 120_000);

test('a move needs a Postgres and a KurrentDB', async () => {
  const words: string[] = [];
  const terminal = { stdout: { write: () => true }, stderr: { write: (text: string) => words.push(text) > 0 } };
  const url = database.connectionString;
  expect(await main(['log', 'copy', '--from', url], terminal)).toBe(2);
  expect(await main(['log', 'copy', '--from', url, '--to', url], terminal)).toBe(1);
  expect(words.at(-1)).toContain('A log is moved between a Postgres and a KurrentDB');
});
