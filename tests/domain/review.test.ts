import { describe, test } from 'vitest';
import { at, SYSTEM } from '../../src/core/decider.ts';
import { setMentoringTopics, setReviewOfferTerm, volunteerAsMentor, withdrawMentor } from '../../src/domain/mentor.ts';
import { declineReview, lapseReviewOffer, offerReview } from '../../src/domain/review-offer.ts';
import { acceptReview, confirmReview, giveFeedback, releaseReview, requestReview } from '../../src/domain/reviewing.ts';
import { welcome, welcomeNewcomer } from '../../src/domain/welcome.ts';
import {
  acceptedReview,
  askedForReview,
  discarded,
  drafted,
  draftId,
  gaveFeedback,
  otherReview,
  passedOn,
  reviewId,
  tookReview,
  topicsAre,
  volunteered,
} from '../support/draft-story.ts';
import { given, NEW_ID } from '../support/given.ts';
import { worksOnWeekdays } from '../support/promise-story.ts';
import { ada, admin, bao, chloe, founded, garden, joined, left, published, question } from '../support/story.ts';

const open = [founded(), joined(ada), joined(bao), joined(chloe), topicsAre('tools', 'seeds')];
const written = [...open, drafted()];
const review = { reviewId, draftId, communityId: garden };

describe('the topics of a community', () => {
  test('are its own list, which who steers it sets', () => {
    given(founded())
      .when(setMentoringTopics, { communityId: garden, topics: ['tools', ' tools ', 'seeds'] }, ada)
      .yields({ type: 'MentoringTopicsSet', data: { topics: ['tools', 'seeds'], setBy: ada.memberId } });
    given(...open)
      .when(setMentoringTopics, { communityId: garden, topics: ['tools', 'seeds'] }, ada)
      .yields();
    given(...open)
      .when(setMentoringTopics, { communityId: garden, topics: ['rakes'] }, bao)
      .rejects('NOT_ALLOWED');
  });
});

describe('volunteering', () => {
  const offer = { communityId: garden, topics: ['tools'], load: 2 };

  test('a member does for topics of the list, with a load', () => {
    given(...open)
      .when(volunteerAsMentor, offer, ada)
      .yields({ type: 'MentorVolunteered', data: { memberId: ada.memberId, topics: ['tools'], load: 2 } });
    given(...open)
      .when(volunteerAsMentor, { ...offer, topics: ['rakes'] }, ada)
      .rejects('TOPIC_UNKNOWN');
    given(founded()).when(volunteerAsMentor, offer, ada).rejects('NOT_A_MEMBER');
    given(...open)
      .when(volunteerAsMentor, offer, { ...ada, kind: 'SERVICE' })
      .rejects('MENTOR_IS_A_PERSON');
  });

  test('another offer replaces it, the same says nothing new, and a load of 0 takes it back', () => {
    const mentors = [...open, volunteered(ada, 2, ['tools'])];
    given(...mentors)
      .when(volunteerAsMentor, { ...offer, load: 3 }, ada)
      .yields({ type: 'MentorOfferChanged', data: { load: 3 } });
    given(...mentors)
      .when(volunteerAsMentor, offer, ada)
      .yields();
    given(...mentors)
      .when(volunteerAsMentor, { communityId: garden, load: 0 }, ada)
      .yields({ type: 'MentorWithdrew' });
    given(...open)
      .when(volunteerAsMentor, { communityId: garden, load: 0 }, ada)
      .yields();
    given(...mentors)
      .when(withdrawMentor, { communityId: garden, memberId: ada.memberId }, SYSTEM)
      .yields({ type: 'MentorWithdrew' });
  });
});

describe('asking for a review', () => {
  test('is offered to the mentor who has room, or waits', () => {
    given(...written)
      .when(requestReview, { draftId, topic: 'tools' }, bao, { answer: ada.memberId })
      .yields({
        type: 'ReviewRequested',
        data: { reviewId: NEW_ID, topic: 'tools', offeredTo: ada.memberId, replaces: null },
      });
    for (const answer of [false, null])
      given(...written)
        .when(requestReview, { draftId }, bao, { answer })
        .yields({ type: 'ReviewRequested', data: { topic: null, offeredTo: null } });
    given(...written)
      .when(requestReview, { draftId, topic: 'rakes' }, bao)
      .rejects('TOPIC_UNKNOWN');
    given(...written)
      .when(requestReview, { draftId }, ada)
      .rejects('DRAFT_NOT_FOUND');
  });

  test('again is a new request while nobody has taken it, none while somebody reads it, and one after the feedback', () => {
    given(...written, askedForReview(ada))
      .when(requestReview, { draftId }, bao)
      .yields({ type: 'ReviewRequested', data: { replaces: reviewId } });
    const taken = [...written, askedForReview(ada), volunteered(ada), acceptedReview(ada), tookReview(ada)];
    given(...taken)
      .when(requestReview, { draftId }, bao)
      .rejects('REVIEW_TAKEN');
    given(...taken, gaveFeedback(ada))
      .when(requestReview, { draftId }, bao)
      .yields({ type: 'ReviewRequested', data: { replaces: null } });
  });
});

