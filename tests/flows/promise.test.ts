import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  AcceptAnswerDocument,
  AgreeToRenegotiationDocument,
  AskDocument,
  DeclareResponsePromiseDocument,
  DeclineRenegotiationDocument,
  DefineWorkingCalendarDocument,
  FoundCommunityDocument,
  JoinCommunityDocument,
  MarkDuplicateDocument,
  PromiseOfDocument,
  PromisesInDocument,
  PromiseTransitionsDocument,
  type PromiseTransitionsSubscription,
  PublishCommentDocument,
  RenegotiatePromiseDocument,
  ReopenCommunityDocument,
  RetractCommentDocument,
  RetractPostDocument,
  UnmarkDuplicateDocument,
} from '../support/operations/typed/graphql.ts';
import { type Answer, type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;
let bob: Asker;

beforeAll(async () => {
  service = await openService();
  [ann, bob] = await Promise.all([service.as('ann'), service.as('bob')]);
});
afterAll(() => service.close());

type Promised = { first: number; resolution?: number; newcomer?: number; warnPercent?: number };

/** Ann's community, which Bob has joined; it keeps this promise. */
const found = async (slug: string, { first, resolution, newcomer, warnPercent }: Promised) => {
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: slug, slug } });
  const communityId = data.foundCommunity?.community?.id ?? expect.fail('not founded');
  await bob.ask(JoinCommunityDocument, { input: { communityId } });
  const declared = await ann.ask(DeclareResponsePromiseDocument, {
    input: {
      communityId,
      firstResponseSeconds: first,
      resolutionSeconds: resolution ?? null,
      newcomerFirstResponseSeconds: newcomer ?? null,
      warnPercent: warnPercent ?? null,
    },
  });
  expect(declared.data.declareResponsePromise?.errors).toEqual([]);
  return communityId;
};

const ask = async (communityId: string, asker = ann) => {
  const { data } = await asker.ask(AskDocument, {
    input: { communityId, kind: 'QUESTION', title: 'Which spade?', body: 'The soil is heavy.' },
  });
  return data.publishPost?.post ?? expect.fail('not asked');
};

const answer = async (postId: string, who = bob) => {
  const { data } = await who.ask(PublishCommentDocument, { input: { postId, kind: 'ANSWER', body: 'A garden fork.' } });
  return data.publishComment?.comment?.id ?? expect.fail('not answered');
};

const promiseOf = async (id: string) => {
  const { data } = await bob.ask(PromiseOfDocument, { id });
  if (data.node && 'promise' in data.node) return data.node;
  return expect.fail('not found');
};

type Delivery = Answer<PromiseTransitionsSubscription>;

/** The next transitions of a question, as a subscriber is told of them. */
const told = async (deliveries: AsyncGenerator<Delivery>, count: number) => {
  const seen: string[] = [];
  while (seen.length < count) {
    const { value } = await deliveries.next();
    const transition = (value as Delivery).data.promiseTransitions?.transition;
    if (transition) seen.push(`${transition.target} ${transition.status}`);
  }
  return seen;
};

/** A subscription that has begun. */
const following = async (communityId: string, after?: string) => {
  const deliveries = bob.subscribe(PromiseTransitionsDocument, { communityId, after: after ?? null });
  await deliveries.next();
  return deliveries;
};

