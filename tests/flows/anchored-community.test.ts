import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CommunityActivityDocument } from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

// Found → anchor → charter → roles → activate → invite → join → acknowledge, as those who do it see it.

let service: Service;
let admin: Asker;
let ann: Asker;
let bob: Asker;
let stranger: Asker;
let bobId: string;
let communityId: string;
let projectId: string;

const FUTURE = '2100-01-01T00:00:00.000Z';

/** One mutation, by its name: what its payload says. */
const say = async (who: Asker, name: string, input: object, answer = ''): Promise<Payload> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await who.query(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} errors { code path } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return (data as Record<string, Payload>)[name] as Payload;
};
// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test asked for
type Payload = any;

const ask = async (who: Asker, fields: string): Promise<Payload> => {
  const { data, errors } = await who.query(`query ($id: ID!) { community(id: $id) { ${fields} } }`, {
    id: communityId,
  });
  expect(errors).toBeUndefined();
  return (data as { community: Payload }).community;
};

const codes = ({ errors }: Payload) => errors.map(({ code }: { code: string }) => code);

beforeAll(async () => {
  service = await openService();
  [admin, ann, bob, stranger] = await Promise.all([
    service.as('admin', ['admin']),
    service.as('ann'),
    service.as('bob'),
    service.as('stranger'),
  ]);
  const { data } = await bob.query('{ viewer { id } }');
  bobId = (data as { viewer: { id: string } }).viewer.id;
  await Promise.all([ann.query('{ viewer { id } }'), stranger.query('{ viewer { id } }')]);
});
afterAll(() => service.close());

