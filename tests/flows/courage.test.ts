import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readGlobalId } from '../../schema/global-id.ts';
import { encodeCursor } from '../../src/core/position.ts';
import {
  AcceptAnswerDocument,
  AcceptReviewDocument,
  CommunityActivityDocument,
  DeclareResponsePromiseDocument,
  DeclineReviewDocument,
  DiscardDraftDocument,
  DraftOfDocument,
  FoundCommunityDocument,
  GiveFeedbackDocument,
  JoinCommunityDocument,
  LeaveCommunityDocument,
  MentoringDocument,
  OwnDraftsDocument,
  OwnReviewsDocument,
  PromiseTransitionsDocument,
  PublishCommentDocument,
  PublishDraftDocument,
  RequestReviewDocument,
  SaveDraftDocument,
  SchedulePostDocument,
  SetMentoringTopicsDocument,
  VolunteerAsMentorDocument,
  WelcomeNewcomerDocument,
} from '../support/operations/typed/graphql.ts';
import { type Answer, type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
/** Ann facilitates, Mia and Max are mentors, Bob is new; Root sees all that anybody may see. */
let [ann, mia, max, bob, root]: Asker[] = [];

const people = () => ({
  ann: ann ?? expect.fail(),
  mia: mia ?? expect.fail(),
  max: max ?? expect.fail(),
  bob: bob ?? expect.fail(),
  root: root ?? expect.fail(),
});

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off' });
  [ann, mia, max, bob] = await Promise.all(['ann', 'mia', 'max', 'bob'].map((name) => service.as(name)));
  root = await service.as('root', ['admin', 'analyst', 'member']);
  await root.query('{ viewer { id } }');
});
afterAll(() => service.close());

const SECRET = 'planted-secret';

/** Ann's community, which all of them have joined. */
const found = async (slug: string) => {
  const { ann, mia, max, bob } = people();
  const founded = await ann.ask(FoundCommunityDocument, { input: { name: slug, slug } });
  const communityId = founded.data?.foundCommunity?.community?.id ?? expect.fail(JSON.stringify(founded));
  for (const who of [mia, max, bob]) await who.ask(JoinCommunityDocument, { input: { communityId } });
  return communityId;
};

const begin = async (communityId: string, who = people().bob, text = { title: 'Which spade?', body: SECRET }) => {
  const { data } = await who.ask(SaveDraftDocument, { input: { communityId, kind: 'QUESTION', ...text } });
  expect(data.saveDraft?.errors).toEqual([]);
  return data.saveDraft?.draft?.id ?? expect.fail('not saved');
};

const volunteer = async (who: Asker, communityId: string, load: number, topics: string[] = []) => {
  const { data } = await who.ask(VolunteerAsMentorDocument, { input: { communityId, load, topics } });
  expect(data.volunteerAsMentor?.errors).toEqual([]);
};

const request = async (draftId: string, topic: string | null = null, who = people().bob) => {
  const { data } = await who.ask(RequestReviewDocument, { input: { draftId, topic } });
  expect(data.requestReview?.errors).toEqual([]);
  return data.requestReview?.review ?? expect.fail('not asked');
};

const accept = async (who: Asker, reviewId: string) => {
  const { data } = await who.ask(AcceptReviewDocument, { input: { reviewId } });
  return data.acceptReview ?? expect.fail('no answer');
};

const draftOf = async (id: string, who = people().bob) => {
  const { data } = await who.ask(DraftOfDocument, { id });
  return data.node && 'isErased' in data.node ? data.node : null;
};

const mentoring = async (communityId: string, who = people().ann) => {
  const { data } = await who.ask(MentoringDocument, { communityId });
  return data.node && 'mentors' in data.node ? data.node : expect.fail('not found');
};

