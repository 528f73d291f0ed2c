import { describe, test } from 'vitest';
import { editComment, MAX_DEPTH, publishComment, retractComment } from '../../src/domain/comment.ts';
import { addReaction, removeReaction } from '../../src/domain/reaction.ts';
import { given, NEW_ID } from '../support/given.ts';
import {
  ada,
  archived,
  asked,
  bao,
  chloe,
  discussed,
  firstAnswer,
  founded,
  garden,
  hidden,
  joined,
  left,
  question,
  reacted,
  replied,
  replyRetracted,
  retracted,
  secondAnswer,
  talk,
} from '../support/story.ts';

const open = [founded(), joined(ada), joined(bao), asked, discussed];
const body = 'A flat one.';
const answer = { postId: question, kind: 'ANSWER', body } as const;

describe('commenting', () => {
  test('a member comments on a post', () => {
    given(...open)
      .when(publishComment, { postId: talk, body }, bao)
      .yields({
        type: 'CommentPublished',
        data: {
          commentId: NEW_ID,
          postId: talk,
          communityId: garden,
          kind: 'COMMENT',
          parentId: null,
          depth: 1,
          postAuthorId: ada.memberId,
          replyToMemberId: ada.memberId,
        },
        personal: { body },
      });
  });

  test('a reply to a comment is a reply to its author, one level deeper', () => {
    given(...open, replied(firstAnswer, bao))
      .when(publishComment, { postId: question, parentId: firstAnswer, body }, ada)
      .yields({
        type: 'CommentPublished',
        data: { depth: 2, postAuthorId: ada.memberId, replyToMemberId: bao.memberId },
      });
  });

  test('a thread has an end', () => {
    const deep = replied(firstAnswer, bao, { kind: 'COMMENT', depth: MAX_DEPTH });
    given(...open, deep)
      .when(publishComment, { postId: question, parentId: firstAnswer, body }, ada)
      .rejects('THREAD_TOO_DEEP');
  });

  test('a comment replies to one that stands on the same post', () => {
    const reply = { postId: question, parentId: firstAnswer, body };
    given(...open)
      .when(publishComment, reply, ada)
      .rejects('COMMENT_NOT_FOUND');
    given(...open, replied(firstAnswer, bao, { on: talk }))
      .when(publishComment, reply, ada)
      .rejects('COMMENT_NOT_FOUND');
    given(...open, replied(firstAnswer, bao), replyRetracted(firstAnswer, bao))
      .when(publishComment, reply, ada)
      .rejects('COMMENT_NOT_FOUND');
  });

  test('who is no member does not comment', () => {
    given(...open)
      .when(publishComment, answer, chloe)
      .rejects('NOT_A_MEMBER');
    given(...open, left(bao))
      .when(publishComment, answer, bao)
      .rejects('NOT_A_MEMBER');
  });

  test('a post in a private community looks absent, whatever became of it', () => {
    given(hidden(), asked).when(publishComment, answer, bao).rejects('POST_NOT_FOUND');
    given(hidden(), asked, retracted(question, ada)).when(publishComment, answer, bao).rejects('POST_NOT_FOUND');
    given(founded()).when(publishComment, answer, bao).rejects('POST_NOT_FOUND');
  });

  test('nobody comments on what was taken back, nor in an archived community', () => {
    given(...open, retracted(question, ada))
      .when(publishComment, answer, bao)
      .rejects('POST_RETRACTED');
    given(...open, archived)
      .when(publishComment, answer, bao)
      .rejects('COMMUNITY_ARCHIVED');
  });
});

describe('answering', () => {
  test('a question is answered', () => {
    given(...open)
      .when(publishComment, answer, bao)
      .yields({ type: 'CommentPublished', data: { kind: 'ANSWER' } });
  });

  test('only a question is', () => {
    given(...open)
      .when(publishComment, { ...answer, postId: talk }, bao)
      .rejects('NOT_A_QUESTION');
  });

  test('an answer replies to the question itself', () => {
    given(...open, replied(firstAnswer, bao))
      .when(publishComment, { ...answer, parentId: firstAnswer }, ada)
      .rejects('ANSWER_REPLIES_TO_POST');
  });
});

