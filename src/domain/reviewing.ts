import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActsByItself } from './by-itself.ts';
import type { Community } from './community.ts';
import { assertOwnDraft, assertUnpublished, draft } from './draft.ts';
import { ofDraft } from './drafting.ts';
import { assertMember } from './membership.ts';
import { assertTopic, hasRoom, mentor, mentorId, type releaseCause, reviews } from './mentor.ts';
import { placeIn, post } from './post.ts';
import { review } from './review.ts';
import { body, id } from './words.ts';
import { endOfWorkingDays } from './working-time.ts';

/**
 * Asks for a review before publishing. It is offered to the mentor of its topic who has the least to do; where nobody has room it
 * waits, and whoever has some may take it. To ask again while nobody has taken it asks anew.
 */
export const requestReview = defineCommand({
  type: 'RequestReview',
  input: z.strictObject({
    draftId: id,
    topic: z.string().trim().nullable().default(null),
    sharesFeedback: z.boolean().default(false),
  }),
  ...ofDraft,
  within: ({ review }) => ({
    taker: review?.mentorId ? at(mentor, mentorId(review.communityId, review.mentorId)) : null,
  }),
  asks: ({ topic }, _, __, { status, communityId, authorId }) =>
    status === 'open' ? { kind: 'FREE_MENTOR', communityId, topic, exceptMemberIds: [authorId] } : null,
  decide: (
    { draftId, topic, sharesFeedback },
    state,
    { actor, newId, answer, now, needs: { community, membership, ...needs } },
  ) => {
    assertOwnDraft(state, actor);
    assertUnpublished(state, needs.published);
    assertMember(community, membership);
    if (topic !== null) assertTopic(community, topic, ['topic']);
    if (state.review && needs.taker?.reviewIds.includes(state.review.id))
      throw new Rejection('REVIEW_TAKEN', 'A mentor is reading it: wait for the feedback, or publish it.', ['draftId']);
    const { communityId, authorId, review: former } = state;
    const offeredTo = typeof answer === 'string' ? answer : null;
    const replaces = former && needs.review?.mentorId === null ? former.id : null;
    return [
      {
        type: 'ReviewRequested',
        data: {
          draftId,
          communityId,
          authorId,
          reviewId: newId,
          topic,
          offeredTo,
          replaces,
          ...(offeredTo !== null && { offerDueAt: offerDueAt(community, now) }),
          ...(sharesFeedback && { sharesFeedback: true as const }),
        },
      },
    ];
  },
});

/** Until when an offer made now stands: so many whole working days of the community. */
export const offerDueAt = ({ promise: { calendar }, reviewOfferDays }: Community, now: string) =>
  endOfWorkingDays(calendar, now, reviewOfferDays);

const reviewed = { reviewId: id, draftId: id, communityId: id };

/** Takes a review that was offered to the mentor, or that waits for anybody. Never more of them than the mentor's load. */
export const acceptReview = defineCommand({
  type: 'AcceptReview',
  input: z.strictObject(reviewed),
  aggregate: mentor,
  id: ({ communityId }, { actor }) => mentorId(communityId, actor.memberId),
  needs: ({ reviewId, draftId, communityId }, { actor }) => ({
    draft: at(draft, draftId),
    published: at(post, draftId),
    review: at(review, reviewId),
    ...placeIn(communityId, actor),
  }),
  within: ({ draft: { communityId, review } }) => ({
    offered: review?.offeredTo ? at(mentor, mentorId(communityId, review.offeredTo)) : null,
  }),
  decide: ({ reviewId, draftId, communityId }, state, { actor, needs: { draft, review, offered, ...needs } }) => {
    if (state.reviewIds.includes(reviewId)) return [];
    const asked = draft.review;
    const isThere = draft.status === 'open' && needs.published.status === 'none' && draft.communityId === communityId;
    if (!isThere || asked?.id !== reviewId)
      throw new Rejection('REVIEW_NOT_FOUND', 'There is no such review to be taken.', ['reviewId']);
    assertMember(needs.community, needs.membership);
    if (draft.authorId === actor.memberId) throw new Rejection('OWN_DRAFT', 'Nobody reviews a draft of their own.');
    if (!state.isVolunteer) throw new Rejection('NOT_A_MENTOR', 'Volunteer as a mentor of this community first.');
    if (!reviews(state, asked.topic))
      throw new Rejection('TOPIC_NOT_YOURS', `You review other topics than ${asked.topic}: volunteer for it first.`);
    if (review.mentorId !== null) throw taken();
    const isOthers = asked.offeredTo !== null && asked.offeredTo !== actor.memberId;
    if (isOthers && offered && reviews(offered, asked.topic) && hasRoom(offered))
      throw new Rejection('REVIEW_OFFERED', 'This review is offered to another mentor, who has room for it.');
    if (!hasRoom(state))
      throw new Rejection('MENTOR_LOADED', `You review ${state.load} drafts already: give feedback on one first.`);
    const data = { reviewId, draftId, communityId, mentorId: actor.memberId, authorId: draft.authorId };
    return [{ type: 'ReviewAccepted', data }];
  },
  beside: ({ reviewId, ...of }, { actor }) => [
    {
      to: at(review, reviewId),
      events: [{ type: 'ReviewTaken', data: { reviewId, ...of, mentorId: actor.memberId } }],
      orElse: taken(),
    },
  ],
});

