import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, type JWTVerifyGetKey, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Claims,
  createIdentity,
  createVerify,
  DEMO_AUDIENCE,
  DEMO_ISSUER,
  DEMO_MAX_SECONDS,
  IdentityProviderUnavailable,
  type Known,
  openDemoIssuer,
  type People,
  providerKeys,
  Unauthenticated,
} from '../../src/adapters/identity/index.ts';

const ISSUER = 'https://id.example';
const AUDIENCE = 'palabre';
const now = () => Math.floor(Date.now() / 1000);

const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });

let provider: Server;
let jwksUrl: URL;
let fetches = 0;
let published: object[] = [];
let isDown = false;

beforeAll(async () => {
  const keys = await Promise.all(
    Object.entries(pairs).map(async ([alg, { publicKey }]) => ({ ...(await exportJWK(publicKey)), alg, kid: alg })),
  );
  published = keys;
  provider = createServer((_, response) => {
    fetches += 1;
    if (isDown) response.writeHead(500).end();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  jwksUrl = new URL(`http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys`);
});
afterAll(() => provider.close());

type Changes = { alg?: string; kid?: string; typ?: string | null; key?: KeyObject; claims?: Record<string, unknown> };

const sign = ({ alg = 'ES256', kid = alg, typ = 'at+jwt', key, claims = {} }: Changes = {}) => {
  const all = { iss: ISSUER, aud: AUDIENCE, sub: 'ann', iat: now(), exp: now() + 600, ...claims };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  const signer = key ?? pairs[alg as keyof typeof pairs].privateKey;
  return new SignJWT(given).setProtectedHeader({ alg, kid, ...(typ !== null && { typ }) }).sign(signer);
};

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const body = () => part({ iss: ISSUER, aud: AUDIENCE, sub: 'ann', iat: now(), exp: now() + 600 });
const unsigned = () => `${part({ alg: 'none' })}.${body()}.`;
const signedWithThePublicKey = () => {
  const pem = pairs.RS256.publicKey.export({ type: 'spki', format: 'pem' });
  const text = `${part({ alg: 'HS256', kid: 'RS256' })}.${body()}`;
  return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
};

/** Remembers who came, and registers them when asked. */
const people = () => {
  const registered = new Map<string, Known>();
  const enrol = vi.fn(async (login: string, _claims: Claims): Promise<Known> => {
    const known = { memberId: `member of ${login}`, kind: 'MEMBER' } as const;
    registered.set(login, known);
    return known;
  });
  return {
    enrol,
    byLogin: async (login: string) => registered.get(login) ?? null,
    byId: async (id: string) => (id === 'known' ? { memberId: id, kind: 'MEMBER' as const } : null),
  } satisfies People;
};

const settings = { rolesClaim: 'roles', scopeClaim: null, adminSubject: null };
const expected = () =>
  ({
    issuer: ISSUER,
    audience: AUDIENCE,
    key: providerKeys(jwksUrl),
    tokenType: 'at+jwt',
    maxLifetimeSeconds: 3600,
  }) as const;
let crowd: ReturnType<typeof people>;
const identity = (changes: Partial<{ rolesClaim: string; adminSubject: string; scopeClaim: string }> = {}) =>
  createIdentity(createVerify(expected()), crowd, { ...settings, ...changes });
beforeEach(() => {
  crowd = people();
});

describe('a token is let in only when everything about it is right', () => {
  test.each(['ES256', 'RS256', 'EdDSA'])('signed with %s', async (alg) => {
    const viewer = await identity().viewer(`Bearer ${await sign({ alg })}`);
    expect(viewer.memberId).toBe(`member of ${ISSUER} ann`);
  });

  const refused: Record<string, () => Promise<string> | string> = {
    'no header': () => '',
    'another scheme': () => 'Basic YTpi',
    'no token': () => 'Bearer ',
    malformed: () => 'Bearer a.b',
    'not a token': () => 'Bearer ☃',
    'longer than 8 KB': async () => `Bearer ${await sign({ claims: { padding: 'x'.repeat(9_000) } })}`,
    expired: async () => `Bearer ${await sign({ claims: { exp: now() - 60 } })}`,
    'not valid yet': async () => `Bearer ${await sign({ claims: { nbf: now() + 60 } })}`,
    'issued in the future': async () => `Bearer ${await sign({ claims: { iat: now() + 60 } })}`,
    'wrong audience': async () => `Bearer ${await sign({ claims: { aud: 'another' } })}`,
    'wrong issuer': async () => `Bearer ${await sign({ claims: { iss: `${ISSUER}/` } })}`,
    'issued at no time': async () => `Bearer ${await sign({ claims: { iat: 'now' } })}`,
    'made to last longer than an hour': async () => `Bearer ${await sign({ claims: { exp: now() + 3_700 } })}`,
    'an ID token': async () => `Bearer ${await sign({ typ: 'JWT' })}`,
    'of no type': async () => `Bearer ${await sign({ typ: null })}`,
    'without exp': async () => `Bearer ${await sign({ claims: { exp: undefined } })}`,
    'without iat': async () => `Bearer ${await sign({ claims: { iat: undefined } })}`,
    'without sub': async () => `Bearer ${await sign({ claims: { sub: undefined } })}`,
    'with an empty sub': async () => `Bearer ${await sign({ claims: { sub: '' } })}`,
    'alg none': () => `Bearer ${unsigned()}`,
    'HS256 with the public key as secret': () => `Bearer ${signedWithThePublicKey()}`,
    "a stranger's key under a known id": async () => `Bearer ${await sign({ key: stranger.privateKey })}`,
    'an unknown key': async () => `Bearer ${await sign({ kid: 'unknown', key: stranger.privateKey })}`,
    'a changed payload': async () => {
      const [head, , signature] = (await sign()).split('.');
      return `Bearer ${head}.${part({ iss: ISSUER, aud: AUDIENCE, sub: 'eve', iat: now(), exp: now() + 600 })}.${signature}`;
    },
  };
  test.each(Object.entries(refused))('%s is refused, with the one message for all', async (_, header) => {
    const failure = await identity()
      .viewer(await header())
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Unauthenticated);
    expect((failure as Error).message).toBe(new Unauthenticated().message);
    expect(crowd.enrol).not.toHaveBeenCalled();
  });

  test('a clock may be half a minute off', async () => {
    await expect(identity().viewer(`Bearer ${await sign({ claims: { exp: now() - 20 } })}`)).resolves.toBeDefined();
  });
});

describe('the keys of the provider', () => {
  test('many unknown keys cost one request', async () => {
    const one = identity();
    const before = fetches;
    for (let n = 0; n < 30; n++)
      await one.viewer(`Bearer ${await sign({ kid: `made up ${n}`, key: stranger.privateKey })}`).catch(() => {});
    expect(fetches - before).toBeLessThanOrEqual(2);
  });

  test('a key that the provider has only now is good at once', async () => {
    const before = published;
    const one = identity();
    await one.viewer(`Bearer ${await sign()}`);
    published = [...before, { ...(await exportJWK(stranger.publicKey)), alg: 'ES256', kid: 'rotated' }];
    const rotated = `Bearer ${await sign({ kid: 'rotated', key: stranger.privateKey })}`;
    await expect(one.viewer(rotated)).resolves.toMatchObject({ memberId: `member of ${ISSUER} ann` });
    published = before;
  });

  test('are remembered while the provider is down', async () => {
    const one = identity();
    await one.viewer(`Bearer ${await sign()}`);
    isDown = true;
    await expect(one.viewer(`Bearer ${await sign({ kid: 'unknown', key: stranger.privateKey })}`)).rejects.toThrow(
      Unauthenticated,
    );
    await expect(one.viewer(`Bearer ${await sign({ claims: { sub: 'ben' } })}`)).resolves.toBeDefined();
    isDown = false;
  });

  test('a provider that cannot be reached is no reason to say that a token is bad', async () => {
    const verify = createVerify({ ...expected(), key: providerKeys(new URL('http://127.0.0.1:1/keys')) });
    await expect(verify(await sign())).rejects.toBeInstanceOf(IdentityProviderUnavailable);
  });
});

describe('a login becomes a member', () => {
  test('at its first valid token, once', async () => {
    const one = identity();
    const header = `Bearer ${await sign()}`;
    const [first, second] = await Promise.all([one.viewer(header), one.viewer(header)]);
    await one.viewer(header);
    expect(first?.memberId).toBe(second?.memberId);
    expect(crowd.enrol).toHaveBeenCalledTimes(1);
  });

  test('only when it acts, if its roles are others than member', async () => {
    const viewer = await identity().viewer(`Bearer ${await sign({ claims: { roles: ['analyst'] } })}`);
    expect(viewer.memberId).toBeNull();
    expect(crowd.enrol).not.toHaveBeenCalled();
    await expect(viewer.actor()).resolves.toMatchObject({ memberId: `member of ${ISSUER} ann`, isAdmin: false });
    expect(crowd.enrol).toHaveBeenCalledTimes(1);
  });
});

describe('roles', () => {
  const rolesOf = async (claims: Record<string, unknown>, changes = {}) =>
    [...(await identity(changes).viewer(`Bearer ${await sign({ claims })}`)).roles].sort();

  test('come from the configured claim, in whatever form providers write it', async () => {
    expect(await rolesOf({})).toEqual(['MEMBER']);
    expect(await rolesOf({ roles: ['Member', 'ANALYST', 'other'] })).toEqual(['ANALYST', 'MEMBER']);
    expect(await rolesOf({ roles: 'admin analyst' })).toEqual(['ADMIN', 'ANALYST']);
    expect(await rolesOf({ realm: { roles: ['admin'] } }, { rolesClaim: 'realm.roles' })).toEqual(['ADMIN']);
    expect(await rolesOf({ 'https://a.b/c': ['admin'] }, { rolesClaim: 'https://a.b/c' })).toEqual(['ADMIN']);
  });

  test('that nobody knows leave a member', async () => {
    expect(await rolesOf({ roles: ['offline_access'] })).toEqual(['MEMBER']);
    expect(await rolesOf({ roles: { admin: true } })).toEqual(['MEMBER']);
  });

  test.each(['admın', 'ADMİN', 'ａｄｍｉｎ', 'ad\u00admin', 'analyſt'])(
    'a name that only looks like one, %s, gives no role',
    async (name) => {
      expect(await rolesOf({ roles: [name] })).toEqual(['MEMBER']);
    },
  );

  test('the first admin is named by configuration', async () => {
    expect(await rolesOf({}, { adminSubject: 'ann' })).toEqual(['ADMIN', 'MEMBER']);
    expect(await rolesOf({}, { adminSubject: 'ben' })).toEqual(['MEMBER']);
  });
});

describe('scopes', () => {
  const scopesOf = async (claims: Record<string, unknown>, changes = {}) =>
    [...(await identity(changes).viewer(`Bearer ${await sign({ claims })}`)).scopes].sort();
  const MEMBERS = [
    ...['communities:read', 'communities:write', 'figures:read', 'keys:admin', 'members:read'],
    ...['members:write', 'organisation:read', 'posts:read', 'posts:write'],
    ...['projects:read', 'projects:write', 'webhooks:admin'],
  ];

  test('are those of the roles where the token names none', async () => {
    expect(await scopesOf({})).toEqual(MEMBERS);
    expect(await scopesOf({ roles: ['analyst'] })).toEqual([
      'communities:read',
      'events:read',
      'figures:read',
      'keys:admin',
      'members:read',
      'organisation:read',
      'posts:read',
      'projects:read',
      'webhooks:admin',
    ]);
  });

  test.each<[string, Record<string, unknown>, readonly string[]]>([
    ['text', { scope: 'posts:read posts:write' }, ['posts:read', 'posts:write']],
    ['a list', { scope: ['posts:read'] }, ['posts:read']],
    ['text under another name', { scp: 'posts:read openid' }, ['posts:read']],
    ['a list under another name', { scp: ['members:read', 'posts:read'] }, ['members:read', 'posts:read']],
    ['more than the role may', { scope: 'posts:read events:read members:admin' }, ['posts:read']],
    ['none that is ours', { scope: 'openid profile' }, []],
    ['nothing', { scope: '' }, []],
    ['something else than names', { scope: { posts: 'read' } }, []],
  ])('are narrowed by a token that names %s', async (_, claims, scopes) => {
    expect(await scopesOf(claims)).toEqual(scopes);
  });

  test('come from the configured claim alone where there is one', async () => {
    const claims = { scope: 'openid', palabre: 'posts:read' };
    expect(await scopesOf(claims, { scopeClaim: 'palabre' })).toEqual(['posts:read']);
    expect(await scopesOf({ scope: 'openid' }, { scopeClaim: 'palabre' })).toEqual(MEMBERS);
  });
});

test("a viewer's rights end with the token", async () => {
  const exp = now() + 60;
  const viewer = await identity().viewer(`Bearer ${await sign({ claims: { exp } })}`);
  expect(viewer.expiresAt).toEqual(new Date(exp * 1000));
});

test.each(['JWT', null, 'at+jwt', 'application/at+jwt'])(
  'a provider whose tokens are typed %s can be named',
  async (typ) => {
    const verify = createVerify({ ...expected(), tokenType: 'JWT' });
    await expect(verify(await sign({ typ }))).resolves.toMatchObject({ sub: 'ann' });
    await expect(verify(await sign({ typ: 'logout+jwt' }))).rejects.toBeInstanceOf(Unauthenticated);
  },
);

const demoVerify = ({ key }: { readonly key: JWTVerifyGetKey }) =>
  createVerify({
    issuer: DEMO_ISSUER,
    audience: DEMO_AUDIENCE,
    key,
    tokenType: 'at+jwt',
    maxLifetimeSeconds: DEMO_MAX_SECONDS,
  });

describe('the demo issuer', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palabre-identity-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('keeps its key for itself, over restarts', async () => {
    const [first, second] = await Promise.all([openDemoIssuer(folder), openDemoIssuer(folder)]);
    const verify = demoVerify(second);
    await expect(verify(await first.sign({ sub: 'known' }))).resolves.toMatchObject({ sub: 'known' });
    expect((await stat(join(folder, 'demo-issuer.pem'))).mode & 0o777).toBe(0o600);
  });

  test("a token's subject is a member's id, or nobody's", async () => {
    const issuer = await openDemoIssuer(folder);
    const one = createIdentity(demoVerify(issuer), crowd, settings);
    await expect(one.viewer(`Bearer ${await issuer.sign({ sub: 'known' })}`)).resolves.toMatchObject({
      memberId: 'known',
    });
    await expect(one.viewer(`Bearer ${await issuer.sign({ sub: 'gone' })}`)).rejects.toBeInstanceOf(Unauthenticated);
    const role = await one.viewer(`Bearer ${await issuer.sign({ sub: 'role:analyst', roles: ['analyst'] })}`);
    expect(role.memberId).toBeNull();
  });
});
