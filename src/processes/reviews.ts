import { defineProcess, order } from '../core/process.ts';
import type { DomainEvents } from '../domain/index.ts';
import { withdrawMentor } from '../domain/mentor.ts';
import { confirmReview, releaseReview } from '../domain/reviewing.ts';

/**
 * Keeps mentors and their reviews in step. A review is accepted in the mentor's stream and taken in its own: what was cut off between
 * the two, or lost against another mentor, is mended here. Whoever leaves a community reviews nothing more in it.
 */
export const reviews = defineProcess<DomainEvents>()({
  name: 'reviews',
  version: 1,
  commands: [confirmReview, releaseReview, withdrawMentor],
  reactions: {
    ReviewAccepted: ({ authorId: _, ...review }, { occurredAt }) => [
      order(confirmReview, review, occurredAt),
      order(releaseReview, review, occurredAt),
    ],
    DraftDiscarded: (draft, { occurredAt }) => ended(draft, occurredAt),
    DraftPublished: (draft, { occurredAt }) => ended(draft, occurredAt),
    MemberLeft: (pair, { occurredAt }) => [order(withdrawMentor, pair, occurredAt)],
  },
  // Its commands change nothing rather than refuse.
  onRejected: () => null,
});

type Ended = {
  readonly draftId: string;
  readonly communityId: string;
  readonly review: { readonly reviewId: string; readonly mentorId: string | null } | null;
};

const ended = ({ draftId, communityId, review }: Ended, at: string) =>
  review?.mentorId
    ? [order(releaseReview, { reviewId: review.reviewId, draftId, communityId, mentorId: review.mentorId }, at)]
    : [];