test('a question is at risk, answered by another, accepted, and every step is told', async () => {
  const communityId = await found('kept', { first: 3_600, resolution: 7_200, warnPercent: 99 });
  // A hundredth of an hour is half a minute: another promise makes it come at once.
  await ann.ask(DeclareResponsePromiseDocument, {
    input: { communityId, firstResponseSeconds: 60, resolutionSeconds: 7_200, warnPercent: 99 },
  });
  const deliveries = await following(communityId);
  const asked = await ask(communityId);
  expect(asked.promise).toMatchObject({
    status: 'PENDING',
    policyVersion: 2,
    calendarVersion: null,
    firstResponse: { status: 'PENDING', fulfilledAt: null },
    resolution: { status: 'PENDING' },
    transitions: [],
  });
  const { firstResponse } = asked.promise ?? expect.fail('no promise');
  expect(Date.parse(firstResponse.dueAt) - Date.parse(asked.publishedAt)).toBe(60_000);
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE IMMINENT_BREACH']);
  expect((await promiseOf(asked.id)).promise?.status).toBe('IMMINENT_BREACH');

  await answer(asked.id, ann);
  expect((await promiseOf(asked.id)).promise?.firstResponse.fulfilledAt).toBeNull();
  const commentId = await answer(asked.id);
  // What a mutation has done is seen by the very next query.
  const kept = (await promiseOf(asked.id)).promise;
  expect(kept).toMatchObject({ status: 'ACHIEVED', resolution: { status: 'PENDING' } });
  // The transition is read with the status that it explains, though it may be told a moment later.
  expect(kept?.transitions.at(-1)).toMatchObject({ target: 'FIRST_RESPONSE', status: 'ACHIEVED' });
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE ACHIEVED']);

  await ann.ask(AcceptAnswerDocument, { input: { postId: asked.id, commentId } });
  expect((await promiseOf(asked.id)).promise?.resolution?.status).toBe('ACHIEVED');
  expect(await told(deliveries, 1)).toEqual(['RESOLUTION ACHIEVED']);
  expect((await promiseOf(asked.id)).promise?.transitions.map(({ status }) => status)).toEqual([
    'IMMINENT_BREACH',
    'ACHIEVED',
    'ACHIEVED',
  ]);
});

test('a promise that nobody keeps is overdue, and a late answer does not undo it', async () => {
  const communityId = await found('broken', { first: 1 });
  const deliveries = await following(communityId);
  const { id, promise } = await ask(communityId);
  expect(await told(deliveries, 2)).toEqual(['FIRST_RESPONSE IMMINENT_BREACH', 'FIRST_RESPONSE BREACHING']);
  const overdue = await bob.ask(PromisesInDocument, { communityId, status: 'BREACHING' });
  expect(overdue.data).toMatchObject({
    node: { promises: { totalCount: 1, nodes: [{ status: 'BREACHING', post: { id } }] } },
    overdueQuestions: { totalCount: 1, nodes: [{ id }] },
  });
  await answer(id);
  expect((await promiseOf(id)).promise).toMatchObject({ status: 'BREACHED' });
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE BREACHED']);
  const { transitions } = (await promiseOf(id)).promise ?? expect.fail('no promise');
  expect(transitions.find(({ status }) => status === 'BREACHING')?.at).toBe(promise?.firstResponse.dueAt);
  const settled = await bob.ask(PromisesInDocument, { communityId, status: null });
  expect(settled.data).toMatchObject({
    node: { promises: { totalCount: 1, nodes: [{ status: 'BREACHED' }] } },
    overdueQuestions: { totalCount: 0, nodes: [] },
  });
});

test('a promise stays kept when the answer is taken back, says so, and the answer is accepted no longer', async () => {
  const communityId = await found('withdrawn', { first: 600, resolution: 1_200 });
  const deliveries = await following(communityId);
  const { id: postId } = await ask(communityId);
  const commentId = await answer(postId);
  await ann.ask(AcceptAnswerDocument, { input: { postId, commentId } });
  expect(await told(deliveries, 2)).toEqual(['FIRST_RESPONSE ACHIEVED', 'RESOLUTION ACHIEVED']);
  await bob.ask(RetractCommentDocument, { input: { commentId } });
  await expect.poll(async () => (await promiseOf(postId)).acceptedAnswer, { timeout: 10_000 }).toBeNull();
  expect(await promiseOf(postId)).toMatchObject({
    isResolved: false,
    promise: {
      status: 'ACHIEVED',
      firstResponse: { status: 'ACHIEVED', fulfilmentWithdrawnAt: expect.any(String) },
      resolution: { status: 'ACHIEVED', fulfilmentWithdrawnAt: expect.any(String) },
    },
  });
});

