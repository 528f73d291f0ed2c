import {
  boolean,
  entity,
  integer,
  last,
  nullable,
  operationsOn,
  position,
  type Row,
  type Rows,
  sealed,
  sum,
  tally,
  text,
  timestamp,
  uuid,
} from '../../src/core/projection.ts';

const written = {
  communityId: uuid,
  authorId: uuid,
  authorKind: text,
  kind: text,
  /** What was typed, as it stands after the last edit. */
  sealed,
  publishedAt: timestamp,
  position,
  editedAt: nullable(timestamp),
  retractedAt: nullable(timestamp),
  revision: position,
  imported: boolean,
};

export const tables = {
  posts: entity({
    key: { id: uuid },
    columns: {
      ...written,
      markedResolvedAt: nullable(timestamp),
      acceptedAnswerId: nullable(uuid),
      /** The answer that was accepted last before, and is no longer. */
      formerAnswerId: nullable(uuid),
      duplicateOf: nullable(uuid),
      /** In early access, for whom it is (`audience`); null for what is for everybody. */
      closedTo: nullable(text),
      opensAt: nullable(timestamp),
      /** When it was last reopened, and why. */
      reopenedAt: nullable(timestamp),
      reopening: nullable(sealed),
      openedAt: nullable(timestamp),
      withdrawnAt: nullable(timestamp),
    },
    indexes: [
      '"communityId", "publishedAt", position where "retractedAt" is null and "closedTo" is null',
      '"communityId", kind, "publishedAt", position where "retractedAt" is null and "closedTo" is null',
      '"communityId", "publishedAt", position where "closedTo" is not null',
      '"authorId", "publishedAt", position where "retractedAt" is null',
    ],
  }),
  /** Posts that are or were in early access: what happened to one before its opening stays with its audience. */
  early_access: entity({
    key: { postId: uuid },
    columns: {
      communityId: uuid,
      audience: text,
      openedPosition: nullable(position),
      /** Neither open nor taken back: its audience has it in lists that the others have without it. */
      listed: boolean,
    },
    indexes: ['"communityId"'],
  }),
  post_totals: tally({
    key: { postId: uuid },
    columns: { comments: sum, answers: sum, reactions: sum },
    tuples: { activity: last({}) },
  }),
  comments: entity({
    key: { id: uuid },
    columns: { postId: uuid, ...written, parentId: nullable(uuid), depth: integer },
    indexes: [
      '"postId", "publishedAt", position',
      '"postId", "publishedAt", position where kind = \'ANSWER\'',
      '"parentId", "publishedAt", position where "parentId" is not null',
    ],
  }),
  comment_totals: tally({ key: { commentId: uuid }, columns: { replies: sum, reactions: sum, endorsements: sum } }),
  /** Of answers, by experts: given and not taken back. */
  endorsements: entity({ key: { commentId: uuid, memberId: uuid }, columns: { at: timestamp, position } }),
  reactions: entity({
    key: { targetId: uuid, memberId: uuid, kind: text },
    columns: { at: timestamp, position },
  }),
  reaction_totals: tally({ key: { targetId: uuid, kind: text }, columns: { count: sum } }),
};

export const { put, patch, add, keep, remove } = operationsOn(tables);

export type PostsTables = typeof tables;
export type PostsRows = Rows<PostsTables>;
export type PostRow = Row<typeof tables.posts>;
export type CommentRow = Row<typeof tables.comments>;
export type PostTotals = {
  readonly comments: bigint;
  readonly answers: bigint;
  readonly reactions: bigint;
  readonly activityAt: Date | null;
};
