import { z } from 'zod';
import { defineAggregate } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { id } from './words.ts';

// Events. These names and shapes are a file format: add, never edit.
export const reviewEvents = defineEvents({
  ReviewTaken: {
    version: 1,
    data: z.strictObject({ reviewId: id, draftId: id, communityId: id, mentorId: id }),
    confidential: true,
  },
});

export type Review = { readonly communityId: string; readonly mentorId: string | null };

/** A stream for each review, which begins when a mentor takes it: whoever is first has it. */
export const review = defineAggregate<Review>()({
  category: 'review',
  events: reviewEvents,
  initial: { communityId: '', mentorId: null },
  evolve: { ReviewTaken: (_, { communityId, mentorId }) => ({ communityId, mentorId }) },
});
