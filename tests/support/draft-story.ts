import { at, type Principal } from '../../src/core/decider.ts';
import type { Sealed } from '../../src/core/event.ts';
import { community } from '../../src/domain/community.ts';
import { draft } from '../../src/domain/draft.ts';
import { mentor, mentorId } from '../../src/domain/mentor.ts';
import { review } from '../../src/domain/review.ts';
import type { PostKind } from '../../src/domain/words.ts';
import type { Told } from './given.ts';
import { ada, bao, garden } from './story.ts';

// Bao is new and writes; Ada and others read what he dares not publish yet.

export const draftId = '50505050-0000-4000-8000-000000000000';
export const reviewId = '51515151-0000-4000-8000-000000000000';
export const otherReview = '52525252-0000-4000-8000-000000000000';
export const SOON = '2026-01-02T09:00:00.000Z';

export const text = { title: 'Which spade?', body: 'The soil is heavy.' };
export const opened = { erased: false, value: text } as const;
/** What stands for the sealed text: folds pass it on unopened. */
export const sealed = '1.kid.iv.ct.event.PostDrafted.draft' as Sealed;

const inDraft = (type: string, more: object = {}): Told => ({
  to: at(draft, draftId),
  type,
  data: { draftId, communityId: garden, authorId: bao.memberId, ...more },
});

export const drafted = (author: Principal = bao, kind: PostKind = 'QUESTION') =>
  inDraft('PostDrafted', { authorId: author.memberId, authorKind: 'MEMBER', kind, sealed });
export const discarded = inDraft('DraftDiscarded', { review: null });
export const scheduled = (when = SOON) => inDraft('PostScheduled', { at: when });
export const askedForReview = (offeredTo: Principal | null, topic: string | null = null) =>
  inDraft('ReviewRequested', { reviewId, topic, offeredTo: offeredTo?.memberId ?? null, replaces: null });

export const passedOn = ({ memberId }: Principal) =>
  inDraft('ReviewPassedOn', { reviewId, mentorId: memberId, cause: 'DECLINED' });

export const topicsAre = (...topics: readonly string[]): Told => ({
  to: at(community, garden),
  type: 'MentoringTopicsSet',
  data: { communityId: garden, topics, setBy: ada.memberId },
});

const ofMentor = ({ memberId }: Principal, type: string, data: object): Told => ({
  to: at(mentor, mentorId(garden, memberId)),
  type,
  data,
});

export const volunteered = (who: Principal, load = 1, topics: readonly string[] = []) =>
  ofMentor(who, 'MentorVolunteered', { communityId: garden, memberId: who.memberId, topics, load });

export const acceptedReview = (who: Principal, id = reviewId) =>
  ofMentor(who, 'ReviewAccepted', {
    reviewId: id,
    draftId,
    communityId: garden,
    mentorId: who.memberId,
    authorId: bao.memberId,
  });

export const gaveFeedback = (who: Principal, id = reviewId) =>
  ofMentor(who, 'FeedbackGiven', {
    reviewId: id,
    draftId,
    communityId: garden,
    mentorId: who.memberId,
    authorId: bao.memberId,
  });

export const tookReview = (who: Principal, id = reviewId): Told => ({
  to: at(review, id),
  type: 'ReviewTaken',
  data: { reviewId: id, draftId, communityId: garden, mentorId: who.memberId },
});
