import { describe, test } from 'vitest';
import { at, SYSTEM } from '../../src/core/decider.ts';
import {
  acceptAnswer,
  dropWithdrawnAnswer,
  markDuplicate,
  reopenQuestion,
  unacceptAnswer,
  unmarkDuplicate,
} from '../../src/domain/answer.ts';
import { endorseAnswer, endorsement, endorsementId, withdrawEndorsement } from '../../src/domain/endorsement.ts';
import { post } from '../../src/domain/post.ts';
import { given, type Told } from '../support/given.ts';
import {
  accepted,
  ada,
  admin,
  archived,
  asked,
  assigned,
  bao,
  chloe,
  discussed,
  firstAnswer,
  founded,
  garden,
  hidden,
  joined,
  published,
  question,
  replied,
  replyRetracted,
  retracted,
  secondAnswer,
  talk,
} from '../support/story.ts';

// Ada asks, Bao answers; Chloé founded the community, and facilitates it.
const open = [founded({ founder: chloe }), joined(chloe), joined(ada), joined(bao)];
const answered = [...open, asked, replied(firstAnswer, bao)];
const expert = assigned(ada, { role: 'EXPERT' });
const dora = { memberId: '44444444-0000-4000-8000-000000000000', kind: 'MEMBER', isAdmin: false } as const;
const why = { postId: question, reason: 'It rained in again.' };
const other = '33333333-0000-4000-8000-000000000000';
const asksAgain = published(other, bao, 'QUESTION');
const told = (type: string, data: object): Told => ({
  to: at(post, question),
  type,
  data: { postId: question, communityId: garden, ...data },
});

describe('who decides about a question', () => {
  const accept = { postId: question, commentId: firstAnswer };

  test('who asked it, who facilitates the community, and admins', () => {
    for (const judge of [ada, chloe, admin])
      given(...answered)
        .when(acceptAnswer, accept, judge)
        .yields({ type: 'AnswerAccepted', data: { acceptedBy: judge.memberId, answerAuthorId: bao.memberId } });
    for (const judge of [ada, chloe, admin])
      given(...answered, accepted(firstAnswer))
        .when(unacceptAnswer, { postId: question }, judge)
        .yields({ type: 'AnswerUnaccepted', data: { commentId: firstAnswer } });
  });

  test('its experts', () => {
    given(...answered, joined(dora), assigned(dora, { role: 'EXPERT' }))
      .when(acceptAnswer, accept, dora)
      .yields({ type: 'AnswerAccepted', data: { acceptedBy: dora.memberId } });
    given(...answered, joined(dora), assigned(dora, { role: 'MENTOR' }))
      .when(acceptAnswer, accept, dora)
      .rejects('NOT_ALLOWED');
  });

  test('nobody else, whoever answered it least of all', () => {
    given(...answered)
      .when(acceptAnswer, accept, bao)
      .rejects('NOT_ALLOWED');
    given(...answered, accepted(firstAnswer))
      .when(unacceptAnswer, { postId: question }, bao)
      .rejects('NOT_ALLOWED');
    given(...answered, accepted(firstAnswer))
      .when(reopenQuestion, why, bao)
      .rejects('NOT_ALLOWED');
    given(...answered, asksAgain)
      .when(markDuplicate, { postId: question, ofPostId: other }, bao)
      .rejects('NOT_ALLOWED');
  });
});

describe('reopening a question', () => {
  test('takes the accepted answer back, and says why', () => {
    given(...answered, accepted(firstAnswer))
      .when(reopenQuestion, why, ada)
      .yields(
        { type: 'AnswerUnaccepted', data: { commentId: firstAnswer } },
        { type: 'QuestionReopened', data: { reopenedBy: ada.memberId }, personal: { reason: why.reason } },
      );
  });

  test('is for what an archive calls resolved, and for a duplicate, too', () => {
    const reopened = { type: 'QuestionReopened' };
    given(...answered, told('PostMarkedResolved', {}))
      .when(reopenQuestion, why, ada)
      .yields(reopened);
    given(...answered, told('MarkedDuplicate', { ofPostId: other }))
      .when(reopenQuestion, why, ada)
      .yields(reopened);
  });

  test('is not for an open question, nor for what is none, nor in an archived community', () => {
    given(...answered)
      .when(reopenQuestion, why, ada)
      .rejects('QUESTION_IS_OPEN');
    given(...answered, accepted(firstAnswer), told('AnswerUnaccepted', {}))
      .when(reopenQuestion, why, ada)
      .rejects('QUESTION_IS_OPEN');
    given(...open, discussed)
      .when(reopenQuestion, { ...why, postId: talk }, ada)
      .rejects('NOT_A_QUESTION');
    given(...answered, accepted(firstAnswer), archived)
      .when(reopenQuestion, why, ada)
      .rejects('COMMUNITY_ARCHIVED');
  });
});