test('a question that is taken back in time is owed nothing', async () => {
  const communityId = await found('cancelled', { first: 600 });
  const deliveries = await following(communityId);
  const { id: postId } = await ask(communityId);
  await ann.ask(RetractPostDocument, { input: { postId } });
  expect((await promiseOf(postId)).promise?.status).toBe('CANCELLED');
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE CANCELLED']);
});

test('archiving a community ends its open promises, tells of it, and empties the list of what is overdue', async () => {
  const communityId = await found('archived', { first: 1, resolution: 600 });
  const deliveries = await following(communityId);
  const { id: overdue } = await ask(communityId);
  expect(await told(deliveries, 2)).toEqual(['FIRST_RESPONSE IMMINENT_BREACH', 'FIRST_RESPONSE BREACHING']);
  const { id: answered } = await ask(communityId);
  await answer(answered);
  const archived = await ann.query(
    'mutation ($input: ArchiveCommunityInput!) { archiveCommunity(input: $input) { errors { code } } }',
    { input: { communityId } },
  );
  expect(archived).toMatchObject({ data: { archiveCommunity: { errors: [] } } });
  // What a mutation has done is seen by the very next query.
  const list = await bob.ask(PromisesInDocument, { communityId, status: 'BREACHING' });
  expect(list.data).toMatchObject({ node: { promises: { totalCount: 0 } }, overdueQuestions: { totalCount: 0 } });
  expect((await told(deliveries, 4)).sort()).toEqual([
    'FIRST_RESPONSE ACHIEVED',
    'FIRST_RESPONSE BREACHED',
    'RESOLUTION CANCELLED',
    'RESOLUTION CANCELLED',
  ]);

  const reopened = await ann.ask(ReopenCommunityDocument, { input: { communityId, reason: 'We go on.' } });
  expect(reopened.data.reopenCommunity).toMatchObject({
    errors: [],
    community: { status: 'ACTIVE', slug: 'archived' },
  });
  await answer(overdue);
  expect((await promiseOf(overdue)).promise).toMatchObject({
    firstResponse: { status: 'BREACHED' },
    resolution: { status: 'CANCELLED', ending: 'ARCHIVED' },
  });
  expect((await promiseOf(answered)).promise?.firstResponse).toMatchObject({ status: 'ACHIEVED', ending: null });
});

test('a question whose asker found the answer is resolved, and nobody owes it a response', async () => {
  const communityId = await found('alone', { first: 600, resolution: 1_200 });
  const deliveries = await following(communityId);
  const { id: postId } = await ask(communityId);
  const commentId = await answer(postId, ann);
  await ann.ask(AcceptAnswerDocument, { input: { postId, commentId } });
  expect((await promiseOf(postId)).promise).toMatchObject({
    firstResponse: { status: 'CANCELLED', ending: 'RESOLVED' },
    resolution: { status: 'ACHIEVED' },
  });
  expect((await told(deliveries, 2)).sort()).toEqual(['FIRST_RESPONSE CANCELLED', 'RESOLUTION ACHIEVED']);
  await answer(postId);
  expect((await promiseOf(postId)).promise?.status).toBe('CANCELLED');
});