describe('an offer', () => {
  const offered = [...written, volunteered(ada), volunteered(chloe), askedForReview(ada)];

  test('stands for as many working days as the community has set', () => {
    given(...written)
      .when(setReviewOfferTerm, { communityId: garden, workingDays: 5 }, ada)
      .yields({ type: 'ReviewOfferTermSet', data: { workingDays: 5, setBy: ada.memberId } });
    given(...written)
      .when(setReviewOfferTerm, { communityId: garden, workingDays: 5 }, bao)
      .rejects('NOT_ALLOWED');
    // Thursday, January 1st 2026: Friday, Monday, Tuesday.
    given(...written)
      .when(requestReview, { draftId }, bao, { answer: ada.memberId })
      .yields({ type: 'ReviewRequested', data: { offerDueAt: '2026-01-07T00:00:00.000Z' } });
    given(...written, worksOnWeekdays)
      .when(requestReview, { draftId }, bao, { answer: ada.memberId })
      .yields({ type: 'ReviewRequested', data: { offerDueAt: '2026-01-06T17:00:00.000Z' } });
  });

  test('is declined by its mentor alone, once, and then goes to another one', () => {
    given(...offered)
      .when(declineReview, review, ada)
      .yields({ type: 'ReviewPassedOn', data: { mentorId: ada.memberId, cause: 'DECLINED' } });
    given(...offered)
      .when(declineReview, review, chloe)
      .rejects('REVIEW_NOT_OFFERED');
    given(...offered, passedOn(ada))
      .when(declineReview, review, ada)
      .yields();
    given(...offered, passedOn(ada))
      .when(offerReview, review, SYSTEM, { answer: chloe.memberId })
      .yields({ type: 'ReviewOffered', data: { offeredTo: chloe.memberId, offerDueAt: '2026-01-07T00:00:00.000Z' } });
    given(...offered, passedOn(ada))
      .when(offerReview, review, SYSTEM, { answer: false })
      .yields();
  });

  test('lapses where its mentor has done nothing, and not where it was taken or is another one’s by then', () => {
    const lapse = { ...review, mentorId: ada.memberId };
    given(...offered)
      .when(lapseReviewOffer, lapse, SYSTEM)
      .yields({ type: 'ReviewPassedOn', data: { mentorId: ada.memberId, cause: 'LAPSED' } });
    for (const since of [tookReview(ada), passedOn(ada), discarded])
      given(...offered, since)
        .when(lapseReviewOffer, lapse, SYSTEM)
        .yields();
  });

  test('stays with a mentor who has room, whoever has it again', () => {
    given(...offered)
      .when(offerReview, review, SYSTEM, { answer: chloe.memberId })
      .yields();
    given(...offered, acceptedReview(ada, otherReview))
      .when(offerReview, review, SYSTEM, { answer: chloe.memberId })
      .yields({ type: 'ReviewOffered', data: { offeredTo: chloe.memberId } });
    given(...offered)
      .when(offerReview, review, admin)
      .rejects('NOT_ALLOWED');
    given(...offered)
      .when(lapseReviewOffer, { ...review, mentorId: ada.memberId }, admin)
      .rejects('NOT_ALLOWED');
  });
});

describe('accepting a review', () => {
  test('the mentor to whom it is offered does, and says it once', () => {
    given(...written, volunteered(ada), askedForReview(ada))
      .when(acceptReview, review, ada)
      .yields({ type: 'ReviewAccepted', data: { reviewId, mentorId: ada.memberId, authorId: bao.memberId } });
    given(...written, volunteered(ada), askedForReview(ada), acceptedReview(ada), tookReview(ada))
      .when(acceptReview, review, ada)
      .yields();
  });

  test('another one only where who it is offered to has no room any more', () => {
    const offered = [...written, volunteered(ada), volunteered(chloe), askedForReview(ada)];
    given(...offered)
      .when(acceptReview, review, chloe)
      .rejects('REVIEW_OFFERED');
    given(...offered, acceptedReview(ada, otherReview))
      .when(acceptReview, review, chloe)
      .yields({ type: 'ReviewAccepted' });
    given(...written, volunteered(chloe), askedForReview(null))
      .when(acceptReview, review, chloe)
      .yields({ type: 'ReviewAccepted' });
  });

  test('nobody above their load', () => {
    const waiting = [...written, askedForReview(null)];
    given(...waiting, volunteered(ada, 1), acceptedReview(ada, otherReview))
      .when(acceptReview, review, ada)
      .rejects('MENTOR_LOADED');
    given(...waiting, volunteered(ada, 2), acceptedReview(ada, otherReview))
      .when(acceptReview, review, ada)
      .yields({ type: 'ReviewAccepted' });
    given(...waiting, volunteered(ada, 1), acceptedReview(ada, otherReview), gaveFeedback(ada, otherReview))
      .when(acceptReview, review, ada)
      .yields({ type: 'ReviewAccepted' });
  });

  test('only who volunteers for its topic, and not the author', () => {
    const waiting = [...written, askedForReview(null, 'seeds')];
    given(...waiting)
      .when(acceptReview, review, ada)
      .rejects('NOT_A_MENTOR');
    given(...waiting, volunteered(ada, 1, ['tools']))
      .when(acceptReview, review, ada)
      .rejects('TOPIC_NOT_YOURS');
    given(...waiting, volunteered(bao))
      .when(acceptReview, review, bao)
      .rejects('OWN_DRAFT');
    given(...waiting, volunteered(ada), left(ada))
      .when(acceptReview, review, ada)
      .rejects('NOT_A_MEMBER');
  });

  test('what another mentor has taken, or what is over, is not there to be taken', () => {
    const waiting = [...written, volunteered(ada), askedForReview(null)];
    given(...waiting, tookReview(chloe))
      .when(acceptReview, review, ada)
      .rejects('REVIEW_TAKEN');
    given(...waiting, discarded)
      .when(acceptReview, review, ada)
      .rejects('REVIEW_NOT_FOUND');
    given(...waiting, published(draftId, bao, 'QUESTION'))
      .when(acceptReview, review, ada)
      .rejects('REVIEW_NOT_FOUND');
    given(...waiting)
      .when(acceptReview, { ...review, reviewId: otherReview }, ada)
      .rejects('REVIEW_NOT_FOUND');
  });
});

