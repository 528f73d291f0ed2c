import { describe, test } from 'vitest';
import { acceptAnswer, unacceptAnswer } from '../../src/domain/answer.ts';
import { editPost, retractPost } from '../../src/domain/post.ts';
import { publishPost } from '../../src/domain/publishing.ts';
import { given, NEW_ID } from '../support/given.ts';
import {
  abandoned,
  accepted,
  ada,
  admin,
  archived,
  asked,
  bao,
  chloe,
  discussed,
  firstAnswer,
  founded,
  garden,
  hidden,
  invited,
  joined,
  left,
  question,
  replied,
  replyRetracted,
  retracted,
  secondAnswer,
  talk,
} from '../support/story.ts';

const words = { title: 'Which spade?', body: 'The soil is heavy.' };
const publish = { communityId: garden, kind: 'QUESTION', ...words } as const;
const open = [founded(), joined(ada), joined(bao)];

describe('publishing', () => {
  test('a member publishes', () => {
    given(...open)
      .when(publishPost, publish, bao)
      .yields({
        type: 'PostPublished',
        data: { postId: NEW_ID, communityId: garden, authorId: bao.memberId, authorKind: 'MEMBER', kind: 'QUESTION' },
        personal: words,
      });
  });

  test('what a service account publishes says so', () => {
    given(...open)
      .when(publishPost, publish, { ...bao, kind: 'SERVICE' })
      .yields({ type: 'PostPublished', data: { authorKind: 'SERVICE' } });
  });

  test('who is no member, or no longer, does not publish', () => {
    given(founded()).when(publishPost, publish, bao).rejects('NOT_A_MEMBER');
    given(founded(), invited(bao)).when(publishPost, publish, bao).rejects('NOT_A_MEMBER');
    given(founded(), joined(bao), left(bao)).when(publishPost, publish, bao).rejects('NOT_A_MEMBER');
  });

  test('not even an admin publishes where they are no member', () => {
    given(founded()).when(publishPost, publish, admin).rejects('NOT_A_MEMBER');
  });

  test('a private community looks absent to who would publish there', () => {
    given(hidden()).when(publishPost, publish, bao).rejects('COMMUNITY_NOT_FOUND');
    given().when(publishPost, publish, bao).rejects('COMMUNITY_NOT_FOUND');
    given(abandoned).when(publishPost, publish, bao).rejects('COMMUNITY_NOT_FOUND');
  });

  test('nothing is published in an archived community', () => {
    given(...open, archived)
      .when(publishPost, publish, bao)
      .rejects('COMMUNITY_ARCHIVED');
  });
});

describe('editing and retracting', () => {
  const edit = { postId: question, ...words };

  test('the author edits', () => {
    given(...open, asked)
      .when(editPost, edit, ada)
      .yields({ type: 'PostEdited', data: { communityId: garden, authorId: ada.memberId }, personal: words });
  });

  test('an author who left edits nothing, and may still take it back', () => {
    given(...open, asked, left(ada))
      .when(editPost, edit, ada)
      .rejects('NOT_A_MEMBER');
    given(...open, asked, left(ada))
      .when(retractPost, { postId: question }, ada)
      .yields({ type: 'PostRetracted' });
  });

  test('nobody else does, admins included', () => {
    given(...open, asked)
      .when(editPost, edit, bao)
      .rejects('NOT_ALLOWED');
    given(...open, asked)
      .when(editPost, edit, admin)
      .rejects('NOT_ALLOWED');
    given(...open, asked)
      .when(retractPost, { postId: question }, bao)
      .rejects('NOT_ALLOWED');
  });

  test('a post in a private community is not there for those outside', () => {
    given(hidden(), asked).when(editPost, edit, bao).rejects('POST_NOT_FOUND');
    given(hidden(), asked, retracted(question, ada)).when(editPost, edit, bao).rejects('POST_NOT_FOUND');
    given(hidden(), asked).when(retractPost, { postId: question }, bao).rejects('POST_NOT_FOUND');
  });

  test('what was never published is not edited', () => {
    given(...open)
      .when(editPost, edit, ada)
      .rejects('POST_NOT_FOUND');
  });

  test('nothing is edited in an archived community, but the author may still take it back', () => {
    given(...open, asked, archived)
      .when(editPost, edit, ada)
      .rejects('COMMUNITY_ARCHIVED');
    given(...open, asked, archived)
      .when(retractPost, { postId: question }, ada)
      .yields({ type: 'PostRetracted' });
  });

  test('the author takes it back, even after having left', () => {
    given(hidden(), joined(ada), asked, left(ada))
      .when(retractPost, { postId: question }, ada)
      .yields({ type: 'PostRetracted' });
  });

  test('taking it back again changes nothing', () => {
    given(...open, asked, retracted(question, ada))
      .when(retractPost, { postId: question }, ada)
      .yields();
  });

  test('what was taken back is not edited', () => {
    given(...open, asked, retracted(question, ada))
      .when(editPost, edit, ada)
      .rejects('POST_RETRACTED');
  });
});

