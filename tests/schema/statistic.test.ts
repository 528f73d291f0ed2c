import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Asker, openService, type Service } from '../support/service.ts';
import { first, found, publish } from '../support/webhooks.ts';

// Who is shown what a figure counted; what figures are is in ../projections and ../flows/figures.test.ts.

let service: Service;
let ann: Asker;
let communityId: string;
const posts: string[] = [];

beforeAll(async () => {
  service = await openService();
  ann = await service.as('ann');
  communityId = await found(ann);
  const bob = await service.as('bob');
  await first(bob, 'mutation ($input: JoinCommunityInput!) { joinCommunity(input: $input) { errors { code } } }', {
    input: { communityId },
  });
  for (let n = 0; n < 3; n += 1) posts.push(await publish(n < 2 ? ann : bob, communityId, `Post ${n}`));
});
afterAll(() => service.close());

const WINDOW = 'from: "2020-01-01T00:00:00Z", to: "2060-01-01T00:00:00Z"';
const COUNTED = '{ key value events(first: 2) { totalCount nodes { type data } pageInfo { hasNextPage } } }';
const ofCommunity = `query ($id: ID!) { node(id: $id) { ... on Community { statistics(keys: ["contributors.new"], ${WINDOW}) ${COUNTED} } } }`;
const ofOrganisation = `{ organisation { statistics(keys: ["contributors.new"], ${WINDOW}) ${COUNTED} } }`;

type Shown = { value: number; events: { totalCount: number; nodes: { type: string }[] } | null };

const shown = async (asker: Asker, document: string) => {
  const { data, errors } = await asker.query(document, { id: communityId });
  const { node, organisation } = (data ?? {}) as Record<string, { statistics: Shown[] } | undefined>;
  const [statistic] = (node ?? organisation)?.statistics ?? [];
  return { statistic, codes: errors?.map(({ extensions }) => extensions.code) ?? [] };
};

test("what a community's figure counted is shown to its facilitators, all of it, and to no other member", async () => {
  const { statistic, codes } = await shown(ann, ofCommunity);
  expect(codes).toEqual([]);
  expect(statistic).toMatchObject({ value: 2, events: { totalCount: 2, nodes: [{ type: 'PostPublished' }, {}] } });
  const other = await shown(await service.as('bob'), ofCommunity);
  expect(other).toMatchObject({ statistic: { value: 2, events: null }, codes: ['FORBIDDEN'] });
});

test("what an organisation's figure counted is for analysts and admins", async () => {
  expect((await shown(ann, ofOrganisation)).codes).toEqual(['FORBIDDEN']);
  for (const role of ['analyst', 'admin']) {
    const { statistic, codes } = await shown(await service.as('root', ['member', role]), ofOrganisation);
    expect([role, codes, statistic?.events?.totalCount]).toEqual([role, [], 2]);
  }
});

test('a facilitator whose token is not for figures is shown none', async () => {
  const narrow = await service.as('ann', ['member'], { scope: 'communities:read' });
  expect((await shown(narrow, ofCommunity)).codes).toContain('FORBIDDEN');
});