test('a duplicate is owed nothing once the question that it repeats is answered, and again when the mark is taken back', async () => {
  const communityId = await found('duplicates', { first: 600 });
  const deliveries = await following(communityId);
  const { id: ofPostId } = await ask(communityId);
  const { id: postId } = await ask(communityId);
  await ann.ask(MarkDuplicateDocument, { input: { postId, ofPostId } });
  const commentId = await answer(ofPostId);
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE ACHIEVED']);
  expect((await promiseOf(postId)).promise?.status).toBe('PENDING');
  await ann.ask(AcceptAnswerDocument, { input: { postId: ofPostId, commentId } });
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE CANCELLED']);
  expect((await promiseOf(postId)).promise?.firstResponse).toMatchObject({ status: 'CANCELLED', ending: 'DUPLICATE' });

  const { id: later } = await ask(communityId);
  await ann.ask(MarkDuplicateDocument, { input: { postId: later, ofPostId } });
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE CANCELLED']);
  const unmarked = await ann.ask(UnmarkDuplicateDocument, { input: { postId: later } });
  expect(unmarked.data.unmarkDuplicate).toMatchObject({ errors: [], post: { duplicateOf: null } });
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE PENDING']);
  expect((await promiseOf(later)).promise?.firstResponse).toMatchObject({ status: 'PENDING', ending: null });
});

test('who asked agrees to the proposal that they have read, and declines with a reason', async () => {
  const communityId = await found('proposals', { first: 600 });
  const { id: postId, promise } = await ask(communityId);
  const bobs = await bob.query('{ viewer { id } }');
  await ann.query('mutation ($input: AssignRoleInput!) { assignRole(input: $input) { errors { code } } }', {
    input: {
      communityId,
      memberId: (bobs.data as { viewer: { id: string } }).viewer.id,
      role: 'EXPERT',
      reason: 'Knows.',
    },
  });
  const later = (minutes: number) =>
    new Date(Date.parse(promise?.firstResponse.dueAt ?? '') + minutes * 60_000).toISOString();
  const propose = async (minutes: number) => {
    const { data } = await bob.ask(RenegotiatePromiseDocument, {
      input: { postId, dueAt: later(minutes), reason: `${minutes} minutes` },
    });
    return data.renegotiatePromise?.post?.promise?.renegotiation?.id ?? expect.fail('not proposed');
  };
  const first = await propose(10);
  const second = await propose(20);
  const refusal = async (input: { postId?: string; proposalId?: string }) =>
    (await ann.ask(AgreeToRenegotiationDocument, { input })).data.agreeToRenegotiation?.errors.map(({ code }) => code);
  expect(await refusal({ postId })).toEqual(['PROPOSAL_AMBIGUOUS']);
  expect(await refusal({ proposalId: first })).toEqual(['NO_PROPOSAL']);
  expect(await refusal({ proposalId: 'nonsense' })).toEqual(['NO_PROPOSAL']);
  const declined = await ann.ask(DeclineRenegotiationDocument, { input: { proposalId: second, reason: 'Too late.' } });
  expect(declined.data.declineRenegotiation).toMatchObject({
    errors: [],
    post: {
      promise: {
        firstResponse: { dueAt: promise?.firstResponse.dueAt },
        renegotiations: [
          { id: first, status: 'WITHDRAWN', declineReason: null },
          { id: second, status: 'DECLINED', reason: '20 minutes', declineReason: 'Too late.' },
        ],
      },
    },
  });
  const third = await propose(30);
  expect(await refusal({ proposalId: third })).toEqual([]);
  expect((await promiseOf(postId)).promise).toMatchObject({
    firstResponse: { dueAt: later(30) },
    renegotiation: { id: third, agreedAt: expect.any(String) },
  });
  const fourth = await propose(40);
  await answer(postId);
  expect((await promiseOf(postId)).promise?.renegotiations.at(-1)).toMatchObject({ id: fourth, status: 'LAPSED' });
});