test('under a strict rule a founded community is forming, and there for its founder alone', async () => {
  const refused = await ann.query('mutation { setActivationRule(input: { rule: STRICT }) { errors { code } } }');
  expect(refused.errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
  const set = await say(admin, 'setActivationRule', { rule: 'STRICT' }, 'organisation { activationRule }');
  expect(set).toEqual({ organisation: { activationRule: 'STRICT' }, errors: [] });
  const founded = await say(
    ann,
    'foundCommunity',
    { name: 'Garden', slug: 'garden' },
    'community { id status anchored }',
  );
  expect(founded.community).toMatchObject({ status: 'FORMING', anchored: false });
  communityId = founded.community.id;

  expect(await ask(ann, 'roles { role overTerm member { handle } }')).toEqual({
    roles: [{ role: 'FACILITATOR', overTerm: false, member: { handle: 'ann' } }],
  });
  const doors = `query ($id: ID!) {
    community(id: $id) { id } bySlug: community(slug: "garden") { id } node(id: $id) { id }
    communities { totalCount } organisation { totals { communities } }
  }`;
  expect((await stranger.query(doors, { id: communityId })).data).toEqual({
    community: null,
    bySlug: null,
    node: null,
    communities: { totalCount: 0 },
    organisation: { totals: { communities: 0 } },
  });
  expect((await ann.query(doors, { id: communityId })).data).toMatchObject({
    community: { id: communityId },
    communities: { totalCount: 1 },
  });
  for (const mutation of ['joinCommunity', 'activateCommunity', 'requestMembership'])
    expect(codes(await say(stranger, mutation, { communityId })), mutation).toEqual(['COMMUNITY_NOT_FOUND']);
  const post = { communityId, kind: 'DISCUSSION', title: 'Hello', body: 'World' };
  expect(codes(await say(ann, 'publishPost', post))).toEqual(['COMMUNITY_FORMING']);
});

test('it is activated only once all that it stands on is there, and a refusal lists what is missing', async () => {
  const activate = () => say(ann, 'activateCommunity', { communityId }, 'community { status }');
  expect(codes(await activate())).toEqual(
    expect.arrayContaining([
      'CHARTER_MISSING',
      'PROJECT_MISSING',
      'OBJECTIVE_MISSING',
      'EXPECTATION_MISSING',
      'PROMISE_MISSING',
      'SPONSOR_MISSING',
    ]),
  );

  const project = await say(ann, 'registerProject', { name: 'Orchard' }, 'project { id status owner { handle } }');
  expect(project.project).toMatchObject({ status: 'ACTIVE', owner: { handle: 'ann' } });
  projectId = project.project.id;
  const plan = { projectId, name: 'First trees', dueAt: FUTURE };
  const { milestone } = await say(ann, 'planMilestone', plan, 'milestone { id reachedAt }');
  const reached = await say(
    ann,
    'reachMilestone',
    { projectId, milestoneId: milestone.id },
    'milestone { id reachedAt }',
  );
  expect(reached).toMatchObject({ milestone: { id: milestone.id, reachedAt: expect.any(String) }, errors: [] });

  const anchored = await say(
    ann,
    'anchorCommunity',
    { communityId, projectId },
    'community { anchored project { name } }',
  );
  expect(anchored.community).toEqual({ anchored: true, project: { name: 'Orchard' } });
  const words = { communityId, purpose: 'To grow.', inScope: 'Trees.' };
  await say(ann, 'adoptCharter', words);
  const { community } = await say(
    ann,
    'adoptCharter',
    { ...words, outOfScope: 'Flowers.' },
    'community { charter { version outOfScope adoptedBy { handle } } first: charter(version: 1) { outOfScope } none: charter(version: 3) { version } }',
  );
  expect(community).toEqual({
    charter: { version: 2, outOfScope: 'Flowers.', adoptedBy: { handle: 'ann' } },
    first: { outOfScope: '' },
    none: null,
  });

  const aim = { communityId, statistic: 'contributors.new', baseline: 4, target: 2, windowDays: 30, dueAt: FUTURE };
  expect(codes(await say(ann, 'setObjective', { ...aim, target: 4 }))).toEqual(['TARGET_IS_BASELINE']);
  expect(await say(ann, 'setObjective', { ...aim, statistic: 'retention' })).toEqual({
    errors: [{ code: 'INVALID_INPUT', path: ['statistic'] }],
  });
  const { objective } = await say(ann, 'setObjective', aim, 'objective { id value progress }');
  // Nobody has contributed: from 4 down to 0, where 2 was wanted, is twice the way.
  expect(objective).toEqual({ id: expect.any(String), value: 0, progress: 2 });

  const expectation = { communityId, behaviour: 'Water it.', measure: { of: 'ANSWERS', atLeast: 1, per: 'WEEK' } };
  const stated = await say(
    ann,
    'stateExpectation',
    expectation,
    'expectation { id version measure { of atLeast per } }',
  );
  expect(stated.expectation).toMatchObject({ version: 1, measure: { of: 'ANSWERS', atLeast: 1, per: 'WEEK' } });
  const promised = { communityId, firstResponseSeconds: 14_400, newcomerFirstResponseSeconds: 7_200 };
  expect(await say(ann, 'declareResponsePromise', promised, 'community { promisePolicy { version } }')).toEqual({
    community: { promisePolicy: { version: 1 } },
    errors: [],
  });
  const role = { communityId, memberId: bobId, role: 'SPONSOR', reason: 'He pays for the trees.' };
  await say(ann, 'assignRole', role);
  expect(await ask(bob, 'name roles { role reason assignedBy { handle } }')).toMatchObject({
    name: 'Garden',
    roles: [
      { role: 'FACILITATOR' },
      { role: 'SPONSOR', reason: 'He pays for the trees.', assignedBy: { handle: 'ann' } },
    ],
  });

  expect(await activate()).toEqual({ community: { status: 'ACTIVE' }, errors: [] });
  expect((await ask(stranger, 'name')).name).toBe('Garden');
});

test('joining is the act of who joins, and who joins reads what is expected', async () => {
  const invited = await say(ann, 'inviteMember', { communityId, memberId: bobId }, 'member { handle }');
  expect(invited).toEqual({ member: { handle: 'bob' }, errors: [] });
  expect((await ask(ann, 'memberCount')).memberCount).toBe(1);
  const joined = await say(
    bob,
    'answerInvitation',
    { communityId, accept: true },
    'community { memberCount viewerMembership { status } }',
  );
  expect(joined.community).toEqual({ memberCount: 2, viewerMembership: { status: 'JOINED' } });

  const version = (await ask(bob, 'expectationsVersion')).expectationsVersion;
  const read = await say(bob, 'acknowledgeExpectations', { communityId, version }, 'community { acknowledgementRate }');
  expect(read).toEqual({ community: { acknowledgementRate: 0.5 }, errors: [] });
  await say(ann, 'acknowledgeExpectations', { communityId, version });
  expect(await ask(stranger, 'acknowledgementRate')).toEqual({ acknowledgementRate: 1 });

  const { community } = await say(
    ann,
    'stateExpectation',
    { communityId, behaviour: 'Weed it.' },
    'community { acknowledgementRate expectations { behaviour } }',
  );
  expect(community).toEqual({
    acknowledgementRate: 0,
    expectations: [{ behaviour: 'Water it.' }, { behaviour: 'Weed it.' }],
  });
  expect(codes(await say(bob, 'acknowledgeExpectations', { communityId, version }))).toEqual(['EXPECTATIONS_CHANGED']);
});

test('who asks to be let in waits for a facilitator, and nobody else sees the request', async () => {
  await say(ann, 'changeCommunityAccess', { communityId, visibility: 'PUBLIC', joinPolicy: 'ON_REQUEST' });
  expect(codes(await say(stranger, 'joinCommunity', { communityId }))).toEqual(['REQUEST_NEEDED']);
  const asked = await say(
    stranger,
    'requestMembership',
    { communityId, message: 'I can dig.' },
    'community { viewerMembership { status } }',
  );
  expect(asked.community).toEqual({ viewerMembership: { status: 'REQUESTED' } });
  const REQUESTS = 'membershipRequests { totalCount nodes { message member { id handle } } }';
  expect(await ask(bob, REQUESTS)).toEqual({ membershipRequests: null });
  const { membershipRequests } = await ask(ann, REQUESTS);
  expect(membershipRequests).toMatchObject({
    totalCount: 1,
    nodes: [{ message: 'I can dig.', member: { handle: 'stranger' } }],
  });
  const memberId = membershipRequests.nodes[0].member.id;
  expect(codes(await say(bob, 'answerMembershipRequest', { communityId, memberId, accept: true }))).toEqual([
    'NOT_ALLOWED',
  ]);
  const refusal = { communityId, memberId, accept: false, reason: 'Next spring.' };
  expect(codes(await say(ann, 'answerMembershipRequest', refusal))).toEqual([]);
  expect(await ask(stranger, 'viewerMembership { status }')).toEqual({ viewerMembership: { status: 'REFUSED' } });
  await say(stranger, 'requestMembership', { communityId });
  const admitted = await say(
    ann,
    'answerMembershipRequest',
    { communityId, memberId, accept: true },
    'community { memberCount }',
  );
  expect(admitted.community).toEqual({ memberCount: 3 });
});

test('two who edit at once do not overwrite each other', async () => {
  const { revision } = await ask(ann, 'revision');
  const charter = { communityId, inScope: 'Trees.', expectedRevision: revision };
  expect(codes(await say(ann, 'adoptCharter', { ...charter, purpose: 'To grow more.' }))).toEqual([]);
  expect(codes(await say(ann, 'adoptCharter', { ...charter, purpose: 'To grow less.' }))).toEqual([
    'REVISION_CONFLICT',
  ]);
});

test('the same key changes a thing once, and answers the same', async () => {
  const input = { communityId, behaviour: 'Prune it.', idempotencyKey: 'prune' };
  const once = await say(ann, 'stateExpectation', input, 'expectation { id version }');
  expect(await say(ann, 'stateExpectation', input, 'expectation { id version }')).toEqual(once);
});

const eventually = (what: () => Promise<void>) => vi.waitFor(what, { timeout: 20_000, interval: 50 });
const soon = () => new Date(Date.now() + 1_500).toISOString();

test('a role ends at its term by itself, and the last facilitator stays until somebody succeeds', async () => {
  const role = { communityId, memberId: bobId, reason: 'For now.' };
  const until = soon();
  await say(ann, 'assignRole', { ...role, role: 'CURATOR', until });
  await eventually(async () => {
    const { roles } = await ask(ann, 'roles(includeEnded: true) { role until endedAt ending }');
    expect(roles).toContainEqual({ role: 'CURATOR', until, endedAt: until, ending: 'TERM' });
  });

  await say(ann, 'assignRole', { ...role, role: 'FACILITATOR', until: soon() });
  const { data } = await ann.query('{ viewer { id } }');
  const annId = (data as { viewer: { id: string } }).viewer.id;
  const own = { communityId, memberId: annId, role: 'FACILITATOR' };
  expect(codes(await say(ann, 'endRole', own))).toEqual([]);
  expect(codes(await say(bob, 'endRole', { ...own, memberId: bobId }))).toEqual(['LAST_FACILITATOR']);
  await eventually(async () => {
    const { roles } = await ask(ann, 'roles { role overTerm member { handle } }');
    expect(roles).toContainEqual({ role: 'FACILITATOR', overTerm: true, member: { handle: 'bob' } });
  });
  const succession = { ...own, reason: 'She is back.' };
  const succeeded = await say(bob, 'assignRole', succession, 'community { roles { role member { handle } } }');
  const facilitators = succeeded.community.roles.filter((held: Payload) => held.role === 'FACILITATOR');
  expect(facilitators).toEqual([{ role: 'FACILITATOR', member: { handle: 'ann' } }]);
});

test('when the project is closed, the community is told', async () => {
  const deliveries = bob.subscribe(CommunityActivityDocument, { communityId });
  await deliveries.next();
  expect(codes(await say(bob, 'closeProject', { projectId }))).toEqual(['NOT_ALLOWED']);
  const closed = await say(ann, 'closeProject', { projectId }, 'project { status outcome closedAt }');
  expect(closed.project).toMatchObject({ status: 'CLOSED', outcome: 'COMPLETED' });
  const { value } = await deliveries.next();
  expect(value?.data.communityActivity?.activity).toEqual({ kind: 'ANCHOR_LOST', post: null, comment: null });
  await deliveries.return(undefined);
  await eventually(async () => {
    const told = await ask(ann, 'status anchored anchorLostAt project { status }');
    expect(told).toEqual({
      status: 'ACTIVE',
      anchored: false,
      anchorLostAt: expect.any(String),
      project: { status: 'CLOSED' },
    });
  });
  expect(codes(await say(ann, 'anchorCommunity', { communityId, projectId: projectId }))).toEqual(['PROJECT_CLOSED']);
});
