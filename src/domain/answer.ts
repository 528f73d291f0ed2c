import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { comment } from './comment.ts';
import { assertOpen } from './community.ts';
import { assertPublished, type Post, placeOf, post } from './post.ts';
import { id } from './words.ts';

/** The asker says which answer helped. At most one is accepted at a time: accepting another moves the mark. */
export const acceptAnswer = defineCommand({
  type: 'AcceptAnswer',
  input: z.strictObject({ postId: id, commentId: id }),
  aggregate: post,
  id: ({ postId }) => postId,
  needs: ({ commentId }, asked) => ({ answer: at(comment, commentId), ...placeOf(null, asked) }),
  decide: ({ postId, commentId }, state, { actor, needs: { answer, ...place } }) => {
    assertPublished(state, actor, place);
    if (state.kind !== 'QUESTION') throw new Rejection('NOT_A_QUESTION', 'Only a question has an accepted answer.');
    assertAsker(state, actor);
    assertOpen(place.community);
    if (answer.status !== 'published' || answer.kind !== 'ANSWER' || answer.postId !== postId)
      throw new Rejection('ANSWER_NOT_FOUND', 'There is no such answer to this question.', ['commentId']);
    if (state.acceptedAnswerId === commentId) return [];
    const { communityId, acceptedAnswerId } = state;
    return [
      ...(acceptedAnswerId
        ? [{ type: 'AnswerUnaccepted' as const, data: { postId, communityId, commentId: acceptedAnswerId } }]
        : []),
      {
        type: 'AnswerAccepted',
        data: { postId, communityId, commentId, answerAuthorId: answer.authorId, acceptedBy: actor.memberId },
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
    assertAsker(state, actor);
    assertOpen(needs.community);
    if (!state.acceptedAnswerId) return [];
    return [
      { type: 'AnswerUnaccepted', data: { postId, communityId: state.communityId, commentId: state.acceptedAnswerId } },
    ];
  },
});

const assertAsker = (state: Post, actor: { memberId: string; isAdmin: boolean }) => {
  if (state.authorId !== actor.memberId && !actor.isAdmin)
    throw new Rejection('NOT_ALLOWED', 'Only who asked the question or an admin decides which answer is accepted.');
};
