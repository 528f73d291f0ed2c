import { z } from 'zod';
import { at, defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { comment } from './comment.ts';
import { holds } from './community.ts';
import { assertMember } from './membership.ts';
import { assertPublished, placeIn, post } from './post.ts';
import { id } from './words.ts';

const given = { commentId: id, postId: id, communityId: id, memberId: id, answerAuthorId: id };

// Events. These names and shapes are a file format: add, never edit.
export const endorsementEvents = defineEvents({
  AnswerEndorsed: { version: 1, data: z.strictObject(given) },
  EndorsementWithdrawn: { version: 1, data: z.strictObject(given) },
});

export type Endorsement = { readonly stands: boolean };

/** A stream for each pair of answer and expert, as for reactions. */
export const endorsement = defineAggregate<Endorsement>()({
  category: 'endorsement',
  events: endorsementEvents,
  initial: { stands: false },
  evolve: { AnswerEndorsed: () => ({ stands: true }), EndorsementWithdrawn: () => ({ stands: false }) },
});

export const endorsementId = (commentId: string, memberId: string) => `${commentId}-${memberId}`;

/** An expert of the community says that an answer holds; not their own. */
export const endorseAnswer = defineCommand({
  type: 'EndorseAnswer',
  input: z.strictObject({ commentId: id }),
  aggregate: endorsement,
  id: ({ commentId }, { actor }) => endorsementId(commentId, actor.memberId),
  needs: ({ commentId }) => ({ answer: at(comment, commentId) }),
  within: ({ answer }, actor) => ({ post: at(post, answer.postId), ...placeIn(answer.communityId, actor) }),
  decide: ({ commentId }, { stands }, { actor, needs: { answer, post, ...place } }) => {
    if (answer.status === 'none') throw new Rejection('COMMENT_NOT_FOUND', 'There is no such answer.', ['commentId']);
    assertPublished(post, actor, place);
    assertMember(place.community, place.membership);
    if (answer.status === 'retracted') throw new Rejection('COMMENT_RETRACTED', 'Its author took this answer back.');
    if (answer.kind !== 'ANSWER') throw new Rejection('ANSWER_NOT_FOUND', 'Only answers are endorsed.', ['commentId']);
    if (!holds(place.community, actor.memberId, 'EXPERT'))
      throw new Rejection('NOT_ALLOWED', 'Only an expert of this community endorses an answer.');
    if (answer.authorId === actor.memberId)
      throw new Rejection('OWN_ANSWER', 'Nobody endorses an answer of their own.', ['commentId']);
    if (stands) return [];
    const { postId, communityId, authorId: answerAuthorId } = answer;
    return [
      { type: 'AnswerEndorsed', data: { commentId, postId, communityId, memberId: actor.memberId, answerAuthorId } },
    ];
  },
});

export const withdrawEndorsement = defineCommand({
  type: 'WithdrawEndorsement',
  input: z.strictObject({ commentId: id }),
  aggregate: endorsement,
  id: ({ commentId }, { actor }) => endorsementId(commentId, actor.memberId),
  needs: ({ commentId }) => ({ answer: at(comment, commentId) }),
  decide: ({ commentId }, { stands }, { actor, needs: { answer } }) => {
    if (!stands) return [];
    const { postId, communityId, authorId: answerAuthorId } = answer;
    return [
      {
        type: 'EndorsementWithdrawn',
        data: { commentId, postId, communityId, memberId: actor.memberId, answerAuthorId },
      },
    ];
  },
});
