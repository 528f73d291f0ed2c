import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Asker, openService, type Service } from '../support/service.ts';

// What somebody is in a community ends with the membership; and whoever is told no, is told why.

let service: Service;
let ann: Asker;
let bob: Asker;
let carl: Asker;
const ids = new Map<Asker, string>();

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off' });
  [ann, bob, carl] = await Promise.all([service.as('ann'), service.as('bob'), service.as('carl')]);
  for (const who of [ann, bob, carl]) {
    const { data } = await who.query('{ viewer { id } }');
    ids.set(who, (data as { viewer: { id: string } }).viewer.id);
  }
});
afterAll(() => service.close());

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test asked for
type Payload = any;

/** One mutation, by its name: what its payload says. */
const say = async (who: Asker, name: string, input: object, answer = ''): Promise<Payload> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} errors { code } } }`;
  const { data, errors } = await who.query(query, { input });
  expect(errors).toBeUndefined();
  return (data as Record<string, Payload>)[name];
};

const done = async (who: Asker, name: string, input: object, answer = ''): Promise<Payload> => {
  const payload = await say(who, name, input, answer);
  expect(payload.errors).toEqual([]);
  return payload;
};

const codeOf = async (who: Asker, name: string, input: object) => (await say(who, name, input)).errors[0]?.code;

const look = async (who: Asker, id: string, fields: string): Promise<Payload> => {
  const { data } = await who.query(`query ($id: ID!) { community(id: $id) { ${fields} } }`, { id });
  return (data as { community: Payload }).community;
};

let n = 0;
const found = async () => {
  n += 1;
  const { community } = await done(
    ann,
    'foundCommunity',
    { name: `S ${n}`, slug: `standing-${n}` },
    'community { id }',
  );
  return community.id as string;
};

const rolesOf = async (communityId: string) => {
  const fields = 'roles(includeEnded: true) { role member { handle } endedAt ending endReason }';
  return (await look(ann, communityId, fields)).roles as Payload[];
};
const endingOf = (communityId: string, handle: string, role: string) =>
  expect.poll(
    async () =>
      (await rolesOf(communityId)).find((held) => held.member.handle === handle && held.role === role)?.ending,
    { timeout: 10_000 },
  );

/** What happens by itself about roles has happened: a role in a closed community has invited its holder. */
const isLevel = async () => {
  const communityId = await found();
  await done(ann, 'changeCommunityAccess', { communityId, visibility: 'PUBLIC', joinPolicy: 'BY_INVITATION' });
  await done(ann, 'assignRole', { communityId, memberId: ids.get(bob), role: 'OBSERVER', reason: 'Looks on.' });
  const invited = async () => (await look(bob, communityId, 'viewerMembership { status }')).viewerMembership?.status;
  await expect.poll(invited, { timeout: 10_000 }).toBe('INVITED');
};

describe('a role', () => {
  const facilitates = async (communityId: string, who: Asker) => {
    await done(who, 'joinCommunity', { communityId });
    await done(ann, 'assignRole', { communityId, memberId: ids.get(who), role: 'FACILITATOR', reason: 'Knows it.' });
  };

  test('ends with the membership: who left a private community reads and steers nothing, and does not come back', async () => {
    const communityId = await found();
    await facilitates(communityId, bob);
    await done(ann, 'changeCommunityAccess', { communityId, visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' });
    await done(bob, 'describeCommunity', { communityId, description: 'Mine.' });
    await done(bob, 'leaveCommunity', { communityId });
    // What a mutation has done is seen by the very next query.
    expect(await look(bob, communityId, 'id')).toBeNull();
    await endingOf(communityId, 'bob', 'FACILITATOR').toBe('LEFT');
    expect(await codeOf(bob, 'describeCommunity', { communityId, description: 'Still mine.' })).toBe(
      'COMMUNITY_NOT_FOUND',
    );
    expect(await codeOf(bob, 'joinCommunity', { communityId })).toBe('COMMUNITY_NOT_FOUND');
  });

  test('of somebody who is no member ends when the community is turned private, and of who is invited does not', async () => {
    const communityId = await found();
    await done(bob, 'joinCommunity', { communityId });
    for (const [who, role] of [
      [bob, 'EXPERT'],
      [carl, 'OBSERVER'],
    ] as const)
      await done(ann, 'assignRole', { communityId, memberId: ids.get(who), role, reason: 'Looks on.' });
    await isLevel();
    await done(ann, 'changeCommunityAccess', { communityId, visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' });
    await endingOf(communityId, 'carl', 'OBSERVER').toBe('LEFT');
    expect(await look(carl, communityId, 'id')).toBeNull();
    expect((await rolesOf(communityId)).find(({ role }) => role === 'EXPERT').ending).toBeNull();

    await done(ann, 'assignRole', { communityId, memberId: ids.get(carl), role: 'OBSERVER', reason: 'Again.' });
    // A role makes nobody a member: it invites.
    await expect
      .poll(async () => (await look(carl, communityId, 'viewerMembership { status }'))?.viewerMembership?.status, {
        timeout: 10_000,
      })
      .toBe('INVITED');
    expect((await rolesOf(communityId)).at(-1)).toMatchObject({ role: 'OBSERVER', endedAt: null });
    await done(carl, 'answerInvitation', { communityId, accept: false });
    expect(await look(carl, communityId, 'id')).toBeNull();
    await expect.poll(async () => (await rolesOf(communityId)).at(-1)?.ending, { timeout: 10_000 }).toBe('LEFT');
  });

  test('says why it was ended', async () => {
    const communityId = await found();
    await done(ann, 'assignRole', { communityId, memberId: ids.get(bob), role: 'EXPERT', reason: 'Knows it.' });
    await done(ann, 'endRole', { communityId, memberId: ids.get(bob), role: 'EXPERT', reason: 'The season is over.' });
    expect((await rolesOf(communityId)).at(-1)).toMatchObject({ ending: 'ENDED', endReason: 'The season is over.' });
  });

  test('of a mentor is what a member volunteers for, and nobody assigns', async () => {
    const communityId = await found();
    await done(bob, 'joinCommunity', { communityId });
    const mentor = { communityId, memberId: ids.get(bob), role: 'MENTOR' };
    expect(await codeOf(ann, 'assignRole', { ...mentor, reason: 'Kind.' })).toBe('MENTORS_VOLUNTEER');
    await done(bob, 'volunteerAsMentor', { communityId, load: 2 });
    const held = async () => (await rolesOf(communityId)).filter(({ role }) => role === 'MENTOR');
    await expect.poll(held, { timeout: 10_000 }).toMatchObject([{ member: { handle: 'bob' }, endedAt: null }]);
    await done(ann, 'endRole', mentor);
    const mentors = async () => (await look(ann, communityId, 'mentors { load }')).mentors;
    await expect.poll(mentors, { timeout: 10_000 }).toEqual([]);
    await done(bob, 'volunteerAsMentor', { communityId, load: 1 });
    await expect.poll(async () => (await held()).length, { timeout: 10_000 }).toBe(2);
    await done(bob, 'volunteerAsMentor', { communityId, load: 0 });
    await endingOf(communityId, 'bob', 'MENTOR').not.toBeNull();
    await expect.poll(async () => (await held()).every(({ endedAt }) => endedAt), { timeout: 10_000 }).toBe(true);
  });
});

describe('a reason', () => {
  const OWN = 'viewerMembership { status reason }';

  test('for a refusal is told to who asked to be let in', async () => {
    const communityId = await found();
    await done(ann, 'changeCommunityAccess', { communityId, visibility: 'PUBLIC', joinPolicy: 'ON_REQUEST' });
    await done(bob, 'requestMembership', { communityId });
    expect((await look(bob, communityId, OWN)).viewerMembership).toEqual({ status: 'REQUESTED', reason: null });
    const answer = { communityId, memberId: ids.get(bob), accept: false, reason: 'Two of your team are here already.' };
    await done(ann, 'answerMembershipRequest', answer);
    expect((await look(bob, communityId, OWN)).viewerMembership).toEqual({ status: 'REFUSED', reason: answer.reason });
    expect((await look(carl, communityId, OWN)).viewerMembership).toBeNull();
    await done(bob, 'requestMembership', { communityId });
    expect((await look(bob, communityId, OWN)).viewerMembership.status).toBe('REQUESTED');
  });

  test('for a declined invitation is told to who sent it and to facilitators, and to nobody else', async () => {
    const communityId = await found();
    await done(bob, 'joinCommunity', { communityId });
    await done(bob, 'inviteMember', { communityId, memberId: ids.get(carl) });
    const SENT = 'invitations { totalCount nodes { member { handle } invitedBy { handle } isDeclined reason } }';
    const sent = async (who: Asker) => (await look(who, communityId, SENT)).invitations.nodes;
    expect(await sent(bob)).toEqual([
      { member: { handle: 'carl' }, invitedBy: { handle: 'bob' }, isDeclined: false, reason: null },
    ]);
    await done(carl, 'answerInvitation', { communityId, accept: false, reason: 'No time before spring.' });
    for (const who of [ann, bob])
      expect(await sent(who)).toMatchObject([{ isDeclined: true, reason: 'No time before spring.' }]);
    expect(await sent(carl)).toEqual([]);
    expect((await look(carl, communityId, OWN)).viewerMembership).toMatchObject({ status: 'DECLINED' });
  });

  test('for a reopening stands with what was reopened: a question, a community, a project', async () => {
    const communityId = await found();
    const question = { communityId, kind: 'QUESTION', title: 'Which spade?', body: 'Heavy soil.' };
    const { post } = await done(ann, 'publishPost', question, 'post { id reopening { reason } }');
    expect(post.reopening).toBeNull();
    const answer = { postId: post.id, kind: 'ANSWER', body: 'A fork.' };
    const { comment } = await done(ann, 'publishComment', answer, 'comment { id }');
    await done(ann, 'acceptAnswer', { postId: post.id, commentId: comment.id });
    const reopened = await done(
      ann,
      'reopenQuestion',
      { postId: post.id, reason: 'It broke.' },
      'post { reopening { reason } }',
    );
    expect(reopened.post.reopening).toEqual({ reason: 'It broke.' });

    const { project } = await done(ann, 'registerProject', { name: 'Orchard' }, 'project { id }');
    await done(ann, 'anchorCommunity', { communityId, projectId: project.id });
    await done(ann, 'closeProject', { projectId: project.id });
    const anchor = async () => (await look(ann, communityId, 'anchorLostAt')).anchorLostAt;
    await expect.poll(anchor, { timeout: 10_000 }).not.toBeNull();
    const again = await done(
      ann,
      'reopenProject',
      { projectId: project.id, reason: 'The money is back.' },
      'project { status outcome reopening { reason } }',
    );
    expect(again.project).toEqual({ status: 'ACTIVE', outcome: null, reopening: { reason: 'The money is back.' } });
    // Who has found no other project since stands on it again.
    await expect.poll(anchor, { timeout: 10_000 }).toBeNull();

    await done(ann, 'archiveCommunity', { communityId });
    const back = await done(
      ann,
      'reopenCommunity',
      { communityId, reason: 'We go on.' },
      'community { status isArchived reopening { reason } }',
    );
    expect(back.community).toEqual({ status: 'ACTIVE', isArchived: false, reopening: { reason: 'We go on.' } });
  });
});

test('a welcome is for a first contribution alone', async () => {
  const communityId = await found();
  await done(bob, 'joinCommunity', { communityId });
  const talk = { communityId, kind: 'DISCUSSION', title: 'Hello', body: 'I am new.' };
  const first = (await done(bob, 'publishPost', talk, 'post { id }')).post.id;
  const second = (await done(bob, 'publishPost', talk, 'post { id }')).post.id;
  expect(await codeOf(ann, 'welcomeNewcomer', { postId: second })).toBe('NOT_A_FIRST_CONTRIBUTION');
  await done(ann, 'welcomeNewcomer', { postId: first });
});

describe('early access', () => {
  const soon = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
  const audience = () => ({ memberIds: [ids.get(bob)] });
  const seen = async (who: Asker, id: string): Promise<Payload> => {
    const fields = 'title earlyAccess { opensAt openedAt audience { members { handle } } }';
    return (
      (await who.query(`query ($id: ID!) { node(id: $id) { ... on Post { ${fields} } } }`, { id })).data as Payload
    ).node;
  };

  test('opens at the moment to which it was moved, and not before', async () => {
    const communityId = await found();
    for (const who of [bob, carl]) await done(who, 'joinCommunity', { communityId });
    const early = { communityId, kind: 'ANNOUNCEMENT', title: 'News', body: 'Of glass.' };
    const { post } = await done(
      ann,
      'publishPost',
      { ...early, earlyAccess: { opensAt: soon(3_600), audience: audience() } },
      'post { id }',
    );
    expect(await codeOf(bob, 'moveEarlyAccess', { postId: post.id, opensAt: soon(10) })).toBe('NOT_ALLOWED');
    expect(await codeOf(ann, 'moveEarlyAccess', { postId: post.id, opensAt: soon(-1) })).toBe('OPENING_IN_THE_PAST');
    expect(await seen(carl, post.id)).toBeNull();
    const opensAt = soon(0.5);
    const moved = await done(ann, 'moveEarlyAccess', { postId: post.id, opensAt }, 'post { earlyAccess { opensAt } }');
    expect(moved.post.earlyAccess.opensAt).toBe(opensAt);
    await expect.poll(async () => (await seen(carl, post.id))?.title, { timeout: 10_000 }).toBe('News');
    expect((await seen(carl, post.id)).earlyAccess).toEqual({ opensAt, openedAt: opensAt, audience: null });
    // The author goes on seeing who had it.
    expect((await seen(ann, post.id)).earlyAccess.audience).toEqual({ members: [{ handle: 'bob' }] });
    expect(await codeOf(ann, 'moveEarlyAccess', { postId: post.id, opensAt: soon(10) })).toBe('OPENED_ALREADY');
  });

  test('comes with a draft that was scheduled with it', async () => {
    const communityId = await found();
    for (const who of [bob, carl]) await done(who, 'joinCommunity', { communityId });
    const text = { communityId, kind: 'ANNOUNCEMENT', title: 'Later', body: 'Of glass.' };
    const { draft } = await done(ann, 'saveDraft', text, 'draft { id }');
    const opensAt = soon(3_600);
    const scheduled = { draftId: draft.id, at: soon(0.5), earlyAccess: { opensAt, audience: audience() } };
    const wrong = { ...scheduled, at: soon(7_200) };
    expect(await codeOf(ann, 'schedulePost', wrong)).toBe('OPENING_IN_THE_PAST');
    const answer = 'draft { scheduledEarlyAccess { opensAt audience { members { handle } } } }';
    expect((await done(ann, 'schedulePost', scheduled, answer)).draft).toEqual({
      scheduledEarlyAccess: { opensAt, audience: { members: [{ handle: 'bob' }] } },
    });
    const post = async (who: Asker): Promise<Payload> => {
      const query = 'query ($id: ID!) { community(id: $id) { feed { nodes { id title } } } }';
      return ((await who.query(query, { id: communityId })).data as Payload).community.feed.nodes[0];
    };
    await expect.poll(async () => (await post(bob))?.title, { timeout: 10_000 }).toBe('Later');
    expect(await post(carl)).toBeUndefined();
    expect((await seen(bob, (await post(bob)).id)).earlyAccess).toMatchObject({ opensAt, openedAt: null });
  });
});
