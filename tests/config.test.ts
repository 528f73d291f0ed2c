import { expect, test } from 'vitest';
import { assertServable, loadConfig } from '../src/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const own = { DATABASE_URL: 'postgres://u:p@db.example:5432/palabre', PALABRE_MASTER_KEY: KEY };
const provider = {
  PALABRE_AUTH_ISSUER: 'https://id.example',
  PALABRE_AUTH_AUDIENCE: 'palabre',
  PALABRE_AUTH_JWKS_URL: 'https://id.example/keys',
};

test('nothing set is a demo on the embedded database', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({ isDemo: true, databaseUrl: null, http: { host: '127.0.0.1', port: 4000 } });
  expect(config.dataDir).toMatch(/^\/.*\/\.palabre$/);
  expect(() => assertServable(config)).not.toThrow();
});

test('the configuration cannot be changed afterwards', () => {
  expect(Object.isFrozen(loadConfig({}))).toBe(true);
});

test('a variable that is set to nothing counts as not set', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: '  ' })).toMatchObject({ isDemo: true, http: { port: 4000 } });
});

test.each([
  ['PORT', 'abc'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://db'],
  ['PALABRE_MASTER_KEY', 'short'],
  ['PALABRE_AUTH_JWKS_URL', 'not a url'],
  ['LOG_LEVEL', 'loud'],
])('a wrong %s ("%s") is named', (name, value) => {
  expect(() => loadConfig({ ...own, ...provider, [name]: value })).toThrow(new RegExp(`^${name} `));
});

test('all variables at fault are named at once', () => {
  expect(() => loadConfig({ PORT: 'abc', LOG_LEVEL: 'loud' })).toThrow(/PORT.*\n.*LOG_LEVEL/);
});

test('no message repeats a secret', () => {
  const secret = 'c2VjcmV0';
  for (const variables of [{ PALABRE_MASTER_KEY: secret }, { DATABASE_URL: `mysql://u:${secret}@db` }])
    expect(messageOf(variables)).not.toContain(secret);
});

test("a database of one's own needs a master key", () => {
  const { PALABRE_MASTER_KEY: _, ...without } = own;
  expect(() => loadConfig(without)).toThrow(/PALABRE_MASTER_KEY_FILE/);
  expect(loadConfig({ ...without, PALABRE_MASTER_KEY_FILE: '/key' }).masterKey).toEqual({
    from: 'file',
    path: '/key',
    make: false,
  });
});

test.each([
  ['base64', KEY],
  ['base64 without padding', KEY.replace('=', '')],
  ['hexadecimal', Buffer.alloc(32, 7).toString('hex')],
])('a master key may be given in %s', (_, value) => {
  expect(loadConfig({ PALABRE_MASTER_KEY: value }).masterKey).toEqual({ from: 'value', key: Buffer.alloc(32, 7) });
});

test('an identity provider is told whole or not at all', () => {
  for (const name of Object.keys(provider))
    expect(() => loadConfig({ ...own, ...provider, [name]: '' })).toThrow(new RegExp(name));
  expect(loadConfig({ ...own, ...provider })).toMatchObject({ isDemo: false, issuer: { audience: 'palabre' } });
});

test.each([
  ['in production', { NODE_ENV: 'production' }],
  ["on a database of one's own", own],
])('without an identity provider nothing is served %s', (_, variables) => {
  const config = loadConfig(variables);
  expect(config.isDemo).toBe(false);
  expect(() => assertServable(config)).toThrow(/^PALABRE_AUTH_ISSUER /);
});

test('an identity provider ends the demo, on the embedded database too', () => {
  expect(loadConfig(provider).isDemo).toBe(false);
});

const messageOf = (variables: NodeJS.ProcessEnv): string => {
  try {
    loadConfig(variables);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('This configuration was taken.');
};