describe('a question that was asked before', () => {
  const mark = { postId: question, ofPostId: other };

  test('is linked to the first one', () => {
    given(...answered, asksAgain)
      .when(markDuplicate, mark, chloe)
      .yields({ type: 'MarkedDuplicate', data: { ofPostId: other, markedBy: chloe.memberId } });
    given(...answered, asksAgain, told('MarkedDuplicate', { ofPostId: other }))
      .when(markDuplicate, mark, ada)
      .yields();
  });

  test('is taken back by whoever may mark it, and only where it stands', () => {
    const marked = [...answered, asksAgain, told('MarkedDuplicate', { ofPostId: other })];
    given(...marked)
      .when(unmarkDuplicate, { postId: question }, ada)
      .yields({ type: 'DuplicateUnmarked', data: { ofPostId: other, unmarkedBy: ada.memberId } });
    given(...marked)
      .when(unmarkDuplicate, { postId: question }, bao)
      .rejects('NOT_ALLOWED');
    given(...answered)
      .when(unmarkDuplicate, { postId: question }, ada)
      .yields();
  });

  test('is linked to a question of the same community that is there, and is no duplicate itself', () => {
    given(...answered)
      .when(markDuplicate, mark, ada)
      .rejects('POST_NOT_FOUND');
    given(...answered, asksAgain, retracted(other, bao))
      .when(markDuplicate, mark, ada)
      .rejects('POST_NOT_FOUND');
    given(...answered, discussed)
      .when(markDuplicate, { ...mark, ofPostId: talk }, ada)
      .rejects('NOT_A_QUESTION');
    given(...answered)
      .when(markDuplicate, { ...mark, ofPostId: question }, ada)
      .rejects('NOT_THE_ORIGINAL');
    const chained = { ...told('MarkedDuplicate', { ofPostId: talk }), to: at(post, other) };
    given(...answered, asksAgain, chained)
      .when(markDuplicate, mark, ada)
      .rejects('NOT_THE_ORIGINAL');
    given(...open, discussed, asksAgain)
      .when(markDuplicate, { ...mark, postId: talk }, ada)
      .rejects('NOT_A_QUESTION');
  });
});

describe('an accepted answer that is taken back', () => {
  const drop = { postId: question, commentId: firstAnswer };

  test('is accepted no longer', () => {
    given(...answered, accepted(firstAnswer), replyRetracted(firstAnswer, bao))
      .when(dropWithdrawnAnswer, drop, SYSTEM)
      .yields({ type: 'AnswerUnaccepted', data: { commentId: firstAnswer } });
  });

  test('changes nothing where it stands, or where another one is accepted', () => {
    given(...answered, accepted(firstAnswer))
      .when(dropWithdrawnAnswer, drop, SYSTEM)
      .yields();
    given(...answered, replied(secondAnswer, bao), accepted(secondAnswer), replyRetracted(firstAnswer, bao))
      .when(dropWithdrawnAnswer, drop, SYSTEM)
      .yields();
  });

  test('is dropped by nobody by hand', () => {
    given(...answered, accepted(firstAnswer), replyRetracted(firstAnswer, bao))
      .when(dropWithdrawnAnswer, drop, admin)
      .rejects('NOT_ALLOWED');
  });
});

describe('endorsing an answer', () => {
  const it = { commentId: firstAnswer };

  test('is for experts of the community, once', () => {
    const stands: Told = {
      to: at(endorsement, endorsementId(firstAnswer, ada.memberId)),
      type: 'AnswerEndorsed',
      data: { commentId: firstAnswer },
    };
    given(...answered, expert)
      .when(endorseAnswer, it, ada)
      .yields({
        type: 'AnswerEndorsed',
        data: { memberId: ada.memberId, answerAuthorId: bao.memberId, postId: question },
      });
    given(...answered, expert, stands)
      .when(endorseAnswer, it, ada)
      .yields();
  });

  test('is not for an answer of their own', () => {
    given(...answered, assigned(bao, { role: 'EXPERT' }))
      .when(endorseAnswer, it, bao)
      .rejects('OWN_ANSWER');
  });

  test('is for nobody else', () => {
    given(...answered)
      .when(endorseAnswer, it, ada)
      .rejects('NOT_ALLOWED');
    given(...answered)
      .when(endorseAnswer, it, admin)
      .rejects('NOT_A_MEMBER');
    given(...answered)
      .when(endorseAnswer, { commentId: secondAnswer }, ada)
      .rejects('COMMENT_NOT_FOUND');
    given(hidden(), asked, replied(firstAnswer, bao)).when(endorseAnswer, it, chloe).rejects('POST_NOT_FOUND');
  });

  test('is not for a comment, nor for what was taken back', () => {
    given(...open, asked, replied(firstAnswer, bao, { kind: 'COMMENT' }))
      .when(endorseAnswer, it, ada)
      .rejects('ANSWER_NOT_FOUND');
    given(...answered, replyRetracted(firstAnswer, bao))
      .when(endorseAnswer, it, ada)
      .rejects('COMMENT_RETRACTED');
  });

  test('is taken back by whoever gave it', () => {
    const stands: Told = {
      to: at(endorsement, endorsementId(firstAnswer, ada.memberId)),
      type: 'AnswerEndorsed',
      data: { commentId: firstAnswer },
    };
    given(...answered, stands)
      .when(withdrawEndorsement, it, ada)
      .yields({ type: 'EndorsementWithdrawn', data: { memberId: ada.memberId } });
    given(...answered)
      .when(withdrawEndorsement, it, ada)
      .yields();
  });
});
