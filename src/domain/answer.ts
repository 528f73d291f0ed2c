import { z } from 'zod';
import { at, defineCommand, type Principal } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { isClosedTo } from './audience.ts';
import { assertActsByItself } from './by-itself.ts';
import { comment } from './comment.ts';
import { assertOpen, type Community, holds, steers } from './community.ts';
import { assertPublished, type Post, placeOf, post } from './post.ts';
import { id, reason } from './words.ts';

/** Says which answer helped. At most one is accepted at a time: accepting another moves the mark. */
export const acceptAnswer = defineCommand({
  type: 'AcceptAnswer',
  input: z.strictObject({ postId: id, commentId: id }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: ({ commentId }, asked) => ({ answer: at(comment, commentId), ...placeOf(null, asked) }),
  decide: ({ postId, commentId }, state, { actor, needs: { answer, ...place } }) => {
    assertPublished(state, actor, place);
    if (state.kind !== 'QUESTION') throw new Rejection('NOT_A_QUESTION', 'Only a question has an accepted answer.');
    assertJudges(state, place.community, actor);
    assertOpen(place.community);
    if (answer.status !== 'published' || answer.kind !== 'ANSWER' || answer.postId !== postId)
      throw new Rejection('ANSWER_NOT_FOUND', 'There is no such answer to this question.', ['commentId']);
    if (state.acceptedAnswerId === commentId) return [];
    return [
      ...unaccepted(postId, state),
      {
        type: 'AnswerAccepted',
        data: {
          postId,
          communityId: state.communityId,
          commentId,
          answerAuthorId: answer.authorId,
          acceptedBy: actor.memberId,
        },
      },
    ];
  },
});

export const unacceptAnswer = defineCommand({
  type: 'UnacceptAnswer',
  input: z.strictObject({ postId: id }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: placeOf,
  decide: ({ postId }, state, { actor, needs }) => {
    assertPublished(state, actor, needs);
    assertJudges(state, needs.community, actor);
    assertOpen(needs.community);
    return unaccepted(postId, state);
  },
});

/** For the process: the accepted answer was taken back by its author, so it is no longer accepted. */
export const dropWithdrawnAnswer = defineCommand({
  type: 'DropWithdrawnAnswer',
  input: z.strictObject({ postId: id, commentId: id }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: ({ commentId }) => ({ answer: at(comment, commentId) }),
  decide: ({ postId, commentId }, state, { actor, needs: { answer } }) => {
    assertActsByItself(actor, ', when an answer is taken back');
    return state.acceptedAnswerId === commentId && answer.status === 'retracted' ? unaccepted(postId, state) : [];
  },
});

/** Says that a question is not settled after all, and why: no answer is accepted any more, and it is nobody's duplicate. */
export const reopenQuestion = defineCommand({
  type: 'ReopenQuestion',
  input: z.strictObject({ postId: id, reason }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: placeOf,
  decide: ({ postId, reason }, state, { actor, needs }) => {
    assertPublished(state, actor, needs);
    if (state.kind !== 'QUESTION') throw new Rejection('NOT_A_QUESTION', 'Only a question is reopened.');
    assertJudges(state, needs.community, actor);
    assertOpen(needs.community);
    if (!state.acceptedAnswerId && !state.isMarkedResolved && !state.duplicateOf)
      throw new Rejection('QUESTION_IS_OPEN', 'This question is open already.');
    const { communityId } = state;
    return [
      ...unaccepted(postId, state),
      { type: 'QuestionReopened', data: { postId, communityId, reopenedBy: actor.memberId }, personal: { reason } },
    ];
  },
});

/** Says that a question was asked before, and where. */
export const markDuplicate = defineCommand({
  type: 'MarkDuplicate',
  input: z.strictObject({ postId: id, ofPostId: id }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: ({ ofPostId }, asked) => ({ original: at(post, ofPostId), ...placeOf(null, asked) }),
  decide: ({ postId, ofPostId }, state, { actor, needs: { original, ...place } }) => {
    assertPublished(state, actor, place);
    if (state.kind !== 'QUESTION')
      throw new Rejection('NOT_A_QUESTION', 'Only a question is the duplicate of another.');
    assertJudges(state, place.community, actor);
    assertOpen(place.community);
    const path = ['ofPostId'];
    const isThere = original.status === 'published' && !isClosedTo(original, place.community, actor);
    if (!isThere || original.communityId !== state.communityId)
      throw new Rejection('POST_NOT_FOUND', 'There is no such question in this community.', path);
    if (original.kind !== 'QUESTION') throw new Rejection('NOT_A_QUESTION', 'A question repeats a question.', path);
    if (ofPostId === postId || original.duplicateOf)
      throw new Rejection('NOT_THE_ORIGINAL', 'Name the question that was asked first.', path);
    if (state.duplicateOf === ofPostId) return [];
    const { communityId } = state;
    return [{ type: 'MarkedDuplicate', data: { postId, communityId, ofPostId, markedBy: actor.memberId } }];
  },
});

/** Takes back that a question was asked before. What it was promised stands again. */
export const unmarkDuplicate = defineCommand({
  type: 'UnmarkDuplicate',
  input: z.strictObject({ postId: id }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: placeOf,
  decide: ({ postId }, state, { actor, needs }) => {
    assertPublished(state, actor, needs);
    assertJudges(state, needs.community, actor);
    assertOpen(needs.community);
    const { communityId, duplicateOf } = state;
    if (!duplicateOf) return [];
    const data = { postId, communityId, ofPostId: duplicateOf, unmarkedBy: actor.memberId };
    return [{ type: 'DuplicateUnmarked', data }];
  },
});

const unaccepted = (postId: string, { communityId, acceptedAnswerId, acceptanceId }: Post) =>
  acceptedAnswerId
    ? [
        {
          type: 'AnswerUnaccepted' as const,
          data: { postId, communityId, commentId: acceptedAnswerId, ...(acceptanceId && { acceptanceId }) },
        },
      ]
    : [];

/** Who says whether a question is answered: who asked it, who steers the community, and its experts. */
const assertJudges = (state: Post, community: Community, actor: Principal) => {
  if (state.authorId === actor.memberId || steers(community, actor) || holds(community, actor.memberId, 'EXPERT'))
    return;
  throw new Rejection('NOT_ALLOWED', 'Only who asked, a facilitator, an expert or an admin decides about a question.');
};