/** What a subscription tells, one word for each thing. */
const told = async <R>(deliveries: AsyncGenerator<Answer<R>>, read: (data: R) => string | null, count: number) => {
  const seen: string[] = [];
  while (seen.length < count) {
    const { value } = await deliveries.next();
    const word = read((value as Answer<R>).data);
    if (word) seen.push(word);
  }
  return seen;
};

const KEYS = [
  'response.repliedRate',
  'response.acceptedRate',
  'response.firstTime',
  'promise.keptRate',
  'courage.funnel',
];

/** The figures of a community, up to now and since the month in which the test began. */
const figuresOf = async (communityId: string, who = people().ann) => {
  const window = { from: new Date(Date.now() - 40 * 86_400_000), to: new Date(Date.now() + 1_000) };
  const { data }: Answer<{ node: { statistics: readonly Figure[] } }> = await who.query(
    `query ($communityId: ID!, $keys: [String!]!, $from: DateTime!, $to: DateTime!) {
      node(id: $communityId) { ... on Community {
        statistics(keys: $keys, from: $from, to: $to) { key value numerator denominator suppressed cells { key value } }
      } }
    }`,
    { communityId, keys: KEYS, ...window },
  );
  const found = new Map(data.node.statistics.map((figure) => [figure.key, figure]));
  const ratio = (key: string) => [found.get(key)?.numerator, found.get(key)?.denominator];
  const cells = (key: string) => Object.fromEntries(found.get(key)?.cells.map(({ key, value }) => [key, value]) ?? []);
  return { ratio, cells };
};
type Figure = {
  readonly key: string;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly cells: readonly { readonly key: string; readonly value: number | null }[];
};

