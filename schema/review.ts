import {
  BY_REQUEST,
  countReviewsFor,
  countWaitingReviewsInEach,
  type ReviewRow,
  reviews,
  reviewsFor,
  waitingReviewsInEach,
} from '../projections/reviews.ts';
import { Rejection } from '../src/core/rejection.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { connectionOf, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { aboutDraft, DRAFT_ID, draftAnswer, draftReads } from './draft.ts';
import { globalId } from './global-id.ts';
import { knownMember } from './member.ts';
import { commandField, idIn, repeatable } from './mutation.ts';
import { facilitates, joinedCommunities, visibleDraft, visibleReview } from './sight.ts';
import { Community, Draft, Member, Node, Review } from './types.ts';
import { knownCommunity } from './written.ts';

const ReviewStatus = builder.enumType('ReviewStatus', {
  description: 'How far a review is.',
  values: {
    WAITING: { description: 'Nobody has taken it.' },
    TAKEN: { description: 'A mentor reads the draft.' },
    ANSWERED: { description: 'The mentor has given feedback.' },
    ENDED: { description: 'The draft was published or discarded before, or a review was asked for anew.' },
  },
});

const statusOf = ({ answeredAt, endedAt, mentorId }: ReviewRow) => {
  if (answeredAt) return 'ANSWERED';
  if (endedAt) return 'ENDED';
  return mentorId ? 'TAKEN' : 'WAITING';
};

const memberOrNull = (context: Context, id: string | null) => (id === null ? null : knownMember(context, id));

Review.implement({
  description: 'A look of a mentor at what somebody has not published yet.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Review', id) }),
    status: t.field({ type: ReviewStatus, description: 'How far it is.', resolve: statusOf }),
    topic: t.exposeString('topic', {
      nullable: true,
      description: "What it is about, of the community's topics; null where any mentor will do.",
    }),
    community: t.field({
      type: Community,
      description:
        'Where the draft is going to stand. `NOT_FOUND` for an author who does not see that community any more.',
      resolve: ({ communityId }, _, context) => knownCommunity(context, communityId),
    }),
    requestedBy: t.field({
      type: Member,
      description: 'Who asks for it: the author of the draft.',
      resolve: ({ authorId }, _, context) => knownMember(context, authorId),
    }),
    requestedAt: t.field({
      type: 'DateTime',
      description: 'Since when it is asked for.',
      resolve: ({ requestedAt }) => requestedAt,
    }),
    offeredTo: t.field({
      type: Member,
      nullable: true,
      description:
        'The mentor to whom it is offered now: who had the least to do. Null where nobody has room: it waits for whoever does.',
      resolve: ({ offeredTo }, _, context) => memberOrNull(context, offeredTo),
    }),
    offerDueAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'Until when it is offered to that mentor: then the next one is asked. Null where it is offered to nobody, or taken.',
      resolve: ({ offerDueAt, mentorId }) => (mentorId === null ? offerDueAt : null),
    }),
    mentor: t.field({
      type: Member,
      nullable: true,
      description: 'Who took it; null while nobody has.',
      resolve: ({ mentorId }, _, context) => memberOrNull(context, mentorId),
    }),
    takenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken; null before.',
      resolve: ({ takenAt }) => takenAt,
    }),
    answeredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the feedback was given; null before.',
      resolve: ({ answeredAt }) => answeredAt,
    }),
    draft: t.field({
      type: Draft,
      nullable: true,
      description:
        'The draft: for its author, and as it was sent for the mentor who reads it, until they have given their feedback. Null for everybody else.',
      resolve: ({ draftId }, _, context) => visibleDraft(context, draftId),
    }),
  }),
});

builder.objectField(Draft, 'review', (t) =>
  t.field({
    type: Review,
    nullable: true,
    description: 'The review that was asked for last; null where none was.',
    resolve: ({ reviewId }, _, context) => (reviewId === null ? null : visibleReview(context, reviewId)),
  }),
);

const ReviewConnection = connectionOf(Review, 'reviews');
const byRequest = (of: string): ListOrder => ({ name: 'reviews', of, parts: ['position'] });
const place = (row: ReviewRow) => BY_REQUEST.columns.map((column) => row[column]);

builder.queryField('reviews', (t) =>
  t.field({
    type: ReviewConnection,
    nullable: true,
    authScopes: { may: 'posts:read' },
    description:
      'What waits for the viewer as a mentor in the communities that they are a member of: reviews that they took, that are offered to them, or that nobody else has room for. Whoever waits longest comes first.',
    args: pageArguments(t.arg),
    resolve: async (_, args, context) => {
      const { viewer, log, read } = context;
      const memberId = viewer?.memberId ?? null;
      const order = byRequest(memberId ?? log.identity.logId);
      const page = pageOf(order, args);
      const db = read.from(reviews);
      const mentor = memberId ? { memberId, in: await joinedCommunities(context) } : null;
      return toConnection({
        order,
        page,
        paged: mentor ? await reviewsFor(db, mentor, page) : { rows: [], more: false },
        place,
        node: (row) => row,
        count: () => (mentor ? countReviewsFor(db, mentor) : 0),
      });
    },
  }),
);