describe('a review that two mentors accepted, or that ended before the feedback', () => {
  const both = [
    ...written,
    volunteered(ada),
    volunteered(chloe),
    askedForReview(null),
    acceptedReview(ada),
    acceptedReview(chloe),
  ];
  const of = (mentorId: string) => ({ ...review, mentorId });

  test('is taken by whoever was first, and the other is free again', () => {
    given(...both)
      .when(confirmReview, of(ada.memberId), SYSTEM)
      .yields({ type: 'ReviewTaken', data: { mentorId: ada.memberId } });
    given(...both, tookReview(ada))
      .when(confirmReview, of(chloe.memberId), SYSTEM)
      .yields();
    given(...both, tookReview(ada))
      .when(releaseReview, of(chloe.memberId), SYSTEM)
      .yields({ type: 'ReviewReleased', data: { cause: 'TAKEN' } });
    given(...both, tookReview(ada))
      .when(releaseReview, of(ada.memberId), SYSTEM)
      .yields();
  });

  test('frees its mentor when the draft is gone or a post', () => {
    const taken = [...both, tookReview(ada)];
    given(...taken, discarded)
      .when(releaseReview, of(ada.memberId), SYSTEM)
      .yields({ type: 'ReviewReleased', data: { cause: 'DISCARDED' } });
    given(...taken, published(draftId, bao, 'QUESTION'))
      .when(releaseReview, of(ada.memberId), SYSTEM)
      .yields({ type: 'ReviewReleased', data: { cause: 'PUBLISHED' } });
    given(...taken, gaveFeedback(ada), discarded)
      .when(releaseReview, of(ada.memberId), SYSTEM)
      .yields();
  });
});

describe('feedback', () => {
  const say = { ...review, body: 'Say what soil it is.' };
  const taken = [...written, volunteered(ada), askedForReview(ada), acceptedReview(ada), tookReview(ada)];

  test('is given by the mentor who took the review, once for each review', () => {
    given(...taken)
      .when(giveFeedback, say, ada)
      .yields({ type: 'FeedbackGiven', data: { authorId: bao.memberId }, personal: { body: say.body } });
    given(...taken, gaveFeedback(ada))
      .when(giveFeedback, say, ada)
      .rejects('REVIEW_NOT_FOUND');
    for (const other of [chloe, admin])
      given(...taken)
        .when(giveFeedback, say, other)
        .rejects('REVIEW_NOT_FOUND');
    given(...written, volunteered(ada), askedForReview(ada), acceptedReview(ada), tookReview(chloe))
      .when(giveFeedback, say, ada)
      .rejects('REVIEW_NOT_FOUND');
    given(...taken, discarded)
      .when(giveFeedback, say, ada)
      .rejects('DRAFT_DISCARDED');
  });
});

describe('a welcome', () => {
  const asked = published(question, bao, 'QUESTION');

  test('is said by another member, once', () => {
    given(...open, asked)
      .when(welcomeNewcomer, { postId: question }, ada)
      .yields({ type: 'NewcomerWelcomed', data: { memberId: bao.memberId, welcomedBy: ada.memberId } });
    const said = { to: at(welcome, question), type: 'NewcomerWelcomed', data: { welcomedBy: ada.memberId } };
    for (const other of [ada, chloe])
      given(...open, joined(chloe), asked, said)
        .when(welcomeNewcomer, { postId: question }, other)
        .yields();
    given(...open, asked)
      .when(welcomeNewcomer, { postId: question }, bao)
      .rejects('NOT_ALLOWED');
    given(...open, asked)
      .when(welcomeNewcomer, { postId: question }, { ...ada, kind: 'SERVICE' })
      .rejects('NOT_ALLOWED');
    given(...open, asked)
      .when(welcomeNewcomer, { postId: question }, admin)
      .rejects('NOT_A_MEMBER');
    given(...open)
      .when(welcomeNewcomer, { postId: question }, ada)
      .rejects('POST_NOT_FOUND');
  });
});