test('a newcomer drafts, a mentor reviews, the question is asked, at risk, answered by another and accepted', async () => {
  const { ann, mia, bob } = people();
  const communityId = await found('walk');
  await ann.ask(DeclareResponsePromiseDocument, {
    input: { communityId, firstResponseSeconds: 7_200, newcomerFirstResponseSeconds: 100, warnPercent: 99 },
  });
  const activity = ann.subscribe(CommunityActivityDocument, { communityId, after: null });
  const transitions = ann.subscribe(PromiseTransitionsDocument, { communityId, after: null });
  await Promise.all([activity.next(), transitions.next()]);
  const happened = (count: number) => told(activity, (data) => data.communityActivity?.activity?.kind ?? null, count);
  const became = (count: number) =>
    told(transitions, (data) => data.promiseTransitions?.transition?.status ?? null, count);

  await volunteer(mia, communityId, 1);
  const draftId = await begin(communityId);
  const review = await request(draftId);
  expect(review).toMatchObject({ status: 'WAITING', offeredTo: { handle: 'mia' }, requestedBy: { handle: 'bob' } });
  expect((await mia.ask(OwnReviewsDocument, {})).data.reviews).toMatchObject({
    totalCount: 1,
    nodes: [{ id: review.id, draft: null }],
  });
  expect((await accept(mia, review.id)).review).toMatchObject({ status: 'TAKEN', draft: { body: SECRET } });
  const { data: said } = await mia.ask(GiveFeedbackDocument, {
    input: { reviewId: review.id, body: 'Say what soil it is, and ask.' },
  });
  expect(said.giveFeedback).toMatchObject({ errors: [], review: { status: 'ANSWERED' } });
  expect((await draftOf(draftId))?.feedback).toEqual([
    { body: 'Say what soil it is, and ask.', mentor: { handle: 'mia' } },
  ]);

  await bob.ask(SaveDraftDocument, { input: { draftId, title: 'Which spade?', body: 'The soil is heavy.' } });
  const { data } = await bob.ask(PublishDraftDocument, { input: { draftId } });
  expect(data.publishPost).toMatchObject({
    errors: [],
    post: { title: 'Which spade?', body: 'The soil is heavy.', promise: { isTighter: true } },
  });
  const postId = data.publishPost?.post?.id ?? '';
  expect(await draftOf(draftId)).toMatchObject({ status: 'PUBLISHED', post: { id: postId } });
  expect((await bob.ask(OwnDraftsDocument, {})).data.drafts?.nodes.map(({ id }) => id)).not.toContain(draftId);
  // What went before is told to nobody: the first thing that followers hear is the question.
  expect(await happened(1)).toEqual(['POST_PUBLISHED']);
  expect(await became(1)).toEqual(['IMMINENT_BREACH']);
  const atRisk = await figuresOf(communityId);
  expect(atRisk.ratio('response.repliedRate')).toEqual([0, 1]);
  expect(atRisk.ratio('response.firstTime')).toEqual([0, 1]);
  expect(atRisk.ratio('promise.keptRate')).toEqual([0, 0]);
  expect(atRisk.cells('promise.keptRate')).toMatchObject({ IMMINENT_BREACH: 1 });

  expect((await mentoring(communityId)).firstContributions).toMatchObject({ totalCount: 1, nodes: [{ id: postId }] });
  const { data: welcomed } = await ann.ask(WelcomeNewcomerDocument, { input: { postId } });
  expect(welcomed.welcomeNewcomer).toEqual({ errors: [], post: { welcome: { by: { handle: 'ann' } } } });
  const { data: answered } = await ann.ask(PublishCommentDocument, {
    input: { postId, kind: 'ANSWER', body: 'A garden fork.' },
  });
  expect(await happened(1)).toEqual(['COMMENT_PUBLISHED']);
  expect(await became(1)).toEqual(['ACHIEVED']);
  const kept = await figuresOf(communityId);
  expect(kept.ratio('response.repliedRate')).toEqual([1, 1]);
  expect(kept.ratio('response.firstTime')).toEqual([1, 1]);
  expect(kept.ratio('promise.keptRate')).toEqual([1, 1]);
  expect(kept.ratio('response.acceptedRate')).toEqual([0, 1]);
  expect((await mentoring(communityId)).firstContributions).toMatchObject({ totalCount: 0, nodes: [] });
  const commentId = answered.publishComment?.comment?.id ?? '';
  await bob.ask(AcceptAnswerDocument, { input: { postId, commentId } });
  expect(await happened(1)).toEqual(['ANSWER_ACCEPTED']);
  const settled = await figuresOf(communityId);
  expect(settled.ratio('response.acceptedRate')).toEqual([1, 1]);
  // What is not open counts month by month, once a month has ended: nobody is found out from one day to the next.
  expect(settled.cells('courage.funnel')).toEqual({
    ...{ begun: 0, reviewAsked: 0, published: 0, repliedInTime: 0, contributedAgain: 0 },
  });
});

