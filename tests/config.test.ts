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
  ['PALABRE_AUTH_TOKEN_TYPE', 'id_token'],
  ['PALABRE_AUTH_MAX_LIFETIME', '1h'],
  ['PALABRE_WEBHOOKS_LOOPBACK', 'yes'],
  ['PALABRE_WEBHOOK_RETRIES', '1s,soon'],
  ['LOG_LEVEL', 'loud'],
])('a wrong %s ("%s") is named', (name, value) => {
  expect(() => loadConfig({ ...own, ...provider, [name]: value })).toThrow(new RegExp(`^${name} `));
});

test('a KurrentDB is reached with TLS, and its password is shown to nobody', () => {
  const { kurrentdb } = loadConfig({ KURRENTDB_URL: 'esdb+discover://me:p%40ss@one.example,two.example:2114' });
  expect(kurrentdb).toEqual({
    connectionString: 'kurrentdb+discover://me:p%40ss@one.example,two.example:2114?discoveryInterval=20',
    address: 'one.example:2113,two.example:2114',
    namespace: 'palabre',
  });
});

test('without TLS only on this machine, or where it was allowed', () => {
  const plain =
    (host: string, more = {}) =>
    () =>
      loadConfig({ KURRENTDB_URL: `kurrentdb://${host}?tls=false`, ...more });
  expect(plain('127.0.0.1:2113')).not.toThrow();
  expect(plain('localhost')).not.toThrow();
  expect(plain('kurrent.internal')).toThrow(/^KURRENTDB_URL must not turn TLS .* off/);
  expect(plain('127.0.0.1,kurrent.internal')).toThrow(/^KURRENTDB_URL must not turn TLS/);
  expect(plain('127.0.0.1.evil.example')).toThrow(/^KURRENTDB_URL must not turn TLS/);
  expect(plain('kurrent.internal', { PALABRE_KURRENTDB_INSECURE: '1' })).not.toThrow();
  expect(() => loadConfig({ KURRENTDB_URL: 'kurrentdb://kurrent.internal?tlsVerifyCert=false' })).toThrow(
    /TLS or its checks/,
  );
});

test.each([
  ['postgres://somewhere', 'must be a KurrentDB connection string'],
  ['kurrentdb://', 'must be a KurrentDB connection string'],
  ['kurrentdb://host:70000', 'must name hosts'],
  ['kurrentdb://host:x', 'must name hosts'],
  ['kurrentdb://me:s3:cret@host', 'must name a user as user:password@'],
  ['kurrentdb://me@host', 'must name a user as user:password@'],
  ['kurrentdb://me:s3cret%@host', 'must name a user as user:password@'],
  ['kurrentdb://me:s3cret@127.0.0.1?tls=false', 'must not carry a password without TLS'],
  ['kurrentdb://host?throwOnAppendFailure=false', 'has the option "throwOnAppendFailure"; there are tls,'],
  ['kurrentdb://me:s3cret@host?tsl=true', 'has the option "tsl"; there are tls,'],
  ['kurrentdb://host?tls=maybe', 'must have tls=true or tls=false'],
  ['kurrentdb://host?tls', 'has the option tls without a value'],
])('the connection string "%s" %s', (url, message) => {
  let told = '';
  try {
    loadConfig({ KURRENTDB_URL: url });
  } catch (error) {
    told = (error as Error).message;
  }
  expect(told).toContain(`KURRENTDB_URL ${message}`);
  expect(told).not.toMatch(/s3|cret/);
});

test('webhooks may be sent to this machine, and sooner, in tests and never in production', () => {
  const tried = { PALABRE_WEBHOOKS_LOOPBACK: '1', PALABRE_WEBHOOK_RETRIES: '50ms, 1s,5m,2h' };
  expect(loadConfig({ ...own, ...provider }).webhooks).toEqual({ loopback: false, hosts: null, retries: null });
  expect(loadConfig({ ...own, ...provider, ...tried }).webhooks).toEqual({
    loopback: true,
    hosts: null,
    retries: [50, 1_000, 300_000, 7_200_000],
  });
  for (const [name, value] of Object.entries(tried))
    expect(() => loadConfig({ ...own, ...provider, NODE_ENV: 'production', [name]: value })).toThrow(
      `${name} is for tests and must not be set with NODE_ENV=production.`,
    );
});