test('more time is given by who asked alone, and the first due time stays on record', async () => {
  const communityId = await found('renegotiated', { first: 600 });
  const { data: helper } = await bob.query('{ viewer { id } }');
  const assigned = await ann.query(
    'mutation ($input: AssignRoleInput!) { assignRole(input: $input) { errors { code } } }',
    {
      input: {
        communityId,
        memberId: (helper as { viewer: { id: string } }).viewer.id,
        role: 'EXPERT',
        reason: 'She knows the garden.',
      },
    },
  );
  expect(assigned).toMatchObject({ data: { assignRole: { errors: [] } } });
  const deliveries = await following(communityId);
  const { id: postId, promise } = await ask(communityId);
  const original = promise?.firstResponse.dueAt ?? '';
  const dueAt = new Date(Date.parse(original) + 3_600_000).toISOString();
  const proposed = await bob.ask(RenegotiatePromiseDocument, {
    input: { postId, dueAt, reason: 'The gardener is away until noon.' },
  });
  expect(proposed.data.renegotiatePromise).toMatchObject({
    errors: [],
    post: {
      promise: {
        firstResponse: { dueAt: original },
        renegotiation: { dueAt, reason: 'The gardener is away until noon.', agreedAt: null },
      },
    },
  });
  const refused = await bob.ask(AgreeToRenegotiationDocument, { input: { postId } });
  expect(refused.data.agreeToRenegotiation?.errors).toEqual([{ code: 'NOT_ALLOWED' }]);
  const agreed = await ann.ask(AgreeToRenegotiationDocument, { input: { postId } });
  expect(agreed.data.agreeToRenegotiation?.post?.promise).toMatchObject({
    status: 'PENDING',
    firstResponse: { dueAt, originalDueAt: original },
    renegotiation: { agreedAt: expect.any(String) },
  });
  expect(await told(deliveries, 1)).toEqual(['FIRST_RESPONSE PENDING']);
});

test('a first contribution is promised a sooner answer, the next one is not', async () => {
  const communityId = await found('newcomers', { first: 7_200, newcomer: 600 });
  const first = await ask(communityId, bob);
  expect(first.promise?.isTighter).toBe(true);
  expect(Date.parse(first.promise?.firstResponse.dueAt ?? '') - Date.parse(first.publishedAt)).toBe(600_000);
  expect((await ask(communityId, bob)).promise?.isTighter).toBe(false);
});

test('a promise counts in the hours in which the community works', async () => {
  const communityId = await found('hours', { first: 3_600 });
  const weeklyHours = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '03:00', to: '03:30' }));
  const defined = await ann.ask(DefineWorkingCalendarDocument, {
    input: { communityId, timeZone: 'Asia/Kathmandu', weeklyHours, holidays: ['2020-01-01'] },
  });
  expect(defined.data.defineWorkingCalendar).toMatchObject({
    errors: [],
    community: { workingCalendar: { version: 1 } },
  });
  const { promise } = await ask(communityId);
  // Two half hours: 03:30 in Kathmandu is 21:45 in Greenwich, whenever this runs, unless it runs in one of them.
  expect(promise?.calendarVersion).toBe(1);
  expect(promise?.firstResponse.dueAt).toMatch(/T21:(1[5-9]|[23]\d|4[0-5])/);
  const refused = await ann.ask(DefineWorkingCalendarDocument, {
    input: { communityId, timeZone: 'Asia/Kathmandu', weeklyHours: [] },
  });
  expect(refused.data.defineWorkingCalendar?.errors).toMatchObject([{ code: 'CALENDAR_WITHOUT_HOURS' }]);
});

describe('a subscription that goes on from a cursor', () => {
  test('is told the transitions that it has missed, once', async () => {
    const communityId = await found('resumed', { first: 600 });
    const asked = await bob.ask(AskDocument, {
      input: { communityId, kind: 'QUESTION', title: 'And which rake?', body: 'For leaves.' },
    });
    const { id: postId } = asked.data.publishPost?.post ?? expect.fail('not asked');
    const seen = await following(communityId);
    await answer(postId, ann);
    expect(await told(seen, 1)).toEqual(['FIRST_RESPONSE ACHIEVED']);
    const again = bob.subscribe(PromiseTransitionsDocument, {
      communityId,
      after: asked.data.publishPost?.position ?? null,
    });
    expect(await told(again, 1)).toEqual(['FIRST_RESPONSE ACHIEVED']);
  });
});