type Page = {
  readonly events: { totalCount: number; nodes: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
};

const totalOf = async (who: Asker) => {
  const { data } = await who.query('{ events { totalCount } }');
  return (data as Page).events.totalCount;
};

/** How many events the pages of the log show. */
const countOfPages = async (who: Asker) => {
  const query =
    'query ($after: String) { events(first: 100, after: $after) { nodes { type } pageInfo { endCursor hasNextPage } } }';
  for (let [count, after] = [0, null as string | null]; ; ) {
    const { data } = await who.query(query, { after });
    const { nodes, pageInfo } = (data as Page).events;
    count += nodes.length;
    if (!pageInfo.hasNextPage) return count;
    after = pageInfo.endCursor;
  }
};

describe('a review that waits', () => {
  const reviewOf = async (draftId: string) => {
    const { data } = await people().bob.query(
      'query ($id: ID!) { node(id: $id) { ... on Draft { review { status offeredTo { handle } offerDueAt } } } }',
      { id: draftId },
    );
    return (data as { node: { review: { offeredTo: { handle: string } | null } } }).node.review;
  };
  const offeredTo = (draftId: string) =>
    expect.poll(async () => (await reviewOf(draftId)).offeredTo?.handle ?? null, { timeout: 10_000 });

  test('goes to the next mentor when one declines, and waits where there is none', async () => {
    const { mia, max } = people();
    const communityId = await found('declined');
    await volunteer(mia, communityId, 1);
    const draftId = await begin(communityId);
    const { id: reviewId, offerDueAt } = await request(draftId);
    // Three whole working days: five days at most lie between, as no calendar is defined.
    expect((Date.parse(offerDueAt ?? '') - Date.now()) / 86_400_000).toBeGreaterThan(3);
    expect((Date.parse(offerDueAt ?? '') - Date.now()) / 86_400_000).toBeLessThan(6.1);
    const refused = await max.ask(DeclineReviewDocument, { input: { reviewId } });
    expect(refused.data.declineReview?.errors).toMatchObject([{ code: 'REVIEW_NOT_FOUND' }]);
    const declined = await mia.ask(DeclineReviewDocument, { input: { reviewId } });
    expect(declined.data.declineReview?.errors).toEqual([]);
    expect(await reviewOf(draftId)).toMatchObject({ status: 'WAITING', offeredTo: null, offerDueAt: null });
    // It waits for anybody, and is not shown to her again.
    expect((await mia.ask(OwnReviewsDocument, {})).data.reviews?.nodes.map(({ id }) => id)).not.toContain(reviewId);
    await volunteer(max, communityId, 1);
    await offeredTo(draftId).toBe('max');
  });

  test('is offered when a mentor has room again', async () => {
    const { ann, mia } = people();
    const communityId = await found('room');
    await volunteer(mia, communityId, 1);
    const first = await begin(communityId);
    const { id } = await request(first);
    await accept(mia, id);
    const second = await begin(communityId, ann);
    expect(await request(second, null, ann)).toMatchObject({ status: 'WAITING', offeredTo: null });
    await mia.ask(GiveFeedbackDocument, { input: { reviewId: id, body: 'Ask it.' } });
    const { nodes } = await expect
      .poll(async () => (await mia.ask(OwnReviewsDocument, {})).data.reviews, { timeout: 10_000 })
      .toMatchObject({ nodes: expect.arrayContaining([expect.objectContaining({ offeredTo: { handle: 'mia' } })]) })
      .then(async () => (await mia.ask(OwnReviewsDocument, {})).data.reviews ?? expect.fail());
    expect(nodes.find(({ offeredTo }) => offeredTo?.handle === 'mia')?.requestedBy.handle).toBe('ann');
  });

  test('shows a mentor the draft as it was sent, until the feedback, and what others said only if the author shares it', async () => {
    const { mia, max, bob } = people();
    const communityId = await found('versions');
    await volunteer(mia, communityId, 1);
    const draftId = await begin(communityId, bob, { title: 'First', body: 'As it was sent.' });
    const { id: first } = await request(draftId);
    await accept(mia, first);
    await bob.ask(SaveDraftDocument, { input: { draftId, title: 'Second', body: 'Written since.' } });
    expect(await draftOf(draftId, mia)).toMatchObject({ title: 'First', body: 'As it was sent.' });
    expect(await draftOf(draftId)).toMatchObject({ title: 'Second' });
    await mia.ask(GiveFeedbackDocument, { input: { reviewId: first, body: 'Say more.' } });
    expect(await draftOf(draftId, mia)).toBeNull();

    await volunteer(mia, communityId, 0);
    await volunteer(max, communityId, 1);
    const { id: again } = await request(draftId);
    await accept(max, again);
    expect(await draftOf(draftId, max)).toMatchObject({ title: 'Second', feedback: [] });
    expect((await draftOf(draftId))?.feedback).toMatchObject([{ body: 'Say more.' }]);
    await max.ask(GiveFeedbackDocument, { input: { reviewId: again, body: 'Good.' } });

    const { data } = await bob.ask(RequestReviewDocument, { input: { draftId, sharesFeedback: true } });
    await accept(max, data.requestReview?.review?.id ?? '');
    expect((await draftOf(draftId, max))?.feedback.map(({ body }) => body)).toEqual(['Say more.', 'Good.']);
  });
});

describe('a draft', () => {
  test('passes no door but its author’s, whoever knocks', async () => {
    const { ann, mia, bob, root } = people();
    const communityId = await found('doors');
    await volunteer(mia, communityId, 1);
    // Her role comes with it, a moment later; followers would hear of it.
    const roles = () => ann.query('query ($id: ID!) { community(id: $id) { roles { role } } }', { id: communityId });
    await expect.poll(roles, { timeout: 10_000 }).toMatchObject({
      data: { community: { roles: [{ role: 'FACILITATOR' }, { role: 'MENTOR' }] } },
    });
    const before = await service.app.log.head();
    const draftId = await begin(communityId, bob, { title: SECRET, body: SECRET });
    const { id: reviewId } = await request(draftId);
    await bob.ask(SchedulePostDocument, { input: { draftId, at: new Date(Date.now() + 3_600_000).toISOString() } });
    await bob.ask(SchedulePostDocument, { input: { draftId } });

    for (const other of [ann, mia, root]) {
      expect(await draftOf(draftId, other)).toBeNull();
      expect(JSON.stringify((await other.ask(OwnDraftsDocument, {})).data)).not.toContain(draftId);
    }
    const refused = await root.ask(DiscardDraftDocument, { input: { draftId } });
    expect(refused.data.discardDraft?.errors).toEqual([{ code: 'DRAFT_NOT_FOUND' }]);

    // Whoever reads the log reads what has its own place in it, and nothing of the drafts that stand between.
    const log = await root.query(
      'query ($after: String) { events(first: 100, after: $after) { nodes { type stream data } pageInfo { hasNextPage } } }',
    );
    const text = JSON.stringify(log.data);
    expect(text).toContain('MentorVolunteered');
    const raw = readGlobalId(draftId)?.id ?? '';
    expect((await service.app.log.readStream(`draft-${raw}`)).length).toBe(4);
    for (const word of [raw, readGlobalId(reviewId)?.id ?? '', 'draft-', 'PostDrafted'])
      expect(text).not.toContain(word);
    expect(await countOfPages(root)).toEqual(await totalOf(root));
    const types = await root.query('{ events(types: ["PostDrafted"]) { nodes { type } } }');
    expect(types.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    const webhook = await root.query(
      'mutation { createWebhook(input: { url: "https://hook.example/", types: ["PostDrafted"] }) { errors { code } } }',
    );
    expect(webhook.data).toEqual({ createWebhook: { errors: [{ code: 'NOT_ALLOWED' }] } });

    // Followers go from before the draft to behind it: they hear of the comment alone.
    const { data: talk } = await ann.ask(PublishDraftDocument, {
      input: { communityId, kind: 'DISCUSSION', title: 'The end', body: 'Of the story.' },
    });
    const after = encodeCursor(service.app.log.identity, before);
    const token = await service.token('root', { roles: ['admin', 'analyst', 'member'] });
    const leaving = new AbortController();
    const response = await fetch(`${service.url}/events?after=${after}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: leaving.signal,
    });
    let heard = '';
    for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      heard += chunk;
      if (heard.includes(talk.publishPost?.post?.id ?? 'nothing')) break;
    }
    leaving.abort();
    expect(heard.match(/"type":"[\w.]+"/g)).toEqual(['"type":"io.palabre.PostPublished"']);
  });

  test('that is discarded is erased wherever it is kept, and its key is gone', async () => {
    const { bob } = people();
    const communityId = await found('discarded');
    const draftId = await begin(communityId);
    expect(await draftOf(draftId)).toMatchObject({ status: 'OPEN', body: SECRET, isErased: false, revision: 0 });
    const { data } = await bob.ask(DiscardDraftDocument, { input: { draftId } });
    expect(data.discardDraft).toMatchObject({
      errors: [],
      draft: { status: 'DISCARDED', title: null, body: null, isErased: true },
    });
    const keys = await service.app.tables.pool.query('select wrapped from palabre_keys.keys where subject = $1::uuid', [
      readGlobalId(draftId)?.id,
    ]);
    expect(keys.rows).toEqual([{ wrapped: null }]);
    const saved = await bob.ask(SaveDraftDocument, { input: { draftId, title: 'Again', body: '' } });
    expect(saved.data.saveDraft?.errors).toMatchObject([{ code: 'DRAFT_DISCARDED' }]);
  });

  test('is published once, however often it is asked for', async () => {
    const { bob } = people();
    const communityId = await found('once');
    const draftId = await begin(communityId);
    const input = { draftId, idempotencyKey: 'once' };
    const answers = await Promise.all([1, 2, 3].map(() => bob.ask(PublishDraftDocument, { input })));
    const posts = answers.map(({ data }) => data.publishPost);
    expect(new Set(posts.map((one) => one?.post?.id)).size).toBe(1);
    for (const one of posts) expect(one?.errors).toEqual([]);
    const again = await bob.ask(PublishDraftDocument, { input: { draftId } });
    expect(again.data.publishPost?.errors).toMatchObject([{ code: 'DRAFT_PUBLISHED' }]);
  });
});

describe('a scheduled draft', () => {
  const soon = () => new Date(Date.now() + 400).toISOString();

  test('is published at its time, as it then reads, and dated at that time', async () => {
    const { bob } = people();
    const communityId = await found('scheduled');
    const draftId = await begin(communityId);
    const at = soon();
    const { data } = await bob.ask(SchedulePostDocument, { input: { draftId, at } });
    expect(data.schedulePost).toMatchObject({ errors: [], draft: { status: 'SCHEDULED', scheduledAt: at } });
    await expect.poll(async () => (await draftOf(draftId))?.status, { timeout: 10_000 }).toBe('PUBLISHED');
    const id = (await draftOf(draftId))?.post?.id ?? '';
    const post = await bob.query(
      'query ($id: ID!) { node(id: $id) { ... on Post { title body publishedAt author { handle } } } }',
      { id },
    );
    expect(post.data).toEqual({
      node: { title: 'Which spade?', body: SECRET, publishedAt: at, author: { handle: 'bob' } },
    });
  });

  test('that a rule refuses at its time says which rule, and stays', async () => {
    const { bob } = people();
    const communityId = await found('refused');
    const draftId = await begin(communityId);
    const at = soon();
    await bob.ask(SchedulePostDocument, { input: { draftId, at } });
    await bob.ask(LeaveCommunityDocument, { input: { communityId } });
    await expect.poll(async () => (await draftOf(draftId))?.publicationFailure, { timeout: 10_000 }).not.toBeNull();
    expect(await draftOf(draftId)).toMatchObject({
      status: 'OPEN',
      body: SECRET,
      publicationFailure: { code: 'NOT_A_MEMBER', at },
    });
  });
});

describe('reviews', () => {
  test('go to the mentor of the topic with the least to do, then to whoever volunteered first', async () => {
    const { ann, mia, max } = people();
    const communityId = await found('matched');
    await ann.ask(SetMentoringTopicsDocument, { input: { communityId, topics: ['tools', 'seeds'] } });
    await volunteer(max, communityId, 2, ['tools']);
    await volunteer(mia, communityId, 2);
    const offeredTo = async (topic: string | null) =>
      (await request(await begin(communityId), topic)).offeredTo?.handle ?? null;
    expect(await offeredTo('seeds')).toBe('mia');
    expect(await offeredTo('tools')).toBe('max');
    expect(await offeredTo('tools')).toBe('max');
    expect(await offeredTo('tools')).toBe('mia');
    expect(await offeredTo(null)).toBeNull();
    const refused = await people().bob.ask(RequestReviewDocument, {
      input: { draftId: await begin(communityId), topic: 'rakes' },
    });
    expect(refused.data.requestReview?.errors).toMatchObject([
      { code: 'TOPIC_UNKNOWN', message: expect.stringContaining('tools, seeds') },
    ]);
  });

  test('that nobody has room for wait, seen by who facilitates, until somebody takes them', async () => {
    const { ann, mia, max, bob } = people();
    const communityId = await found('queued');
    const draftId = await begin(communityId);
    const review = await request(draftId);
    expect(review).toMatchObject({ status: 'WAITING', offeredTo: null });
    expect(await mentoring(communityId)).toMatchObject({
      mentors: [],
      waitingReviews: { totalCount: 1, nodes: [{ id: review.id, offeredTo: null, draft: null }] },
    });
    expect((await mentoring(communityId, max)).waitingReviews).toBeNull();
    expect((await accept(mia, review.id)).errors).toEqual([{ code: 'REVIEW_NOT_FOUND' }]);
    await volunteer(mia, communityId, 1);
    expect((await mia.ask(OwnReviewsDocument, {})).data.reviews?.nodes.map(({ id }) => id)).toContain(review.id);
    expect((await accept(mia, review.id)).review).toMatchObject({ status: 'TAKEN', mentor: { handle: 'mia' } });
    expect(await mentoring(communityId)).toMatchObject({
      mentors: [{ member: { handle: 'mia' }, load: 1, openReviews: 1 }],
      waitingReviews: { totalCount: 0 },
    });
    // What is thrown away is no work for anybody any more.
    await bob.ask(DiscardDraftDocument, { input: { draftId } });
    await expect.poll(async () => (await mentoring(communityId)).mentors[0]?.openReviews, { timeout: 10_000 }).toBe(0);
    expect((await draftOf(draftId, ann)) ?? null).toBeNull();
  });

  test('never go above a mentor’s load, and each to one mentor, however many are accepted at once', async () => {
    const { mia, max } = people();
    const communityId = await found('load');
    const drafts = await Promise.all(Array.from({ length: 6 }, () => begin(communityId)));
    const reviews: string[] = [];
    for (const draftId of drafts) reviews.push((await request(draftId)).id);
    await volunteer(mia, communityId, 2);
    await volunteer(max, communityId, 2);
    const answers = await Promise.all(reviews.flatMap((id) => [accept(mia, id), accept(max, id)]));
    const won = answers.filter(({ errors }) => errors.length === 0);
    const codes = new Set(answers.flatMap(({ errors }) => errors.map(({ code }) => code)));
    expect([...codes].filter((code) => !['MENTOR_LOADED', 'REVIEW_TAKEN', 'REVIEW_NOT_FOUND'].includes(code))).toEqual(
      [],
    );
    const taken = won.map(({ review }) => review?.id);
    expect(new Set(taken).size).toBe(taken.length);
    const isSettled = async () => {
      const { mentors } = await mentoring(communityId);
      return mentors.map(({ openReviews }) => openReviews).reduce((sum, open) => sum + open, 0) === won.length;
    };
    await expect.poll(isSettled, { timeout: 10_000 }).toBe(true);
    const { mentors } = await mentoring(communityId);
    for (const { openReviews, load } of mentors) expect(openReviews).toBeLessThanOrEqual(load);
    // Every prefix of a mentor's own stream keeps the load.
    for (const name of ['mia', 'max']) {
      const { data } = await people().ann.query('query ($handle: String!) { member(handle: $handle) { id } }', {
        handle: name,
      });
      const id = readGlobalId((data as { member: { id: string } }).member.id)?.id;
      const stream = await service.app.log.readStream(`mentor-${readGlobalId(communityId)?.id}-${id}`);
      let open = 0;
      for (const { type } of stream) {
        if (type === 'ReviewAccepted') open += 1;
        if (type === 'ReviewReleased') open -= 1;
        expect(open).toBeLessThanOrEqual(2);
      }
    }
  });
});
