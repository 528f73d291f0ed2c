import { z } from 'zod';
import { defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { assertActsByItself } from './by-itself.ts';
import { assertOpen, assertSteers, type Community, community } from './community.ts';
import { assertMember, pair } from './membership.ts';
import { placeIn } from './post.ts';
import { id } from './words.ts';

// Somebody who reviews what others dare not publish yet, in one community: for which topics, and how many at a time.

const taken = { reviewId: id, draftId: id, communityId: id, mentorId: id };

export const releaseCause = z.enum(['DISCARDED', 'PUBLISHED', 'TAKEN']);

/** No topics: any. */
const offer = { topics: z.array(z.string()), load: z.int() };

// Events. These names and shapes are a file format: add, never edit.
export const mentorEvents = defineEvents({
  MentorVolunteered: { version: 1, data: z.strictObject({ ...pair, ...offer }) },
  MentorOfferChanged: { version: 1, data: z.strictObject({ ...pair, ...offer }) },
  MentorWithdrew: { version: 1, data: z.strictObject(pair) },
  ReviewAccepted: { version: 1, data: z.strictObject({ ...taken, authorId: id }), confidential: true },
  FeedbackGiven: {
    version: 1,
    data: z.strictObject({ ...taken, authorId: id }),
    personal: z.strictObject({ body: z.string() }),
    subject: ({ authorId }: { authorId: string }) => authorId,
    confidential: true,
  },
  /** The mentor owes nothing any more: the draft is gone or published, or another mentor was first. */
  ReviewReleased: {
    version: 1,
    data: z.strictObject({ ...taken, cause: releaseCause }),
    confidential: true,
  },
});

export type Mentor = {
  readonly isVolunteer: boolean;
  readonly topics: readonly string[];
  readonly load: number;
  /** The reviews that wait for feedback: never more than the load when one is accepted. */
  readonly reviewIds: readonly string[];
};

/** A stream for each pair of community and mentor: it holds the load. */
export const mentor = defineAggregate<Mentor>()({
  category: 'mentor',
  events: mentorEvents,
  initial: { isVolunteer: false, topics: [], load: 0, reviewIds: [] },
  evolve: {
    MentorVolunteered: (state, { topics, load }) => ({ ...state, isVolunteer: true, topics, load }),
    MentorOfferChanged: (state, { topics, load }) => ({ ...state, topics, load }),
    MentorWithdrew: (state) => ({ ...state, isVolunteer: false, topics: [], load: 0 }),
    ReviewAccepted: (state, { reviewId }) => ({ ...state, reviewIds: [...state.reviewIds, reviewId] }),
    FeedbackGiven: (state, { reviewId }) => ({ ...state, reviewIds: without(state.reviewIds, reviewId) }),
    ReviewReleased: (state, { reviewId }) => ({ ...state, reviewIds: without(state.reviewIds, reviewId) }),
  },
});

const without = (ids: readonly string[], gone: string) => ids.filter((id) => id !== gone);

export const mentorId = (communityId: string, memberId: string) => `${communityId}-${memberId}`;

/** Whether a mentor could take a review of this topic; a review without one is anybody's. */
export const reviews = ({ isVolunteer, topics }: Mentor, topic: string | null) =>
  isVolunteer && (topic === null || topics.length === 0 || topics.includes(topic));

export const hasRoom = ({ load, reviewIds }: Mentor) => reviewIds.length < load;

const MAX_TOPICS = 50;
const MAX_LOAD = 20;
const MAX_OFFER_DAYS = 30;

const topic = z.string().trim().min(1, 'A topic has a name.').max(60, 'A topic has at most 60 characters.');

/** What mentoring is about here: the community's own list, from which mentors and authors choose. */
export const setMentoringTopics = defineCommand({
  type: 'SetMentoringTopics',
  input: z.strictObject({
    communityId: id,
    topics: z.array(topic).max(MAX_TOPICS, `A community has at most ${MAX_TOPICS} topics.`),
  }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: ({ communityId, topics: given }, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    const topics = [...new Set(given)];
    if (same(topics, state.mentoringTopics)) return [];
    return [{ type: 'MentoringTopicsSet', data: { communityId, topics, setBy: actor.memberId } }];
  },
});

/** How long an offered review waits for its mentor before the next one is asked. It holds for offers made from now on. */
export const setReviewOfferTerm = defineCommand({
  type: 'SetReviewOfferTerm',
  input: z.strictObject({
    communityId: id,
    workingDays: z.int().min(1).max(MAX_OFFER_DAYS, `An offer stands for 1 to ${MAX_OFFER_DAYS} working days.`),
  }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: ({ communityId, workingDays }, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    if (state.reviewOfferDays === workingDays) return [];
    return [{ type: 'ReviewOfferTermSet', data: { communityId, workingDays, setBy: actor.memberId } }];
  },
});

/** Offers to review drafts, so many at a time; a load of 0 takes the offer back. What was accepted before is still owed. */
export const volunteerAsMentor = defineCommand({
  type: 'VolunteerAsMentor',
  input: z.strictObject({
    communityId: id,
    topics: z.array(topic).max(MAX_TOPICS).default([]),
    load: z.int().min(0, 'A load is 0 or more.').max(MAX_LOAD, `A mentor has at most ${MAX_LOAD} reviews at a time.`),
  }),
  aggregate: mentor,
  id: ({ communityId }, { actor }) => mentorId(communityId, actor.memberId),
  needs: ({ communityId }, { actor }) => placeIn(communityId, actor),
  decide: ({ communityId, topics: given, load }, state, { actor, needs: { community, membership } }) => {
    const pair = { communityId, memberId: actor.memberId };
    if (load === 0) return state.isVolunteer ? [{ type: 'MentorWithdrew', data: pair }] : [];
    assertMember(community, membership);
    if (actor.kind !== 'MEMBER') throw new Rejection('MENTOR_IS_A_PERSON', 'A service account reviews no drafts.');
    for (const one of given) assertTopic(community, one, ['topics']);
    const topics = [...new Set(given)];
    if (state.isVolunteer && state.load === load && same(state.topics, topics)) return [];
    const type = state.isVolunteer ? ('MentorOfferChanged' as const) : ('MentorVolunteered' as const);
    return [{ type, data: { ...pair, topics, load } }];
  },
});

/** For the process: whoever left the community reviews nothing more in it. */
export const withdrawMentor = defineCommand({
  type: 'WithdrawMentor',
  input: z.strictObject(pair),
  aggregate: mentor,
  id: ({ communityId, memberId }) => mentorId(communityId, memberId),
  decide: (pair, { isVolunteer }, { actor }) => {
    assertActsByItself(actor, ', when a mentor leaves');
    return isVolunteer ? [{ type: 'MentorWithdrew', data: pair }] : [];
  },
});

export const assertTopic = ({ mentoringTopics }: Community, topic: string, path: readonly string[]) => {
  if (mentoringTopics.includes(topic)) return;
  const known = mentoringTopics.length > 0 ? `one of: ${mentoringTopics.join(', ')}` : 'none: it has no topics yet';
  throw new Rejection('TOPIC_UNKNOWN', `The topics of this community are its own list. Choose ${known}.`, path);
};

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((one) => b.includes(one));
