import { afterAll, beforeAll, expect, test } from 'vitest';
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

const react = async (targetId: string, kind: string) => {
  const { data } = await ann.query(
    `mutation ($i: AddReactionInput!) { addReaction(input: $i) {
      target { reactionCount reactions { kind emoji isOffered } } errors { code path constraint allowed } } }`,
    { i: { targetId, kind } },
  );
  return (data as { addReaction: object }).addReaction;
};

test('what is no longer offered is shown with its picture, and refused with what is offered instead', async () => {
  const founded = await ann.query(
    'mutation ($i: FoundCommunityInput!) { foundCommunity(input: $i) { community { id } } }',
    { i: { name: 'Garden', slug: 'garden' } },
  );
  const { community } = (founded.data as { foundCommunity: { community: { id: string } } }).foundCommunity;
  const published = await ann.query('mutation ($i: PublishPostInput!) { publishPost(input: $i) { post { id } } }', {
    i: { communityId: community.id, kind: 'DISCUSSION', title: 'Spades', body: 'Which one?' },
  });
  const { post } = (published.data as { publishPost: { post: { id: string } } }).publishPost;

  expect(await react(post.id, '❤')).toMatchObject({
    target: { reactionCount: 1, reactions: [{ kind: 'heart', emoji: '❤️', isOffered: true }] },
  });
  await admin.query('mutation ($i: DeclareReactionKindsInput!) { declareReactionKinds(input: $i) { position } }', {
    i: { kinds: [{ name: 'seedling', emoji: '🌱', label: 'It grows' }] },
  });
  expect(await react(post.id, '🌱')).toMatchObject({
    target: {
      reactionCount: 2,
      reactions: expect.arrayContaining([
        { kind: 'heart', emoji: '❤️', isOffered: false },
        { kind: 'seedling', emoji: '🌱', isOffered: true },
      ]),
    },
  });
  expect(await react(post.id, 'heart')).toEqual({
    target: null,
    errors: [{ code: 'REACTION_NOT_OFFERED', path: ['kind'], constraint: 'UNKNOWN_VALUE', allowed: ['seedling'] }],
  });
});
