import { describe, expect, test } from 'vitest';
import { SYSTEM } from '../../src/core/decider.ts';
import {
  closeDraft,
  discardDraft,
  eraseDraft,
  failPublication,
  saveDraft,
  schedulePost,
} from '../../src/domain/drafting.ts';
import { isConfidential } from '../../src/domain/index.ts';
import { publishPost, publishScheduledPost } from '../../src/domain/publishing.ts';
import {
  acceptedReview,
  askedForReview,
  discarded,
  drafted,
  draftId,
  opened,
  reviewId,
  SOON,
  scheduled,
  text,
  tookReview,
} from '../support/draft-story.ts';
import { given, NEW_ID } from '../support/given.ts';
import { declared } from '../support/promise-story.ts';
import { ada, admin, archived, bao, founded, garden, hidden, joined, left, published } from '../support/story.ts';

const open = [founded(), joined(ada), joined(bao)];
const written = [...open, drafted()];
const becamePost = published(draftId, bao, 'QUESTION');

describe('saving a draft', () => {
  const save = { communityId: garden, kind: 'QUESTION', ...text } as const;

  test('a member begins one, which may say little yet', () => {
    given(...open)
      .when(saveDraft, { ...save, title: '', body: '' }, bao)
      .yields({
        type: 'PostDrafted',
        data: { draftId: NEW_ID, communityId: garden, authorId: bao.memberId, kind: 'QUESTION' },
        personal: { title: '', body: '' },
      });
    given(founded()).when(saveDraft, save, bao).rejects('NOT_A_MEMBER');
    given(hidden()).when(saveDraft, save, bao).rejects('COMMUNITY_NOT_FOUND');
    given(...open)
      .when(saveDraft, text, bao)
      .rejects('INVALID_INPUT');
  });

  test('its author goes on with it, in its community', () => {
    given(...written)
      .when(saveDraft, { draftId, title: 'Which fork?', body: '' }, bao)
      .yields({ type: 'DraftRevised', data: { draftId, kind: 'QUESTION' }, personal: { title: 'Which fork?' } });
    given(...written)
      .when(saveDraft, { draftId, kind: 'DISCUSSION', ...text }, bao)
      .yields({ type: 'DraftRevised', data: { kind: 'DISCUSSION' } });
    given(...written)
      .when(saveDraft, { draftId, communityId: NEW_ID, ...text }, bao)
      .rejects('INVALID_INPUT');
  });

  test('for everybody else it is not there', () => {
    for (const other of [ada, admin])
      given(...written)
        .when(saveDraft, { draftId, ...text }, other)
        .rejects('DRAFT_NOT_FOUND');
    given(...open)
      .when(saveDraft, { draftId, ...text }, bao)
      .rejects('DRAFT_NOT_FOUND');
  });

  test('nothing is saved in what is discarded or published', () => {
    given(...written, discarded)
      .when(saveDraft, { draftId, ...text }, bao)
      .rejects('DRAFT_DISCARDED');
    given(...written, becamePost)
      .when(saveDraft, { draftId, ...text }, bao)
      .rejects('DRAFT_PUBLISHED');
  });
});

