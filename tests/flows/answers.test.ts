import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  AcceptAnswerDocument,
  AskDocument,
  AssignRoleDocument,
  DeclareResponsePromiseDocument,
  EndorseAnswerDocument,
  FoundCommunityDocument,
  JoinCommunityDocument,
  MarkDuplicateDocument,
  PublishCommentDocument,
  QuestionNowDocument,
  ReopenQuestionDocument,
  RetractCommentDocument,
  WithdrawEndorsementDocument,
} from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
/** Ann facilitates, Bob asks, Eve is an expert, Kim has joined, and Zoe has not. */
let ann: Asker;
let bob: Asker;
let eve: Asker;
let kim: Asker;
let zoe: Asker;
let communityId: string;

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off' });
  [ann, bob, eve, kim, zoe] = (await Promise.all(
    ['ann', 'bob', 'eve', 'kim', 'zoe'].map((name) => service.as(name)),
  )) as [Asker, Asker, Asker, Asker, Asker];
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: 'Garden', slug: 'garden' } });
  communityId = data.foundCommunity?.community?.id ?? expect.fail('not founded');
  for (const who of [bob, eve, kim]) await who.ask(JoinCommunityDocument, { input: { communityId } });
  const viewer: { data: { viewer: { id: string } } } = await eve.query('{ viewer { id } }');
  const role = { communityId, memberId: viewer.data.viewer.id, role: 'EXPERT', reason: 'Knows soil.' } as const;
  expect((await ann.ask(AssignRoleDocument, { input: role })).data.assignRole?.errors).toEqual([]);
  await ann.ask(DeclareResponsePromiseDocument, {
    input: { communityId, firstResponseSeconds: 3_600, resolutionSeconds: 7_200 },
  });
});
afterAll(() => service.close());

const ask = async (kind: 'QUESTION' | 'DISCUSSION' = 'QUESTION') => {
  const { data } = await bob.ask(AskDocument, { input: { communityId, kind, title: 'Which spade?', body: 'Clay.' } });
  return data.publishPost?.post?.id ?? expect.fail('not asked');
};

const say = async (postId: string, who: Asker, kind: 'ANSWER' | 'COMMENT' = 'ANSWER') => {
  const { data } = await who.ask(PublishCommentDocument, { input: { postId, kind, body: 'A garden fork.' } });
  return data.publishComment?.comment?.id ?? expect.fail('not said');
};

const accept = async (postId: string, commentId: string) => {
  const { data } = await bob.ask(AcceptAnswerDocument, { input: { postId, commentId } });
  expect(data.acceptAnswer?.errors).toEqual([]);
};

const now = async (id: string) => {
  const { data } = await kim.ask(QuestionNowDocument, { id });
  return data.node && 'isResolved' in data.node ? data.node : expect.fail('not found');
};

const codes = (payload: { readonly errors: readonly { readonly code: string }[] } | null | undefined) =>
  payload?.errors.map(({ code }) => code);
const endorse = async (who: Asker, commentId: string) =>
  (await who.ask(EndorseAnswerDocument, { input: { commentId } })).data.endorseAnswer;
const withdraw = async (who: Asker, commentId: string) =>
  (await who.ask(WithdrawEndorsementDocument, { input: { commentId } })).data.withdrawEndorsement;
const reopen = async (who: Asker, postId: string) =>
  (await who.ask(ReopenQuestionDocument, { input: { postId, reason: 'It broke.' } })).data.reopenQuestion;
const repeats = async (who: Asker, postId: string, ofPostId: string) =>
  (await who.ask(MarkDuplicateDocument, { input: { postId, ofPostId } })).data.markDuplicate;

test('an expert endorses what others answered, once, and takes it back', async () => {
  const postId = await ask();
  const [answer, own, aside] = [await say(postId, kim), await say(postId, eve), await say(postId, kim, 'COMMENT')];
  expect(await endorse(eve, answer)).toMatchObject({ errors: [], comment: { endorsementCount: 1 } });
  expect(await endorse(eve, answer)).toMatchObject({ errors: [], comment: { endorsementCount: 1 } });
  expect((await now(postId)).comments.nodes[0]).toMatchObject({ endorsementCount: 1, endorsedBy: [{ handle: 'eve' }] });
  expect(codes(await endorse(eve, own))).toEqual(['OWN_ANSWER']);
  expect(codes(await endorse(eve, aside))).toEqual(['ANSWER_NOT_FOUND']);
  expect(codes(await endorse(bob, answer))).toEqual(['NOT_ALLOWED']);
  expect(codes(await endorse(zoe, answer))).toEqual(['NOT_A_MEMBER']);
  // An endorsement settles nothing: whoever asked says what helped.
  expect(await now(postId)).toMatchObject({ isResolved: false, acceptedAnswer: null });

  expect(await withdraw(eve, answer)).toMatchObject({ errors: [], comment: { endorsementCount: 0, endorsedBy: [] } });
  expect(await withdraw(bob, answer)).toMatchObject({ errors: [], comment: { endorsementCount: 0 } });
  await kim.ask(RetractCommentDocument, { input: { commentId: answer } });
  expect(codes(await endorse(eve, answer))).toEqual(['COMMENT_RETRACTED']);
});

test('a question that is reopened has no accepted answer, and its promise says that it was kept once', async () => {
  const postId = await ask();
  const commentId = await say(postId, kim);
  expect(codes(await reopen(bob, postId))).toEqual(['QUESTION_IS_OPEN']);
  await accept(postId, commentId);
  expect(await now(postId)).toMatchObject({
    ...{ isResolved: true, acceptedAnswer: { id: commentId } },
    promise: { status: 'ACHIEVED', resolution: { status: 'ACHIEVED', fulfilmentWithdrawnAt: null } },
  });
  expect(codes(await reopen(kim, postId))).toEqual(['NOT_ALLOWED']);
  expect(codes(await reopen(bob, await ask('DISCUSSION')))).toEqual(['NOT_A_QUESTION']);
  expect(await reopen(eve, postId)).toEqual({ errors: [], post: { isResolved: false } });
  expect(await now(postId)).toMatchObject({
    ...{ isResolved: false, acceptedAnswer: null },
    promise: {
      status: 'ACHIEVED',
      resolution: {
        status: 'ACHIEVED',
        fulfilledAt: expect.any(String),
        fulfilmentWithdrawnAt: expect.any(String),
      },
    },
  });
  expect(codes(await reopen(bob, postId))).toEqual(['QUESTION_IS_OPEN']);
});

test('a question that was asked before is linked to the first one until it is reopened', async () => {
  const [first, again, other] = [await ask(), await ask(), await ask('DISCUSSION')];
  expect(codes(await repeats(kim, again, first))).toEqual(['NOT_ALLOWED']);
  expect(codes(await repeats(bob, again, again))).toEqual(['NOT_THE_ORIGINAL']);
  expect(codes(await repeats(bob, again, other))).toEqual(['NOT_A_QUESTION']);
  expect(codes(await repeats(bob, other, first))).toEqual(['NOT_A_QUESTION']);
  expect(await repeats(ann, again, first)).toEqual({ errors: [], post: { duplicateOf: { id: first } } });
  expect(codes(await repeats(bob, first, again))).toEqual(['NOT_THE_ORIGINAL']);
  // It is owed an answer all the same: the link may be wrong.
  expect(await now(again)).toMatchObject({
    duplicateOf: { id: first },
    acceptedAnswer: null,
    promise: { status: 'PENDING' },
  });
  expect(codes(await reopen(bob, again))).toEqual([]);
  expect((await now(again)).duplicateOf).toBeNull();
});
