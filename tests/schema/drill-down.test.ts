import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;
let analyst: Asker;
let communityId = '';
let postId = '';
let expectationId = '';

const done = async (asker: Asker, document: string, input: object) => {
  const { data, errors } = await asker.query(document, { input });
  expect(errors).toBeUndefined();
  return Object.values(data as Record<string, Record<string, { id: string }>>)[0] ?? {};
};

beforeAll(async () => {
  service = await openService();
  ann = await service.as('ann');
  analyst = await service.as('carl', ['member', 'analyst']);
  const founded = await done(
    ann,
    'mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { community { id } } }',
    { name: 'Garden', slug: 'garden' },
  );
  communityId = founded.community?.id ?? '';
  const published = await done(
    ann,
    'mutation ($input: PublishPostInput!) { publishPost(input: $input) { post { id } } }',
    { communityId, kind: 'DISCUSSION', title: 'Seeds', body: 'Which?' },
  );
  postId = published.post?.id ?? '';
  const stated = await done(
    ann,
    'mutation ($input: StateExpectationInput!) { stateExpectation(input: $input) { community { expectations { id } } errors { code } } }',
    {
      communityId,
      audience: 'EVERYBODY',
      behaviour: 'Write once a week.',
      measure: { of: 'POSTS', atLeast: 1, per: 'WEEK' },
    },
  );
  const { expectations } = stated.community as unknown as { expectations: { id: string }[] };
  expectationId = expectations[0]?.id ?? '';
});
afterAll(() => service.close());

const WINDOW = 'from: "2020-01-01T00:00:00Z", to: "2040-01-01T00:00:00Z"';

test('what a figure counted is told by the ids of every other field', async () => {
  const { data, errors } = await analyst.query(`{ community(slug: "garden") {
    statistics(keys: ["contributors.new"], ${WINDOW}) { events { nodes { type subject { __typename id } } } } } }`);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    community: {
      statistics: [{ events: { nodes: [{ type: 'PostPublished', subject: { __typename: 'Post', id: postId } }] } }],
    },
  });
});

test('the parts of leaders.example name their expectation', async () => {
  const { data, errors } = await analyst.query(`{ community(slug: "garden") {
    statistics(keys: ["leaders.example"], ${WINDOW}) { cells { key subject { __typename id } } } } }`);
  expect(errors).toBeUndefined();
  const subject = { __typename: 'Expectation', id: expectationId };
  expect(data).toEqual({
    community: {
      statistics: [
        {
          cells: [
            { key: `${expectationId}/leaders`, subject },
            { key: `${expectationId}/members`, subject },
          ],
        },
      ],
    },
  });
});