const taken = () => new Rejection('REVIEW_TAKEN', 'Another mentor has taken this review.', ['reviewId']);

/** Says what the mentor thinks of a draft, to its author alone. The mentor has room again. */
export const giveFeedback = defineCommand({
  type: 'GiveFeedback',
  input: z.strictObject({ ...reviewed, body }),
  aggregate: mentor,
  id: ({ communityId }, { actor }) => mentorId(communityId, actor.memberId),
  needs: ({ draftId, reviewId }) => ({ draft: at(draft, draftId), review: at(review, reviewId) }),
  decide: ({ body, ...of }, { reviewIds }, { actor, needs: { draft, review } }) => {
    const { memberId } = actor;
    if (!reviewIds.includes(of.reviewId) || review.mentorId !== memberId)
      throw new Rejection('REVIEW_NOT_FOUND', 'You have taken no such review.', ['reviewId']);
    if (draft.status === 'discarded') throw new Rejection('DRAFT_DISCARDED', 'Its author discarded this draft.');
    return [
      { type: 'FeedbackGiven', data: { ...of, mentorId: memberId, authorId: draft.authorId }, personal: { body } },
    ];
  },
});

const mended = z.strictObject({ ...reviewed, mentorId: id });

/** For the process: an acceptance that was cut off in the middle is brought to its end. */
export const confirmReview = defineCommand({
  type: 'ConfirmReview',
  input: mended,
  aggregate: review,
  id: ({ reviewId }) => reviewId,
  needs: ({ communityId, mentorId: memberId }) => ({ mentor: at(mentor, mentorId(communityId, memberId)) }),
  decide: (input, state, { actor, needs: { mentor } }) => {
    assertActsByItself(actor);
    if (state.mentorId !== null || !mentor.reviewIds.includes(input.reviewId)) return [];
    return [{ type: 'ReviewTaken', data: input }];
  },
});

/** For the process: a mentor owes no feedback on what is discarded or published, nor where another mentor was first. */
export const releaseReview = defineCommand({
  type: 'ReleaseReview',
  input: mended,
  aggregate: mentor,
  id: ({ communityId, mentorId: memberId }) => mentorId(communityId, memberId),
  needs: ({ reviewId, draftId }) => ({
    draft: at(draft, draftId),
    published: at(post, draftId),
    review: at(review, reviewId),
  }),
  decide: (input, { reviewIds }, { actor, needs }) => {
    assertActsByItself(actor);
    const cause = reviewIds.includes(input.reviewId) ? causeOf(input, needs) : null;
    return cause ? [{ type: 'ReviewReleased', data: { ...input, cause } }] : [];
  },
});

type Ended = {
  readonly draft: { readonly status: string };
  readonly published: { readonly status: string };
  readonly review: { readonly mentorId: string | null };
};

const causeOf = (
  { mentorId }: { readonly mentorId: string },
  { draft, published, review }: Ended,
): z.infer<typeof releaseCause> | null => {
  if (review.mentorId !== null && review.mentorId !== mentorId) return 'TAKEN';
  if (draft.status === 'discarded') return 'DISCARDED';
  return published.status === 'none' ? null : 'PUBLISHED';
};