builder.objectField(Community, 'waitingReviews', (t) =>
  t.field({
    type: ReviewConnection,
    authScopes: { may: 'posts:read' },
    nullable: true,
    description:
      'Reviews that nobody has taken, whoever waits longest first; without what the drafts say. One that is offered to nobody needs another mentor. Null for who does not facilitate the community.',
    args: pageArguments(t.arg),
    resolve: async ({ id }, args, context) => {
      if (!(await facilitates(context, id))) return null;
      const order = byRequest(id);
      const page = pageOf(order, args);
      const db = context.read.from(reviews);
      const { each } = context.loaders;
      const load = (ids: readonly string[]) => waitingReviewsInEach(db, ids, page);
      return toConnection({
        order,
        page,
        paged: await each(`waiting reviews ${JSON.stringify(args)}`, load).load(id),
        place,
        node: (row) => row,
        count: () => each('waiting review count', (ids) => countWaitingReviewsInEach(db, ids)).load(id),
      });
    },
  }),
);

const reviewAnswer = {
  review: {
    type: Review,
    description: 'The review as it is now.',
    load: ({ input }: { readonly input: { readonly reviewId: string } }, context: Context) =>
      visibleReview(context, idIn('Review', input, 'reviewId')),
  },
};

/** A review as the rules name it: with the draft and the community that it belongs to. */
const reviewIn = async (input: { readonly reviewId: string }, context: Context) => {
  const row = await visibleReview(context, idIn('Review', input, 'reviewId'));
  if (!row) throw new Rejection('REVIEW_NOT_FOUND', 'There is no such review.', ['reviewId']);
  return { reviewId: row.id, draftId: row.draftId, communityId: row.communityId };
};

commandField({
  command: commands.requestReview,
  description:
    'Asks for a look of a mentor before publishing. It is offered to the mentor of the topic who has the least to do, the earliest volunteer among equals, and goes to the next one when that mentor declines or lets the time pass (`Community.reviewOfferDays`). Where nobody has room it waits until somebody has, and the facilitators see it. The mentor reads the draft as it is now. Asked again while nobody has taken it, it is offered anew.',
  scope: 'posts:write',
  input: builder.inputType('RequestReviewInput', {
    description: 'What `requestReview` asks for.',
    fields: (t) => ({
      draftId: t.id({ required: true, description: DRAFT_ID }),
      topic: t.string({ description: 'What it is about, of `Community.mentoringTopics`; any mentor unless given.' }),
      sharesFeedback: t.boolean({
        description: 'Whether the mentor reads what others said of the draft before: no unless given.',
      }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    draftId: idIn('Draft', input, 'draftId'),
    topic: input.topic ?? null,
    sharesFeedback: input.sharesFeedback ?? undefined,
  }),
  about: aboutDraft,
  reads: draftReads,
  answers: {
    ...draftAnswer,
    review: {
      type: Review,
      description: 'The review that was asked for.',
      load: ({ created }: { readonly created: string }, context: Context) => visibleReview(context, created),
    },
  },
});

commandField({
  command: commands.acceptReview,
  description:
    'Takes a review that is offered to the viewer, or that nobody else has room for. The mentor then sees the draft. Never more reviews at a time than the mentor volunteered for.',
  scope: 'posts:write',
  input: builder.inputType('AcceptReviewInput', {
    description: 'What `acceptReview` asks for.',
    fields: (t) => ({
      reviewId: t.id({ required: true, description: 'The id of the review.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: reviewIn,
  reads: draftReads,
  answers: reviewAnswer,
});

commandField({
  command: commands.declineReview,
  description:
    'Does not take a review that is offered to the viewer: the next mentor is asked, and it is not offered to the viewer again.',
  scope: 'posts:write',
  input: builder.inputType('DeclineReviewInput', {
    description: 'What `declineReview` asks for.',
    fields: (t) => ({
      reviewId: t.id({ required: true, description: 'The id of the review.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: reviewIn,
  reads: draftReads,
  answers: {
    review: {
      ...reviewAnswer.review,
      description: 'The review as it is now; null where the viewer has no part in it any more.',
    },
  },
});

commandField({
  command: commands.giveFeedback,
  description:
    'Says to the author of a draft what the viewer, who took its review, thinks of it. For the author alone.',
  scope: 'posts:write',
  input: builder.inputType('GiveFeedbackInput', {
    description: 'What `giveFeedback` asks for.',
    fields: (t) => ({
      reviewId: t.id({ required: true, description: 'The id of the review.' }),
      body: t.string({ required: true, description: 'What the mentor thinks: 1 to 40,000 characters.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: async (input, context) => ({ ...(await reviewIn(input, context)), body: input.body }),
  reads: draftReads,
  answers: reviewAnswer,
});