describe('editing and retracting', () => {
  const answered = [...open, replied(firstAnswer, bao)];
  const edit = { commentId: firstAnswer, body };

  test('an author who left edits no comment, and may still take it back', () => {
    given(...open, asked, joined(bao), replied(firstAnswer, bao), left(bao))
      .when(editComment, edit, bao)
      .rejects('NOT_A_MEMBER');
    given(...open, asked, joined(bao), replied(firstAnswer, bao), left(bao))
      .when(retractComment, { commentId: firstAnswer }, bao)
      .yields({ type: 'CommentRetracted' });
  });

  test('the author edits, nobody else', () => {
    given(...answered)
      .when(editComment, edit, bao)
      .yields({ type: 'CommentEdited', data: { postId: question, authorId: bao.memberId }, personal: { body } });
    given(...answered)
      .when(editComment, edit, ada)
      .rejects('NOT_ALLOWED');
    given(...answered)
      .when(retractComment, { commentId: firstAnswer }, ada)
      .rejects('NOT_ALLOWED');
  });

  test('the author takes it back once', () => {
    const retract = { commentId: firstAnswer };
    given(...answered)
      .when(retractComment, retract, bao)
      .yields({ type: 'CommentRetracted', data: { kind: 'ANSWER' } });
    given(...answered, replyRetracted(firstAnswer, bao))
      .when(retractComment, retract, bao)
      .yields();
    given(...answered, replyRetracted(firstAnswer, bao))
      .when(editComment, edit, bao)
      .rejects('COMMENT_RETRACTED');
  });

  test('in an archived community it can be taken back and no longer edited', () => {
    given(...answered, archived)
      .when(editComment, edit, bao)
      .rejects('COMMUNITY_ARCHIVED');
    given(...answered, archived)
      .when(retractComment, { commentId: firstAnswer }, bao)
      .yields({ type: 'CommentRetracted' });
  });

  test('a comment in a private community is not there for those outside', () => {
    given(hidden(), asked, replied(firstAnswer, bao)).when(editComment, edit, chloe).rejects('COMMENT_NOT_FOUND');
    given(...open)
      .when(editComment, edit, chloe)
      .rejects('COMMENT_NOT_FOUND');
  });
});

describe('reacting', () => {
  const like = { targetId: question, targetType: 'POST', kind: 'thumbs_up' } as const;
  const onAnswer = { targetId: firstAnswer, targetType: 'COMMENT', kind: 'tada' } as const;

  test('a member reacts to a post, each kind once', () => {
    given(...open)
      .when(addReaction, like, bao)
      .yields({ type: 'ReactionAdded', data: { postId: question, targetAuthorId: ada.memberId } });
    given(...open, reacted(question, bao, 'thumbs_up'))
      .when(addReaction, like, bao)
      .yields();
    given(...open, reacted(question, bao, 'thumbs_up'))
      .when(addReaction, { ...like, kind: 'heart' }, bao)
      .yields({ type: 'ReactionAdded' });
  });

  test('a reaction to a comment names its post', () => {
    given(...open, replied(firstAnswer, bao))
      .when(addReaction, onAnswer, ada)
      .yields({ type: 'ReactionAdded', data: { postId: question, targetAuthorId: bao.memberId } });
  });

  test('nobody reacts to what is not there or was taken back', () => {
    given(founded(), joined(bao)).when(addReaction, like, bao).rejects('TARGET_NOT_FOUND');
    given(...open, retracted(question, ada))
      .when(addReaction, like, bao)
      .rejects('TARGET_NOT_FOUND');
    given(...open, replied(secondAnswer, bao))
      .when(addReaction, onAnswer, ada)
      .rejects('TARGET_NOT_FOUND');
  });

  test('who is no member does not react, and learns nothing of a private community', () => {
    given(...open)
      .when(addReaction, like, chloe)
      .rejects('NOT_A_MEMBER');
    given(hidden(), asked).when(addReaction, like, chloe).rejects('TARGET_NOT_FOUND');
  });

  test('nobody reacts in an archived community', () => {
    given(...open, archived)
      .when(addReaction, like, bao)
      .rejects('COMMUNITY_ARCHIVED');
  });

  test('a reaction is taken off once', () => {
    given(...open, reacted(question, bao, 'thumbs_up'))
      .when(removeReaction, like, bao)
      .yields({ type: 'ReactionRemoved', data: { memberId: bao.memberId, kind: 'thumbs_up' } });
    given(...open)
      .when(removeReaction, like, bao)
      .yields();
  });
});
