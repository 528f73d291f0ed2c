import { call, defineProcess, order, set, stop, wait } from '../core/process.ts';
import type { DomainEvents } from '../domain/index.ts';
import { withdrawMentor } from '../domain/mentor.ts';
import { lapseReviewOffer, offerReview } from '../domain/review-offer.ts';
import { confirmReview, releaseReview } from '../domain/reviewing.ts';

/**
 * Keeps mentors and their reviews in step. A review is accepted in the mentor's stream and taken in its own: what was cut off between
 * the two, or lost against another mentor, is mended here. Whoever leaves a community reviews nothing more in it. What waits is offered
 * to one mentor after the other: when a time passes, when one declines, and when somebody has room again.
 */
export const reviews = defineProcess<DomainEvents>()({
  name: 'reviews',
  version: 2,
  commands: [confirmReview, releaseReview, withdrawMentor, lapseReviewOffer, offerReview],
  timers: {
    ReviewRequested: ({ reviewId, draftId, communityId, offeredTo, offerDueAt, replaces }) => {
      const review = { reviewId, draftId, communityId };
      return [
        ...(replaces ? taken(replaces) : []),
        wait(waiting(reviewId), room(communityId), order(offerReview, review)),
        ...(offeredTo && offerDueAt ? [lapse(review, offeredTo, offerDueAt)] : []),
      ];
    },
    ReviewOffered: ({ authorId: _, offeredTo, offerDueAt, ...review }) => [lapse(review, offeredTo, offerDueAt)],
    ReviewPassedOn: ({ reviewId }) => [stop(offer(reviewId))],
    ReviewTaken: ({ reviewId }) => taken(reviewId),
    DraftDiscarded: ({ review }) => (review ? taken(review.reviewId) : []),
    DraftPublished: ({ review }) => (review ? taken(review.reviewId) : []),
    MentorVolunteered: ({ communityId }) => [call(room(communityId))],
    MentorOfferChanged: ({ communityId }) => [call(room(communityId))],
    // The reviews that were offered to this mentor are somebody else's now.
    MentorWithdrew: ({ communityId }) => [call(room(communityId))],
    FeedbackGiven: ({ communityId }) => [call(room(communityId))],
    ReviewReleased: ({ communityId }) => [call(room(communityId))],
  },
  reactions: {
    ReviewAccepted: ({ authorId: _, ...review }, { occurredAt }) => [
      order(confirmReview, review, occurredAt),
      order(releaseReview, review, occurredAt),
    ],
    ReviewPassedOn: ({ reviewId, draftId, communityId }, { occurredAt }) => [
      order(offerReview, { reviewId, draftId, communityId }, occurredAt),
    ],
    DraftDiscarded: (draft, { occurredAt }) => ended(draft, occurredAt),
    DraftPublished: (draft, { occurredAt }) => ended(draft, occurredAt),
    MemberLeft: (pair, { occurredAt }) => [order(withdrawMentor, pair, occurredAt)],
  },
  // Its commands change nothing rather than refuse.
  onRejected: () => null,
});

type Reviewed = { readonly reviewId: string; readonly draftId: string; readonly communityId: string };

const lapse = ({ reviewId, draftId, communityId }: Reviewed, mentorId: string, at: string) =>
  set(offer(reviewId), at, order(lapseReviewOffer, { reviewId, draftId, communityId, mentorId }));

const taken = (reviewId: string) => [stop(offer(reviewId)), stop(waiting(reviewId))];

const offer = (reviewId: string) => `offer/${reviewId}`;
const waiting = (reviewId: string) => `waiting/${reviewId}`;
/** A call: a mentor of the community may have room for a review. */
const room = (communityId: string) => `room/${communityId}`;

type Ended = {
  readonly draftId: string;
  readonly communityId: string;
  readonly review: { readonly reviewId: string; readonly mentorId: string | null } | null;
};

const ended = ({ draftId, communityId, review }: Ended, at: string) =>
  review?.mentorId
    ? [order(releaseReview, { reviewId: review.reviewId, draftId, communityId, mentorId: review.mentorId }, at)]
    : [];
