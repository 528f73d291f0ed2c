import { z } from 'zod';
import { defineAggregate, type Principal } from '../core/decider.ts';
import { defineEvents, type Sealed } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { earlyAccess } from './audience.ts';
import { type AuthorKind, authorKind, id, instant, type PostKind, postKind } from './words.ts';

// What somebody has not published yet. It is sealed under a key of its own, so that discarding it erases it and nothing else,
// and its events pass no door: its author sees it, and the mentor who took its review.

const place = { draftId: id, communityId: id, authorId: id };
const personal = z.strictObject({ title: z.string(), body: z.string() });
/** The review that was asked for last, and who had taken it. */
const lastReview = z.strictObject({ reviewId: id, mentorId: id.nullable() }).nullable();
const subject = ({ draftId }: { draftId: string }) => draftId;

// Events. These names and shapes are a file format: add, never edit.
export const draftEvents = defineEvents({
  PostDrafted: {
    version: 1,
    data: z.strictObject({ ...place, authorKind, kind: postKind }),
    personal,
    subject,
    confidential: true,
  },
  DraftRevised: {
    version: 1,
    data: z.strictObject({ ...place, kind: postKind }),
    personal,
    subject,
    confidential: true,
  },
  DraftDiscarded: { version: 1, data: z.strictObject({ ...place, review: lastReview }), confidential: true },
  /** `offeredTo` is the mentor who had room for it; null where nobody had. `replaces` is a request that nobody had taken. */
  ReviewRequested: {
    version: 1,
    data: z.strictObject({
      ...place,
      reviewId: id,
      topic: z.string().nullable(),
      offeredTo: id.nullable(),
      replaces: id.nullable(),
      /** Until when it is offered to that mentor. */
      offerDueAt: z.string().optional(),
      /** Its mentor reads what the ones before said. */
      sharesFeedback: z.literal(true).optional(),
    }),
    confidential: true,
  },
  /** Offered to another mentor than before. */
  ReviewOffered: {
    version: 1,
    data: z.strictObject({ ...place, reviewId: id, offeredTo: id, offerDueAt: z.string() }),
    confidential: true,
  },
  /** The mentor to whom it was offered declined, or let the time pass. */
  ReviewPassedOn: {
    version: 1,
    data: z.strictObject({ ...place, reviewId: id, mentorId: id, cause: z.enum(['DECLINED', 'LAPSED']) }),
    confidential: true,
  },
  /** `earlyAccess`: who has it first, once it is published. */
  PostScheduled: {
    version: 1,
    data: z.strictObject({ ...place, at: instant, earlyAccess: earlyAccess.optional() }),
    confidential: true,
  },
  PostUnscheduled: { version: 1, data: z.strictObject(place), confidential: true },
  /** Its time had come, and a rule said no: `code` is the rule's. */
  PublicationFailed: {
    version: 1,
    data: z.strictObject({ ...place, at: instant, code: z.string() }),
    confidential: true,
  },
  /** It is a post now, with the same id. */
  DraftPublished: { version: 1, data: z.strictObject({ ...place, review: lastReview }), confidential: true },
});

export type ReviewAsked = {
  readonly id: string;
  readonly topic: string | null;
  readonly offeredTo: string | null;
  /** Mentors to whom it was offered before, in vain. */
  readonly passedBy: readonly string[];
};

export type Draft = {
  readonly status: 'none' | 'open' | 'discarded' | 'published';
  readonly communityId: string;
  readonly authorId: string;
  readonly authorKind: AuthorKind;
  readonly kind: PostKind;
  /** Its text as it was last saved, unopened. */
  readonly sealed: Sealed | null;
  /** The review that was asked for last. */
  readonly review: ReviewAsked | null;
  readonly scheduledAt: string | null;
  /** Who has it first, once it was published at its time. */
  readonly earlyAccess: z.infer<typeof earlyAccess> | null;
};

export const draft = defineAggregate<Draft>()({
  category: 'draft',
  events: draftEvents,
  initial: {
    status: 'none',
    communityId: '',
    authorId: '',
    authorKind: 'MEMBER',
    kind: 'DISCUSSION',
    sealed: null,
    review: null,
    scheduledAt: null,
    earlyAccess: null,
  },
  evolve: {
    PostDrafted: (state, { communityId, authorId, authorKind, kind, sealed }) => ({
      ...state,
      status: 'open',
      communityId,
      authorId,
      authorKind,
      kind,
      sealed,
    }),
    DraftRevised: (state, { kind, sealed }) => ({ ...state, kind, sealed }),
    DraftDiscarded: (state) => ({ ...state, status: 'discarded', scheduledAt: null }),
    ReviewRequested: (state, { reviewId, topic, offeredTo }) => ({
      ...state,
      review: { id: reviewId, topic, offeredTo, passedBy: [] },
    }),
    ReviewOffered: (state, { offeredTo }) => ({ ...state, review: state.review && { ...state.review, offeredTo } }),
    ReviewPassedOn: (state, { mentorId }) => ({
      ...state,
      review: state.review && {
        ...state.review,
        offeredTo: null,
        passedBy: [...state.review.passedBy, mentorId],
      },
    }),
    PostScheduled: (state, { at, earlyAccess }) => ({ ...state, scheduledAt: at, earlyAccess: earlyAccess ?? null }),
    PostUnscheduled: (state) => ({ ...state, scheduledAt: null }),
    PublicationFailed: (state) => ({ ...state, scheduledAt: null }),
    DraftPublished: (state) => ({ ...state, status: 'published', scheduledAt: null }),
  },
});

/** A draft of somebody else is not there. */
export const assertOwnDraft = ({ status, authorId }: Draft, { memberId }: Principal) => {
  if (status === 'none' || authorId !== memberId)
    throw new Rejection('DRAFT_NOT_FOUND', 'You have no such draft.', ['draftId']);
  if (status === 'discarded') throw new Rejection('DRAFT_DISCARDED', 'This draft was discarded.', ['draftId']);
};

/** The streams do not say it at the same moment: the post itself is the first to know. */
export const assertUnpublished = ({ status }: Draft, post: { readonly status: string } | null) => {
  if (status === 'published' || (post && post.status !== 'none'))
    throw new Rejection('DRAFT_PUBLISHED', 'This draft is published already: it is a post now.', ['draftId']);
};
