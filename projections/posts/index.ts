import { defineProjection } from '../../src/core/projection.ts';
import type { DomainEvents } from '../../src/domain/index.ts';
import { audienceKeys } from '../audience.ts';
import { add, keep, patch, put, remove, tables } from './tables.ts';

/** Posts with their comments and reactions, as a page or a thread shows them. */
export const posts = defineProjection<DomainEvents>()({
  name: 'posts',
  version: 5,
  tables,
  on: {
    PostPublished: ({ postId, communityId, authorId, authorKind, kind, sealed, earlyAccess }, event) => {
      const audience = earlyAccess && audienceKeys({ communityId, authorId }, earlyAccess.audience);
      return [
        put('posts', {
          ...{ id: postId, communityId, authorId, authorKind, kind, sealed, ...publication(event) },
          ...(earlyAccess && { closedTo: audience, opensAt: earlyAccess.opensAt }),
        }),
        keep('post_totals', { postId }, 'activity', event, {}),
        ...(audience ? [put('early_access', { postId, communityId, audience, listed: true })] : []),
      ];
    },
    EarlyAccessOpened: ({ postId }, { occurredAt, position, revision }) => [
      patch('posts', { id: postId }, { closedTo: null, openedAt: occurredAt, revision: BigInt(revision) }),
      patch('early_access', { postId }, { openedPosition: position, listed: false }),
    ],
    EarlyAccessMoved: ({ postId, opensAt }, { revision }) => [
      patch('posts', { id: postId }, { opensAt, revision: BigInt(revision) }),
    ],
    EarlyAccessWithdrawn: ({ postId }, { occurredAt, revision }) => [
      patch('posts', { id: postId }, { withdrawnAt: occurredAt, revision: BigInt(revision) }),
    ],
    PostEdited: ({ postId, sealed }, { occurredAt, revision }) => [
      patch('posts', { id: postId }, { sealed, editedAt: occurredAt, revision: BigInt(revision) }),
    ],
    PostRetracted: ({ postId, earlyAccess }, { occurredAt, revision }) => [
      patch('posts', { id: postId }, { retractedAt: occurredAt, revision: BigInt(revision) }),
      ...(earlyAccess === 'CLOSED' ? [patch('early_access', { postId }, { listed: false })] : []),
    ],
    PostMarkedResolved: ({ postId }, { occurredAt, revision }) => [
      patch('posts', { id: postId }, { markedResolvedAt: occurredAt, revision: BigInt(revision) }),
    ],
    AnswerAccepted: ({ postId, commentId }, { revision }) => [
      patch('posts', { id: postId }, { acceptedAnswerId: commentId, revision: BigInt(revision) }),
    ],
    AnswerUnaccepted: ({ postId, commentId }, { revision }) => [
      patch('posts', { id: postId }, { acceptedAnswerId: null, formerAnswerId: commentId, revision: BigInt(revision) }),
    ],

    QuestionReopened: ({ postId, sealed }, { occurredAt, revision }) => [
      patch(
        'posts',
        { id: postId },
        {
          ...{ markedResolvedAt: null, duplicateOf: null, revision: BigInt(revision) },
          ...{ reopenedAt: occurredAt, reopening: sealed },
        },
      ),
    ],
    MarkedDuplicate: ({ postId, ofPostId }, { revision }) => [
      patch('posts', { id: postId }, { duplicateOf: ofPostId, revision: BigInt(revision) }),
    ],

    DuplicateUnmarked: ({ postId }, { revision }) => [
      patch('posts', { id: postId }, { duplicateOf: null, revision: BigInt(revision) }),
    ],

    CommentPublished: (
      { commentId, postAuthorId: _, replyToMemberId: __, respondsToPromise: ___, inEarlyAccess: ____, ...comment },
      event,
    ) => [
      put('comments', { id: commentId, ...comment, ...publication(event) }),
      add('post_totals', { postId: comment.postId }, counted(comment.kind, 1)),
      keep('post_totals', { postId: comment.postId }, 'activity', event, {}),
      ...(comment.parentId ? [add('comment_totals', { commentId: comment.parentId }, { replies: 1 })] : []),
    ],
    CommentEdited: ({ commentId, sealed }, { occurredAt, revision }) => [
      patch('comments', { id: commentId }, { sealed, editedAt: occurredAt, revision: BigInt(revision) }),
    ],
    // The place in the thread stays: replies hang on it.
    CommentRetracted: ({ commentId, postId, kind }, { occurredAt, revision }) => [
      patch('comments', { id: commentId }, { retractedAt: occurredAt, revision: BigInt(revision) }),
      add('post_totals', { postId }, counted(kind, -1)),
    ],

    ReactionAdded: ({ targetId, targetType, memberId, kind }, { occurredAt, position }) => [
      put('reactions', { targetId, memberId, kind, at: occurredAt, position }),
      ...react(targetType, targetId, kind, 1),
    ],
    AnswerEndorsed: ({ commentId, memberId }, { occurredAt, position }) => [
      put('endorsements', { commentId, memberId, at: occurredAt, position }),
      add('comment_totals', { commentId }, { endorsements: 1 }),
    ],
    EndorsementWithdrawn: ({ commentId, memberId }) => [
      remove('endorsements', { commentId, memberId }),
      add('comment_totals', { commentId }, { endorsements: -1 }),
    ],

    ReactionRemoved: ({ targetId, targetType, memberId, kind }) => [
      remove('reactions', { targetId, memberId, kind }),
      ...react(targetType, targetId, kind, -1),
    ],
  },
});

type Publication = { occurredAt: string; position: bigint; revision: number; source: string };
const publication = ({ occurredAt, position, revision, source }: Publication) => ({
  publishedAt: occurredAt,
  position,
  revision: BigInt(revision),
  imported: source === 'IMPORT',
});

const counted = (kind: string, n: 1 | -1) => (kind === 'ANSWER' ? { comments: n, answers: n } : { comments: n });

const react = (targetType: 'POST' | 'COMMENT', targetId: string, kind: string, n: 1 | -1) => [
  add('reaction_totals', { targetId, kind }, { count: n }),
  targetType === 'POST'
    ? add('post_totals', { postId: targetId }, { reactions: n })
    : add('comment_totals', { commentId: targetId }, { reactions: n }),
];
