import { defineProcess, order } from '../core/process.ts';
import { dropWithdrawnAnswer } from '../domain/answer.ts';
import type { DomainEvents } from '../domain/index.ts';

/**
 * An accepted answer that its author takes back is no longer accepted. The two streams may race, so both sides are looked at:
 * whichever event comes second finds what the first one left.
 */
export const answers = defineProcess<DomainEvents>()({
  name: 'answers',
  version: 1,
  commands: [dropWithdrawnAnswer],
  reactions: {
    CommentRetracted: ({ postId, commentId, kind }) =>
      kind === 'ANSWER' ? [order(dropWithdrawnAnswer, { postId, commentId })] : [],
    AnswerAccepted: ({ postId, commentId }) => [order(dropWithdrawnAnswer, { postId, commentId })],
  },
  // Its command changes nothing rather than refuse.
  onRejected: () => null,
});