test('all variables at fault are named at once', () => {
  expect(() => loadConfig({ PORT: 'abc', LOG_LEVEL: 'loud' })).toThrow(/PORT.*\n.*LOG_LEVEL/);
});

test('no message repeats a secret', () => {
  const secret = 'c2VjcmV0';
  for (const variables of [{ PALABRE_MASTER_KEY: secret }, { DATABASE_URL: `mysql://u:${secret}@db` }])
    expect(messageOf(variables)).not.toContain(secret);
});

test("a database of one's own has no master key but the one that a variable names", () => {
  const { PALABRE_MASTER_KEY: _, ...without } = own;
  expect(loadConfig(without).masterKey).toEqual({ from: 'nowhere' });
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

test('whoever others can reach needs an identity provider, and is told how to get on', () => {
  expect(() => assertServable(loadConfig({}))).not.toThrow();
  expect(() => assertServable(loadConfig({ HOST: '::1' }))).not.toThrow();
  for (const HOST of ['0.0.0.0', '::', '10.0.0.7', 'palabre.example'])
    expect(() => assertServable(loadConfig({ HOST }))).toThrow(
      /PALABRE_AUTH_ISSUER must be set with HOST=.*Leave HOST out/,
    );
  expect(() => assertServable(loadConfig({ HOST: '0.0.0.0', ...provider }))).not.toThrow();
});

test('limits hold unless the demo is alone with this machine', () => {
  expect(loadConfig({}).edge.limits.COST).toBe(Number.POSITIVE_INFINITY);
  expect(loadConfig({}).edge.limits.TOKENS).toBe(1_000);
  expect(loadConfig({ HOST: '0.0.0.0' }).edge.limits.COST).toBe(1_000);
  expect(loadConfig({ PALABRE_LIMITS: 'default' }).edge.limits.COST).toBe(1_000);
  expect(loadConfig({ ...own, ...provider }).edge.limits.COST).toBe(1_000);
  expect(loadConfig({ ...own, ...provider, PALABRE_LIMITS: 'off' }).edge.limits.BUDGET).toBe(Number.POSITIVE_INFINITY);
});

test('a limit that a variable names holds, also while the others are off', () => {
  expect(loadConfig({ PALABRE_LIMIT_DEPTH: '5' }).edge.limits).toMatchObject({
    DEPTH: 5,
    COST: Number.POSITIVE_INFINITY,
  });
});

test.each<[string, NodeJS.ProcessEnv]>([
  ['PALABRE_LIMITS', { HOST: '0.0.0.0', PALABRE_LIMITS: 'off' }],
  ['PALABRE_LIMITS', { PALABRE_LIMITS: 'none' }],
  ['PALABRE_LIMIT_DEPTH', { PALABRE_LIMIT_DEPTH: 'deep' }],
  ['PALABRE_LIMIT_DEPTH', { PALABRE_LIMIT_DEPTH: '0' }],
  ['PALABRE_LIMIT_TOKENS', { PALABRE_LIMIT_TOKENS: '20000' }],
  ['PALABRE_LIMIT_WIDTH', { PALABRE_LIMIT_WIDTH: '5' }],
  ['PALABRE_CORS_ORIGINS', { PALABRE_CORS_ORIGINS: '*' }],
  ['PALABRE_CORS_ORIGINS', { PALABRE_CORS_ORIGINS: 'https://app.example/' }],
  ['PALABRE_TRUSTED_DOCUMENTS', { PALABRE_TRUSTED_DOCUMENTS_MODE: 'require' }],
  ['PALABRE_INTROSPECTION', { PALABRE_INTROSPECTION: 'maybe' }],
  ['PALABRE_GRAPHIQL', { PALABRE_GRAPHIQL: 'maybe' }],
  ['PALABRE_METRICS_PORT', { PALABRE_METRICS_PORT: '70000' }],
])('a wrong %s is named: %j', (name, variables) => {
  expect(() => loadConfig({ ...own, ...provider, ...variables })).toThrow(new RegExp(`^${name} `));
});
