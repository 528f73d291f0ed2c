import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;
let admin: Asker;
beforeAll(async () => {
  service = await openService();
  ann = await service.as('ann');
  admin = await service.as('root', ['member', 'admin']);
});
afterAll(() => service.close());

const register = (handle: string) =>
  admin.query(
    'mutation ($i: RegisterServiceAccountInput!) { registerServiceAccount(input: $i) { member { id handle } errors { code path } } }',
    { i: { name: handle, handle } },
  );
const memberOf = async (handle: string) =>
  (
    (await ann.query('query ($h: String) { member(handle: $h) { id } }', { h: handle })).data as {
      member: object | null;
    }
  ).member;

describe('handles are compared without case, and however their characters are put together', () => {
  test.each([
    ['Zoé.Bot', ['zoé.bot', 'ZOÉ.BOT', 'Zoe\u0301.Bot']],
    ['ﬁle-bot', ['file-bot', 'FILE-BOT', 'ﬁle-bot']],
  ])('%s', async (handle, same) => {
    const { data } = await register(handle);
    const { member } = (data as { registerServiceAccount: { member: { id: string } | null } }).registerServiceAccount;
    expect(member).toMatchObject({ id: expect.any(String), handle });
    for (const other of same) {
      expect(await memberOf(other)).toEqual({ id: member?.id });
      expect((await register(other)).data).toMatchObject({
        registerServiceAccount: { member: null, errors: [{ code: 'HANDLE_TAKEN' }] },
      });
    }
  });
});

describe('a text that nobody gave is null', () => {
  test('in a request for membership, and never the word for it', async () => {
    const { data } = await ann.query(
      'mutation ($i: FoundCommunityInput!) { foundCommunity(input: $i) { community { id } errors { code } } }',
      { i: { name: 'Asked', slug: 'asked', joinPolicy: 'ON_REQUEST' } },
    );
    const { id } = (data as { foundCommunity: { community: { id: string } } }).foundCommunity.community;
    const bob = await service.as('bob');
    await bob.query('mutation ($i: RequestMembershipInput!) { requestMembership(input: $i) { errors { code } } }', {
      i: { communityId: id },
    });
    const asked = await ann.query(
      'query ($id: ID!) { node(id: $id) { ... on Community { membershipRequests { nodes { message } } } } }',
      { id },
    );
    expect(asked.data).toEqual({ node: { membershipRequests: { nodes: [{ message: null }] } } });
  });
});

describe('an input that is wrong', () => {
  test('says what a form needs', async () => {
    const { data } = await ann.query(
      'mutation ($i: FoundCommunityInput!) { foundCommunity(input: $i) { errors { code path constraint limit allowed } } }',
      { i: { name: 'x'.repeat(200), slug: 'Not A Slug' } },
    );
    expect(data).toEqual({
      foundCommunity: {
        errors: [
          { code: 'INVALID_INPUT', path: ['name'], constraint: 'TOO_LONG', limit: 120, allowed: null },
          { code: 'INVALID_INPUT', path: ['slug'], constraint: 'FORMAT', limit: null, allowed: null },
        ],
      },
    });
  });
});
