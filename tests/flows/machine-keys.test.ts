import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startReceiver } from '../support/receiver.ts';
import { type Asker, type GraphqlError, openService, type Service } from '../support/service.ts';
import { first } from '../support/webhooks.ts';

let service: Service;
let ann: Asker;
let boss: Asker;

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off', PALABRE_WEBHOOKS_LOOPBACK: '1' });
  [ann, boss] = await Promise.all([service.as('ann'), service.as('boss', ['member', 'admin'])]);
});
afterAll(() => service.close());

type Key = {
  readonly id: string;
  readonly state: string;
  readonly scopes: readonly string[];
  readonly lastUsedAt: string | null;
  readonly owner: { readonly name: string };
};
type Made = {
  readonly machineKey: Key | null;
  readonly secret: string | null;
  readonly isRepeated: boolean;
  readonly errors: readonly { readonly code: string; readonly path: readonly string[] | null }[];
};

const change = (asker: Asker, name: 'create' | 'rotate' | 'revoke', input: object) => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}MachineKeyInput`;
  return first<Made>(
    asker,
    `mutation ($input: ${type}!) { ${name}MachineKey(input: $input) {
       machineKey { id state scopes lastUsedAt owner { name } } isRepeated errors { code path } ${name === 'revoke' ? '' : 'secret'}
     } }`,
    { input },
  );
};
const made = async (asker: Asker, input: object = {}) => {
  const { machineKey, secret, errors } = await change(asker, 'create', { name: 'A robot', scopes: READING, ...input });
  expect(errors).toEqual([]);
  return { id: machineKey?.id ?? expect.fail('not made'), secret: secret ?? expect.fail('no secret') };
};
const READING = ['members:read', 'communities:read', 'posts:read'];
const codeOf = async (secret: string, document = '{ viewer { name } }') => {
  const { errors } = await service.bearing(secret).query(document);
  return errors?.[0]?.extensions.code ?? null;
};

test('a machine with a key acts as whoever made it, within its scopes', async () => {
  const { secret } = await made(ann);
  expect(secret).toMatch(/^pal_[A-Za-z0-9_-]{43}$/);
  const robot = service.bearing(secret);
  expect(await first(robot, '{ viewer { name } }')).toEqual({ name: 'ann' });
  expect(await codeOf(secret, '{ machineKeys { totalCount } }')).toBe('FORBIDDEN');
  expect(await codeOf(secret, 'mutation { joinCommunity(input: { communityId: "x" }) { position } }')).toBe(
    'FORBIDDEN',
  );
});

/** Each request has an id of its own: all else is the same. */
const withoutRequestId = ({ extensions: { requestId: _, ...extensions }, ...error }: GraphqlError) => ({
  ...error,
  extensions,
});

test('every key that is not good is refused with the one message for all', async () => {
  const revoked = await made(ann);
  await change(ann, 'revoke', { machineKeyId: revoked.id });
  const expired = await made(ann);
  await onDatabase('update operations.machine_key_secrets set expires_at = now() where key_id = $1', expired.id);
  const unknown = `pal_${'A'.repeat(43)}`;
  const answers = [];
  for (const secret of [revoked.secret, expired.secret, unknown, 'pal_', 'pal_short', `${unknown}A`, 'no.token.atall'])
    answers.push((await service.bearing(secret).query('{ viewer { name } }')).errors?.map(withoutRequestId));
  expect(new Set(answers.map((errors) => JSON.stringify(errors))).size).toBe(1);
  expect(answers[0]).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
});

test('a rotation leaves the secret before alive for a while, and never more than two', async () => {
  const { id, secret } = await made(ann);
  const second = await change(ann, 'rotate', { machineKeyId: id });
  expect([await codeOf(secret), await codeOf(second.secret ?? '')]).toEqual([null, null]);
  const third = await change(ann, 'rotate', { machineKeyId: id });
  expect(await codeOf(secret)).toBe('UNAUTHENTICATED');
  expect([await codeOf(second.secret ?? ''), await codeOf(third.secret ?? '')]).toEqual([null, null]);
  const last = await change(ann, 'rotate', { machineKeyId: id, graceHours: 0 });
  expect(await codeOf(third.secret ?? '')).toBe('UNAUTHENTICATED');
  expect(await codeOf(last.secret ?? '')).toBeNull();
});

test('a repeated mutation makes one key, and does not show its secret again', async () => {
  const input = { name: 'Once', scopes: READING, idempotencyKey: 'once' };
  const [once, twice] = [await change(ann, 'create', input), await change(ann, 'create', input)];
  expect(once).toMatchObject({ isRepeated: false, secret: expect.any(String) });
  expect(twice).toMatchObject({ isRepeated: true, secret: null, machineKey: { id: once.machineKey?.id } });
  expect((await change(ann, 'create', { ...input, name: 'Another' })).errors).toMatchObject([
    { code: 'IDEMPOTENCY_KEY_REUSED' },
  ]);
});

describe('a key is never for more than its maker is', () => {
  test.each([
    [{ scopes: ['events:read'] }, 'NOT_ALLOWED', 'scopes'],
    [{ scopes: ['nonsense'] }, 'INVALID_INPUT', 'scopes'],
    [{ scopes: [] }, 'INVALID_INPUT', 'scopes'],
    [{ roles: ['ADMIN'] }, 'NOT_ALLOWED', 'roles'],
    [{ name: ' ' }, 'INVALID_INPUT', 'name'],
    [{ expiresAt: new Date(Date.now() - 1_000) }, 'INVALID_INPUT', 'expiresAt'],
    [{ expiresAt: new Date(Date.now() + 366 * 24 * 3_600_000) }, 'INVALID_INPUT', 'expiresAt'],
    [{ serviceAccountId: 'nonsense' }, 'MEMBER_NOT_FOUND', 'serviceAccountId'],
  ])('%j is refused', async (input, code, path) => {
    const { machineKey, secret, errors } = await change(ann, 'create', { name: 'Too much', scopes: READING, ...input });
    expect([machineKey, secret, errors]).toEqual([null, null, [{ code, path: [path] }]]);
  });

  test('nor for more than a narrow token allows', async () => {
    const narrow = await service.as('ann', ['member'], { scope: 'keys:admin posts:read' });
    expect((await change(narrow, 'create', { name: 'Wide', scopes: ['posts:write'] })).errors[0]?.code).toBe(
      'NOT_ALLOWED',
    );
    await made(narrow, { scopes: ['posts:read'] });
  });

  test('and makes no keys itself', async () => {
    const { id, secret } = await made(ann, { scopes: ['keys:admin', 'posts:read', 'members:read'] });
    const robot = service.bearing(secret);
    for (const answer of [
      await change(robot, 'create', { name: 'Child', scopes: ['posts:read'] }),
      await change(robot, 'rotate', { machineKeyId: id }),
    ])
      expect(answer.errors[0]?.code).toBe('NOT_ALLOWED');
    expect((await change(robot, 'revoke', { machineKeyId: id })).errors).toEqual([]);
    expect(await codeOf(secret)).toBe('UNAUTHENTICATED');
  });

  test('when its maker loses a role, the key loses it too', async () => {
    const chief = await service.as('chief', ['member', 'admin']);
    const { secret } = await made(chief, { scopes: ['members:read', 'events:read'] });
    expect(await codeOf(secret, '{ events(first: 1) { nodes { type } } }')).toBeNull();
    await first(await service.as('chief', ['member']), '{ viewer { name } }');
    expect(await codeOf(secret, '{ events(first: 1) { nodes { type } } }')).toBe('FORBIDDEN');
    expect(await codeOf(secret)).toBeNull();
  });
});

describe('a rotation shows no secret that can do more than its asker', () => {
  const refused = { machineKey: null, secret: null, errors: [{ code: 'NOT_ALLOWED', path: ['machineKeyId'] }] };

  test('a personal key is rotated by its owner alone, and revoked by an admin too', async () => {
    const { id, secret } = await made(ann);
    expect(await change(boss, 'rotate', { machineKeyId: id })).toMatchObject(refused);
    expect(await codeOf(secret)).toBeNull();
    expect((await change(boss, 'revoke', { machineKeyId: id })).errors).toEqual([]);
    expect(await codeOf(secret)).toBe('UNAUTHENTICATED');
  });

  test('a narrow token of the owner rotates no wider key', async () => {
    const { id } = await made(ann);
    const narrow = (scope: string) => service.as('ann', ['member'], { scope });
    expect(await change(await narrow('keys:admin'), 'rotate', { machineKeyId: id })).toMatchObject(refused);
    expect(await change(await narrow(`keys:admin posts:read`), 'rotate', { machineKeyId: id })).toMatchObject(refused);
    const enough = await narrow(`keys:admin ${READING.join(' ')}`);
    expect((await change(enough, 'rotate', { machineKeyId: id })).errors).toEqual([]);
  });

  test('nor does a token that lacks a role of the key', async () => {
    const lead = await service.as('lead', ['member', 'analyst']);
    const { id } = await made(lead, { scopes: READING, roles: ['MEMBER', 'ANALYST'] });
    expect(await change(await service.as('lead'), 'rotate', { machineKeyId: id })).toMatchObject(refused);
    expect((await change(lead, 'rotate', { machineKeyId: id })).errors).toEqual([]);
  });
});

test('an admin makes keys for service accounts, which act as those', async () => {
  const { member } = await first<{ member: { id: string } }>(
    boss,
    'mutation ($input: RegisterServiceAccountInput!) { registerServiceAccount(input: $input) { member { id } } }',
    { input: { name: 'Bridge', handle: 'bridge' } },
  );
  const { secret } = await made(boss, { serviceAccountId: member.id, scopes: [...READING, 'posts:write'] });
  expect(await first(service.bearing(secret), '{ viewer { name kind } }')).toEqual({ name: 'Bridge', kind: 'SERVICE' });
  expect(await codeOf(secret, '{ events(first: 1) { nodes { type } } }')).toBe('FORBIDDEN');
  const { errors } = await change(ann, 'create', { name: 'Mine', scopes: READING, serviceAccountId: member.id });
  expect(errors).toEqual([{ code: 'NOT_ALLOWED', path: ['serviceAccountId'] }]);
  const ofBridge = await made(boss, { serviceAccountId: member.id });
  const narrow = await service.as('boss', ['admin'], { scope: 'keys:admin' });
  expect((await change(narrow, 'rotate', { machineKeyId: ofBridge.id })).errors[0]?.code).toBe('NOT_ALLOWED');
  expect((await change(boss, 'rotate', { machineKeyId: ofBridge.id })).errors).toEqual([]);
});

test('owners see their keys, admins all, and nobody a secret', async () => {
  const { id, secret } = await made(boss, { name: 'Only mine' });
  expect(await codeOf(secret)).toBeNull();
  const list = (asker: Asker) =>
    first<{ nodes: Key[] }>(asker, '{ machineKeys(first: 100) { nodes { id lastUsedAt owner { name } } } }');
  expect((await list(ann)).nodes.every(({ owner }) => owner.name === 'ann')).toBe(true);
  expect((await list(boss)).nodes.map(({ owner }) => owner.name)).toEqual(expect.arrayContaining(['ann', 'boss']));
  for (let used = false; !used; )
    used = (await list(boss)).nodes.some((key) => key.id === id && key.lastUsedAt !== null);
  expect(await first(ann, 'query ($id: ID!) { node(id: $id) { id } }', { id })).toBeNull();
  expect((await change(ann, 'revoke', { machineKeyId: id })).errors[0]?.code).toBe('MACHINE_KEY_NOT_FOUND');
  const rows = await onDatabase(
    "select encode(hash, 'escape') as hash, encode(hash, 'hex') as hex from operations.machine_key_secrets",
  );
  expect(JSON.stringify(rows)).not.toContain(secret.slice('pal_'.length));
});

test('a webhook that was made with a key ends with the key', async () => {
  const receiver = await startReceiver();
  const { id, secret } = await made(ann, { scopes: [...READING, 'webhooks:admin', 'communities:write'] });
  const robot = service.bearing(secret);
  const { webhook } = await first<{ webhook: { id: string } }>(
    robot,
    'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } errors { message } } }',
    { input: { url: receiver.url, types: ['CommunityFounded'] } },
  );
  await change(ann, 'revoke', { machineKeyId: id });
  await first(ann, 'mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { position } }', {
    input: { name: 'After', slug: 'after', visibility: 'PUBLIC' },
  });
  const look = () =>
    first<{ state: string; reason: string | null }>(ann, 'query ($id: ID!) { webhook(id: $id) { state reason } }', {
      id: webhook.id,
    });
  let shown = await look();
  while (shown.state === 'ACTIVE') shown = await look();
  expect(shown).toEqual({ state: 'DISABLED', reason: 'RIGHTS_LOST' });
  expect(receiver.received).toEqual([]);
  await receiver.close();
});

const onDatabase = async (statement: string, ...values: string[]) => {
  const client = new pg.Client(service.app.database);
  await client.connect();
  try {
    const local = values.map((value) => Buffer.from(value, 'base64url').toString('hex', 2));
    return (await client.query(statement, local)).rows;
  } finally {
    await client.end();
  }
};