describe('discarding a draft', () => {
  test('its author does, once, and its key is destroyed with it', () => {
    given(...written)
      .when(discardDraft, { draftId }, bao)
      .yields({ type: 'DraftDiscarded', data: { draftId, review: null } });
    given(...written, discarded)
      .when(discardDraft, { draftId }, bao)
      .yields();
    expect(discardDraft.destroys?.({ draftId }, { ...eraseDraft.aggregate.initial })).toEqual([draftId]);
  });

  test('says whose review is over with it', () => {
    given(...written, askedForReview(ada), acceptedReview(ada), tookReview(ada))
      .when(discardDraft, { draftId }, bao)
      .yields({ type: 'DraftDiscarded', data: { review: { reviewId, mentorId: ada.memberId } } });
  });

  test('nobody else does, and nobody once it is a post', () => {
    given(...written)
      .when(discardDraft, { draftId }, admin)
      .rejects('DRAFT_NOT_FOUND');
    given(...written, discarded)
      .when(discardDraft, { draftId }, ada)
      .rejects('DRAFT_NOT_FOUND');
    given(...written, becamePost)
      .when(discardDraft, { draftId }, bao)
      .rejects('DRAFT_PUBLISHED');
  });

  test('that was cut off is brought to its end, and no other key is destroyed', () => {
    const { initial } = eraseDraft.aggregate;
    expect(eraseDraft.destroys?.({ draftId }, { ...initial, status: 'discarded' })).toEqual([draftId]);
    expect(eraseDraft.destroys?.({ draftId }, { ...initial, status: 'open' })).toEqual([]);
  });
});

describe('publishing a draft', () => {
  test('its author does, with what it says, under its id', () => {
    given(...written)
      .when(publishPost, { draftId }, bao, { opened })
      .yields({
        type: 'PostPublished',
        data: { postId: draftId, communityId: garden, authorId: bao.memberId, kind: 'QUESTION', fromDraft: true },
        personal: text,
      });
  });

  test('what is typed beside it goes before it', () => {
    given(...written)
      .when(publishPost, { draftId, title: 'Which fork?', kind: 'DISCUSSION' }, bao, { opened })
      .yields({
        type: 'PostPublished',
        data: { kind: 'DISCUSSION' },
        personal: { title: 'Which fork?', body: text.body },
      });
  });

  test('a question of a newcomer is promised a sooner answer', () => {
    given(...written, declared({ first: 14_400, newcomer: 600 }))
      .when(publishPost, { draftId }, bao, { opened, answer: false })
      .yields({ type: 'PostPublished', data: { promise: { isTighter: true } } });
  });

  test('one that lacks something says what', () => {
    given(...written)
      .when(publishPost, { draftId }, bao, { opened: { erased: false, value: { title: '', body: 'Hm.' } } })
      .rejects('DRAFT_INCOMPLETE');
    given(...open)
      .when(publishPost, { communityId: garden, kind: 'QUESTION', title: 'Which spade?' }, bao)
      .rejects('INVALID_INPUT');
    given(...open)
      .when(publishPost, { kind: 'QUESTION', ...text }, bao)
      .rejects('INVALID_INPUT');
  });

  test('nobody publishes that of another, nor one twice, nor one that was discarded', () => {
    given(...written)
      .when(publishPost, { draftId }, ada, { opened })
      .rejects('DRAFT_NOT_FOUND');
    given(...written, becamePost)
      .when(publishPost, { draftId }, bao, { opened })
      .rejects('DRAFT_PUBLISHED');
    given(...written, discarded)
      .when(publishPost, { draftId }, bao, { opened: { erased: true } })
      .rejects('DRAFT_DISCARDED');
    given(...written, left(bao))
      .when(publishPost, { draftId }, bao, { opened })
      .rejects('NOT_A_MEMBER');
  });

  test('closes it, with the review that it had', () => {
    given(...written, askedForReview(ada), acceptedReview(ada), tookReview(ada), becamePost)
      .when(closeDraft, { draftId }, SYSTEM)
      .yields({ type: 'DraftPublished', data: { review: { reviewId, mentorId: ada.memberId } } });
    given(...written)
      .when(closeDraft, { draftId }, SYSTEM)
      .yields();
  });
});