describe('accepting an answer', () => {
  const accept = { postId: question, commentId: firstAnswer };
  const answered = [...open, asked, replied(firstAnswer, bao), replied(secondAnswer, bao)];

  test('the asker accepts an answer', () => {
    given(...answered)
      .when(acceptAnswer, accept, ada)
      .yields({
        type: 'AnswerAccepted',
        data: { commentId: firstAnswer, answerAuthorId: bao.memberId, acceptedBy: ada.memberId },
      });
  });

  test('an admin may as well, nobody else', () => {
    given(...answered)
      .when(acceptAnswer, accept, admin)
      .yields({ type: 'AnswerAccepted' });
    given(...answered)
      .when(acceptAnswer, accept, bao)
      .rejects('NOT_ALLOWED');
    given(...answered, accepted(firstAnswer))
      .when(unacceptAnswer, { postId: question }, bao)
      .rejects('NOT_ALLOWED');
  });

  test('accepting another answer moves the mark', () => {
    given(...answered, accepted(firstAnswer))
      .when(acceptAnswer, { ...accept, commentId: secondAnswer }, ada)
      .yields(
        { type: 'AnswerUnaccepted', data: { commentId: firstAnswer } },
        { type: 'AnswerAccepted', data: { commentId: secondAnswer } },
      );
  });

  test('accepting it again changes nothing', () => {
    given(...answered, accepted(firstAnswer))
      .when(acceptAnswer, accept, ada)
      .yields();
  });

  test('the mark is taken off once', () => {
    given(...answered, accepted(firstAnswer))
      .when(unacceptAnswer, { postId: question }, ada)
      .yields({ type: 'AnswerUnaccepted', data: { commentId: firstAnswer } });
    given(...answered)
      .when(unacceptAnswer, { postId: question }, ada)
      .yields();
  });

  test('a comment is no answer, nor what answers another question or was taken back', () => {
    given(...open, asked, replied(firstAnswer, bao, { kind: 'COMMENT' }))
      .when(acceptAnswer, accept, ada)
      .rejects('ANSWER_NOT_FOUND');
    given(...open, asked, replied(firstAnswer, bao, { on: talk }))
      .when(acceptAnswer, accept, ada)
      .rejects('ANSWER_NOT_FOUND');
    given(...answered, replyRetracted(firstAnswer, bao))
      .when(acceptAnswer, accept, ada)
      .rejects('ANSWER_NOT_FOUND');
    given(...open, asked)
      .when(acceptAnswer, accept, ada)
      .rejects('ANSWER_NOT_FOUND');
  });

  test('a discussion has no accepted answer', () => {
    given(...open, discussed)
      .when(acceptAnswer, { ...accept, postId: talk }, ada)
      .rejects('NOT_A_QUESTION');
  });

  test('a question in a private community is not there for those outside', () => {
    given(hidden(), asked, replied(firstAnswer, bao)).when(acceptAnswer, accept, chloe).rejects('POST_NOT_FOUND');
  });

  test('in an archived community the mark stays where it is', () => {
    given(...answered, accepted(firstAnswer), archived)
      .when(unacceptAnswer, { postId: question }, ada)
      .rejects('COMMUNITY_ARCHIVED');
    given(...answered, archived)
      .when(acceptAnswer, accept, ada)
      .rejects('COMMUNITY_ARCHIVED');
  });
});
