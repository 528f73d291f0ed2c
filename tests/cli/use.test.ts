import { afterEach, describe, expect, test, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { run } from '../support/palabre.ts';

afterEach(() => vi.unstubAllEnvs());

/** What a verb answers and says, in this process. */
const said = async (words: readonly string[], variables: Record<string, string> = {}) => {
  for (const [name, value] of Object.entries({ DATABASE_URL: '', PALABRE_DATA_DIR: '/dev/null/nowhere', ...variables }))
    vi.stubEnv(name, value);
  const out = { stdout: '', stderr: '' };
  const to = (name: keyof typeof out) => ({
    write: (text: string | Uint8Array) => {
      out[name] += text;
      return true;
    },
  });
  const code = await main(words, { stdout: to('stdout'), stderr: to('stderr') });
  return { code, ...out };
};

describe('wrong use is answered with the usage and exit code 2', () => {
  test.each([
    [[], /say what to do: start, /],
    [['strat'], /there is no "strat"/],
    [['events'], /say what to do: export, tail/],
    [['events', 'expotr'], /there is no "expotr"/],
    [['start', '--deom'], /--deom/],
    [['start', 'now'], /"now" is one word too many/],
    [['events', 'export', '--after'], /--after/],
    [['token'], /give a member handle, or --role/],
    [['token', 'ann', '--role', 'admin'], /give a member handle, or --role/],
    [['token', '--role', 'king'], /admin/],
    [['token', 'ann', '--ttl', 'soon'], /--ttl is a number of seconds, 1 to 2592000/],
    [['token', 'ann', '--ttl', '0'], /--ttl is a number of seconds/],
    [['token', 'ann', '--scope', 'posts:raed'], /there is no scope "posts:raed"; there is .*posts:read/],
  ])('palabre %j', async (words, message) => {
    const { code, stdout, stderr } = await said(words);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/USAGE/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('help', () => {
  test('names every verb and every variable, and is a success', async () => {
    const { code, stdout, stderr } = await said(['--help']);
    for (const word of ['start', 'import', 'seed', 'events', 'projections', 'status', 'token', 'DATABASE_URL', 'PORT'])
      expect(stdout).toContain(word);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('is there for each verb', async () => {
    const { code, stdout } = await said(['events', 'export', '--help']);
    expect(stdout).toMatch(/palabre events export.*--after/s);
    expect(code).toBe(0);
  });
});

describe('a failure says what is wrong and what to do, with exit code 1', () => {
  const nowhere = { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/db', PALABRE_MASTER_KEY: 'ab'.repeat(32) };
  test.each([
    ['a wrong variable', ['start'], { PORT: 'abc' }, /^palabre: PORT must be a port number/],
    ['no identity provider', ['start'], { NODE_ENV: 'production' }, /^palabre: PALABRE_AUTH_ISSUER must be set/],
    ['a data folder of no use', ['status'], {}, /^palabre: .*nowhere/],
    ['a database that is not there', ['status'], nowhere, /cannot reach the database 127.0.0.1:1\/db.*ECONNREFUSED/],
  ])('%s', async (_, words, variables, message) => {
    const { code, stdout, stderr } = await said(words, variables);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/secret|\n {4}at /);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

test('the exit code is that of the process', async () => {
  const codes = await Promise.all([['--help'], ['strat'], ['start']].map((words) => run(words, { PORT: 'abc' })));
  expect(codes.map(({ code }) => code)).toEqual([0, 2, 1]);
});
