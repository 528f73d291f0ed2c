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

describe('a mutation answers with all that it changed', () => {
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test asked for
  const done = async (name: string, input: object, answer: string): Promise<any> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} errors { code } } }`;
    const { data } = await ann.query(query, { input });
    const payload = (data as Record<string, { errors: object[] }>)[name];
    expect(payload?.errors).toEqual([]);
    return payload;
  };
  const community = async (slug: string) =>
    (await done('foundCommunity', { name: slug, slug }, 'community { id }')).community.id as string;

  test('the answer that was accepted before, beside the one that is', async () => {
    const communityId = await community('accepts');
    const question = { communityId, kind: 'QUESTION', title: 'Which spade?', body: 'Heavy soil.' };
    const { post } = await done('publishPost', question, 'post { id }');
    const answer = { postId: post.id, kind: 'ANSWER', body: 'A fork.' };
    const first = (await done('publishComment', answer, 'comment { id post { commentCount } }')).comment;
    expect(first.post.commentCount).toBe(1);
    const second = (await done('publishComment', answer, 'comment { id post { commentCount } }')).comment;
    expect(second.post.commentCount).toBe(2);
    const both = 'answer { id isAccepted } formerAnswer { id isAccepted }';
    expect(await done('acceptAnswer', { postId: post.id, commentId: first.id }, both)).toMatchObject({
      answer: { id: first.id, isAccepted: true },
      formerAnswer: null,
    });
    expect(await done('acceptAnswer', { postId: post.id, commentId: second.id }, both)).toMatchObject({
      answer: { id: second.id, isAccepted: true },
      formerAnswer: { id: first.id, isAccepted: false },
    });
    expect(await done('unacceptAnswer', { postId: post.id }, both)).toMatchObject({
      answer: null,
      formerAnswer: { id: second.id, isAccepted: false },
    });
    expect(await done('acceptAnswer', { postId: post.id, commentId: second.id }, both)).toMatchObject({
      answer: { id: second.id, isAccepted: true },
      formerAnswer: null,
    });
  });

  test('the draft that became a post', async () => {
    const communityId = await community('drafts');
    const text = { communityId, kind: 'DISCUSSION', title: 'Hello', body: 'At last.' };
    const { draft } = await done('saveDraft', text, 'draft { id status }');
    const published = await done(
      'publishPost',
      { draftId: draft.id },
      'post { id community { postCount } } draft { id status post { id } }',
    );
    expect(published).toMatchObject({
      post: { community: { postCount: 1 } },
      draft: { id: draft.id, status: 'PUBLISHED', post: { id: published.post.id } },
    });
    expect((await done('publishPost', text, 'draft { id }')).draft).toBeNull();
  });
});