describe('scheduling a draft', () => {
  test('its author says when, and takes it back', () => {
    given(...written)
      .when(schedulePost, { draftId, at: SOON }, bao, { opened })
      .yields({ type: 'PostScheduled', data: { draftId, at: SOON } });
    given(...written, scheduled())
      .when(schedulePost, { draftId, at: SOON }, bao, { opened })
      .yields();
    given(...written, scheduled())
      .when(schedulePost, { draftId, at: null }, bao)
      .yields({ type: 'PostUnscheduled' });
    given(...written)
      .when(schedulePost, { draftId, at: null }, bao)
      .yields();
  });

  test('for a moment ahead, and only what could be published', () => {
    for (const when of ['2025-12-31T23:59:59.000Z', '2026-01-01T00:00:00.000Z', '2027-06-01T00:00:00.000Z'])
      given(...written)
        .when(schedulePost, { draftId, at: when }, bao, { opened })
        .rejects('SCHEDULE_OUT_OF_RANGE');
    given(...written)
      .when(schedulePost, { draftId, at: SOON }, bao, { opened: { erased: false, value: { title: '', body: '' } } })
      .rejects('DRAFT_INCOMPLETE');
    given(...written, left(bao))
      .when(schedulePost, { draftId, at: SOON }, bao, { opened })
      .rejects('NOT_A_MEMBER');
  });

  test('at its time it is published as its author’s', () => {
    given(...written, scheduled())
      .when(publishScheduledPost, { draftId, at: SOON }, SYSTEM, { opened })
      .yields({
        type: 'PostPublished',
        data: { postId: draftId, authorId: bao.memberId, authorKind: 'MEMBER', fromDraft: true },
        personal: text,
      });
  });

  test('what was moved, stopped, discarded or published meanwhile is passed over', () => {
    const later = scheduled('2026-01-03T09:00:00.000Z');
    for (const more of [[], [scheduled(), later], [scheduled(), discarded], [scheduled(), becamePost]])
      given(...written, ...more)
        .when(publishScheduledPost, { draftId, at: SOON }, SYSTEM, { opened })
        .yields();
  });

  test('what a rule refuses at its time is not published, and the draft says which', () => {
    given(...written, scheduled(), left(bao))
      .when(publishScheduledPost, { draftId, at: SOON }, SYSTEM, { opened })
      .rejects('NOT_A_MEMBER');
    given(...written, scheduled(), archived)
      .when(publishScheduledPost, { draftId, at: SOON }, SYSTEM, { opened })
      .rejects('COMMUNITY_ARCHIVED');
    given(...written, scheduled())
      .when(failPublication, { draftId, at: SOON, code: 'NOT_A_MEMBER' }, SYSTEM)
      .yields({ type: 'PublicationFailed', data: { code: 'NOT_A_MEMBER', at: SOON } });
  });

  test('a refusal that comes too late is not told: it has another time by then, or none, or is gone', () => {
    for (const since of [[scheduled('2026-01-03T09:00:00.000Z')], [], [scheduled(), discarded]])
      given(...written, ...since)
        .when(failPublication, { draftId, at: SOON, code: 'NOT_A_MEMBER' }, SYSTEM)
        .yields();
  });

  test('nobody does by hand what happens by itself', () => {
    given(...written, scheduled())
      .when(publishScheduledPost, { draftId, at: SOON }, bao, { opened })
      .rejects('NOT_ALLOWED');
    given(...written, scheduled())
      .when(failPublication, { draftId, at: SOON, code: 'X' }, bao)
      .rejects('NOT_ALLOWED');
  });
});

test('what happens to a draft is confidential, and that a post was published is not', () => {
  const drafts = [
    'PostDrafted',
    'DraftRevised',
    'DraftDiscarded',
    'DraftPublished',
    'PostScheduled',
    'PostUnscheduled',
  ];
  const reviews = [
    'PublicationFailed',
    'ReviewRequested',
    'ReviewAccepted',
    'ReviewTaken',
    'ReviewReleased',
    'FeedbackGiven',
  ];
  for (const type of [...drafts, ...reviews]) expect([type, isConfidential(type)]).toEqual([type, true]);
  for (const type of ['PostPublished', 'MentorVolunteered', 'toString']) expect(isConfidential(type)).toBe(false);
});
