import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActsByItself } from './by-itself.ts';
import type { Draft } from './draft.ts';
import { ofDraft } from './drafting.ts';
import { hasRoom, mentor, mentorId, reviews } from './mentor.ts';
import { offerDueAt } from './reviewing.ts';
import { id } from './words.ts';

// To whom a review is offered: to one mentor at a time, and to the next one when that one declines, lets the time pass, or has no
// room any more.

const reviewed = { reviewId: id, draftId: id, communityId: id };

/** Does not take a review that is offered. It goes to the next mentor, and is not offered to this one again. */
export const declineReview = defineCommand({
  type: 'DeclineReview',
  input: z.strictObject(reviewed),
  ...ofDraft,
  decide: (input, state, { actor, needs }) => {
    if (state.review?.id === input.reviewId && state.review.passedBy.includes(actor.memberId)) return [];
    if (!waits(input, state, needs) || state.review?.offeredTo !== actor.memberId)
      throw new Rejection('REVIEW_NOT_OFFERED', 'This review is not offered to you: there is nothing to decline.', [
        'reviewId',
      ]);
    return [passedOn(input, state, actor.memberId, 'DECLINED')];
  },
});

/** For the process: the time of an offer is over, and its mentor has neither taken nor declined it. */
export const lapseReviewOffer = defineCommand({
  type: 'LapseReviewOffer',
  input: z.strictObject({ ...reviewed, mentorId: id }),
  ...ofDraft,
  decide: ({ mentorId, ...input }, state, { actor, needs }) => {
    assertActsByItself(actor, ', when the time of an offer is over');
    if (!waits(input, state, needs) || state.review?.offeredTo !== mentorId) return [];
    return [passedOn(input, state, mentorId, 'LAPSED')];
  },
});

/**
 * For the process: offers a review that waits to a mentor who has room. One that is offered stays so while that mentor could take it;
 * where nobody could, it goes on waiting.
 */
export const offerReview = defineCommand({
  type: 'OfferReview',
  input: z.strictObject(reviewed),
  ...ofDraft,
  needs: (input, context) => ({ ...ofDraft.needs(input, context), offered: offeredTo(context.state) }),
  asks: (_, __, ___, { status, communityId, authorId, review }) =>
    status === 'open' && review
      ? {
          kind: 'FREE_MENTOR',
          communityId,
          topic: review.topic,
          exceptMemberIds: [authorId, ...review.passedBy],
        }
      : null,
  decide: (input, state, { actor, answer, now, needs }) => {
    assertActsByItself(actor, ', when a mentor has room');
    if (!waits(input, state, needs) || typeof answer !== 'string' || answer === state.review?.offeredTo) return [];
    if (needs.offered && reviews(needs.offered, state.review?.topic ?? null) && hasRoom(needs.offered)) return [];
    const data = { ...placeOf(input, state), reviewId: input.reviewId, offeredTo: answer };
    return [{ type: 'ReviewOffered', data: { ...data, offerDueAt: offerDueAt(needs.community, now) } }];
  },
});

/** The mentor to whom it is offered now. */
const offeredTo = ({ communityId, review }: Draft) =>
  review?.offeredTo ? at(mentor, mentorId(communityId, review.offeredTo)) : null;

type Reviewed = { readonly reviewId: string; readonly draftId: string };
type Known = {
  readonly published: { readonly status: string };
  readonly review: { readonly mentorId: string | null } | null;
};

/** Whether it is the review that was asked for last, and nobody has taken it. */
const waits = ({ reviewId }: Reviewed, { status, review: asked }: Draft, { published, review }: Known) =>
  status === 'open' && published.status === 'none' && asked?.id === reviewId && (review?.mentorId ?? null) === null;

const placeOf = ({ draftId }: Reviewed, { communityId, authorId }: Draft) => ({ draftId, communityId, authorId });

const passedOn = (input: Reviewed, state: Draft, mentorId: string, cause: 'DECLINED' | 'LAPSED') => ({
  type: 'ReviewPassedOn' as const,
  data: { ...placeOf(input, state), reviewId: input.reviewId, mentorId, cause },
});
