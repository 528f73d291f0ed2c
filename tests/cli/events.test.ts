import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLogLines } from '../../src/adapters/log-lines.ts';
import { type App, openApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { freshDatabase, type TestDatabase } from '../support/database.ts';
import { palabre, run } from '../support/palabre.ts';

let database: TestDatabase;
let variables: Record<string, string>;
let app: App;

const join = (n: number) =>
  app.people.enrol(`iss ${n}`, {
    iss: 'iss',
    sub: String(n),
    name: `Planted Name ${n}`,
    email: `planted${n}@mail.example`,
    email_verified: true,
  });

beforeAll(async () => {
  database = await freshDatabase();
  variables = { DATABASE_URL: database.connectionString, PALABRE_MASTER_KEY: 'ab'.repeat(32) };
  const logger = openLogLines({ level: 'silent', readable: false });
  app = await openApp(loadConfig(variables), { projections: 'none', logger });
  for (let n = 0; n < 5; n++) await join(n);
});
afterAll(async () => {
  await app.close();
  await database.drop();
});

type Line = { position: string; type: string; stream: string; data: Record<string, unknown>; personal?: object };
const lines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
const ids = (text: string) => lines(text).map(({ position }) => position);
const lastCursor = (stderr: string) => /--after (\S+)/.exec(stderr)?.[1] ?? '';

describe('palabre events export', () => {
  test('writes every event, one a line, in order, and says where to go on', async () => {
    const { code, stdout, stderr } = await run(['events', 'export'], variables);
    expect(code).toBe(0);
    expect(lines(stdout)).toHaveLength(Number((await app.log.head()).position));
    expect(Object.keys(lines(stdout)[0] ?? {})).toEqual([
      'position',
      'id',
      'stream',
      'revision',
      'type',
      'version',
      'occurredAt',
      'recordedAt',
      'metadata',
      'data',
    ]);
    expect(lastCursor(stderr)).toBe(ids(stdout).at(-1));
  });

  test('goes on after any line with the rest and only the rest', async () => {
    const whole = ids((await run(['events', 'export'], variables)).stdout);
    for (const at of [Math.floor(whole.length / 2), whole.length - 1]) {
      const rest = await run(['events', 'export', '--after', whole[at] ?? ''], variables);
      expect(ids(rest.stdout)).toEqual(whole.slice(at + 1));
      expect(lastCursor(rest.stderr)).toBe(whole.at(-1));
    }
  });

  test('keeps to the asked types', async () => {
    const { stdout } = await run(['events', 'export', '--types', 'MemberRegistered,LoginLinked'], variables);
    expect(new Set(lines(stdout).map(({ type }) => type))).toEqual(new Set(['MemberRegistered', 'LoginLinked']));
    expect(lines(stdout)).toHaveLength(10);
  });

  test('leaves personal data sealed unless asked to open it', async () => {
    const sealed = await run(['events', 'export'], variables);
    expect(sealed.stdout).not.toMatch(/planted/i);
    const open = await run(['events', 'export', '--types', 'MemberRegistered', '--open'], variables);
    expect(lines(open.stdout)[0]).toMatchObject({
      personal: { name: 'Planted Name 0', email: 'planted0@mail.example' },
    });
    expect(lines(open.stdout)[0]?.data).not.toHaveProperty('sealed');
  });

  test.each([
    ['a cursor that is none', ['--after', 'nonsense'], 1, /not a cursor/],
    ['types that nobody declared', ['--types', 'MemberRegistred'], 2, /no event has the type "MemberRegistred"/],
  ])('refuses %s', async (_, options, expected, message) => {
    const { code, stdout, stderr } = await run(['events', 'export', ...options], variables);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
  });

  test('takes it well when its reader has seen enough', async () => {
    const export_ = palabre(['events', 'export'], variables);
    export_.process.stdout?.destroy();
    const [code] = await once(export_.process, 'exit');
    expect(code).toBe(0);
    expect(export_.said.stderr).not.toMatch(/EPIPE/);
  });
});

describe('palabre events tail', () => {
  test('shows what comes, until Ctrl-C, and says where to go on', async () => {
    const tail = palabre(
      [
        'events',
        'tail',
        '--types',
        'MemberRegistered',
        '--after',
        ids((await run(['events', 'export'], variables)).stdout).at(-1) ?? '',
      ],
      variables,
    );
    await join(100);
    await tail.until(/MemberRegistered/);
    await join(101);
    await tail.until(/MemberRegistered.*MemberRegistered/s);
    tail.process.kill('SIGINT');
    const { code, stdout, stderr } = await tail.ended;
    expect(code).toBe(0);
    expect(lines(stdout)).toHaveLength(2);
    const rest = await run(
      ['events', 'export', '--types', 'MemberRegistered', '--after', lastCursor(stderr)],
      variables,
    );
    expect(rest.stdout).toBe('');
  });
});
