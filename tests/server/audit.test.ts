import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Counted, openRefusalAccount } from '../../src/core/refusals.ts';
import { openSocket } from '../support/doors.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let admin: Asker;
beforeAll(async () => {
  service = await openService();
  admin = await service.as('root', ['member', 'admin']);
});
afterAll(() => service.close());

type Refusal = {
  readonly times: number;
  readonly door: string;
  readonly code: string;
  readonly limit: string | null;
  readonly member: { readonly name: string } | null;
  readonly document: string | null;
  readonly operation: string | null;
  readonly requestId: string;
};

const LIST = `query ($filter: RefusalFilter) { refusals(first: 100, filter: $filter) {
  totalCount nodes { at times door code limit member { name } machineKeyId document operation requestId }
} }`;

const refusals = async (filter: object = {}) => {
  const { data, errors } = await admin.query(LIST, { filter });
  expect(errors).toBeUndefined();
  return (data as { refusals: { totalCount: number; nodes: Refusal[] } }).refusals;
};

/** They are written down together, a moment later. */
const until = async (filter: object, isThere: (nodes: readonly Refusal[]) => boolean) => {
  await expect.poll(async () => isThere((await refusals(filter)).nodes), { timeout: 20_000 }).toBe(true);
  return (await refusals(filter)).nodes;
};

const hashOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

test('an admin reads who was turned away on each door, with which document, and why', async () => {
  const secret = 'query Curious { communities(first: 100) { nodes { posts(first: 100) { nodes { id } } } } }';
  const eve = await service.as('eve');
  await eve.query(secret, {}, { 'x-request-id': 'asked-by-eve' });
  await (await service.as('narrow', ['member'], { scope: 'figures:read' })).query('{ viewer { id } }');
  await fetch(`${service.url}/events`, {
    headers: { authorization: `Bearer ${await service.token('narrow', { scope: 'figures:read' })}` },
  });
  const socket = openSocket(service);
  socket.send({ type: 'connection_init', payload: { authorization: 'Bearer nobody' } });
  await socket.next();

  const [costly] = await until({ code: 'QUERY_TOO_COMPLEX' }, (nodes) => nodes.length > 0);
  expect(costly).toMatchObject({
    door: '/graphql',
    limit: 'COST',
    member: { name: 'eve' },
    document: hashOf(secret),
    operation: 'Curious',
    requestId: 'asked-by-eve',
  });
  const narrow = await until({ code: 'FORBIDDEN' }, (nodes) => nodes.length > 1);
  expect(narrow.map(({ door, document }) => [door, document]).sort()).toEqual([
    ['/events', null],
    ['/graphql', hashOf('{ viewer { id } }')],
  ]);
  const [nobody] = await until({ code: 'UNAUTHENTICATED' }, (nodes) => nodes.length > 0);
  expect(nobody).toMatchObject({ door: 'WebSocket', member: null, document: null });

  const { data } = await eve.query('{ viewer { id } }');
  const own = await refusals({ memberId: (data as { viewer: { id: string } }).viewer.id });
  expect(own.nodes.map(({ code }) => code)).toEqual(['QUERY_TOO_COMPLEX']);
  expect((await refusals({ memberId: 'nonsense' })).totalCount).toBe(0);
  expect((await admin.query(LIST, { filter: { code: 'NONSENSE' } })).errors).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});

test('who is no admin reads none of it', async () => {
  const analyst = await service.as('ana', ['member', 'analyst']);
  expect((await analyst.query('{ refusals { totalCount } }')).errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN' } },
  ]);
});

const refusal = (document: string) => ({
  ...{ door: '/graphql', code: 'FORBIDDEN', limit: null, memberId: null, keyId: null },
  ...{ document, operation: null, requestId: document },
});

test('what is alike within a minute is one, and a flood of documents is not told apart', async () => {
  const added: Counted[] = [];
  let now = 60_000;
  const store = { add: async (counted: readonly Counted[]) => void added.push(...counted), forget: async () => {} };
  const account = openRefusalAccount(
    store,
    (error) => expect.fail(String(error)),
    () => now,
  );
  for (let n = 0; n < 3; n += 1) account.note(refusal('same'));
  now += 60_000;
  account.note(refusal('same'));
  for (let n = 0; n < 1_000; n += 1) account.note(refusal(`different ${n}`));
  await account.close();
  expect(added.filter(({ document }) => document === 'same').map(({ times }) => times)).toEqual([3, 1]);
  expect(added.length).toBeLessThanOrEqual(201);
  expect(added.reduce((sum, { times }) => sum + times, 0)).toBe(1_004);
  expect(added.find(({ document }) => document === null)?.times).toBe(802);
});
