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
    columns: { ...written, markedResolvedAt: nullable(timestamp), acceptedAnswerId: nullable(uuid) },
    indexes: [
      '"communityId", "publishedAt", position where "retractedAt" is null',
      '"authorId", "publishedAt", position where "retractedAt" is null',
    ],
  }),
  post_totals: tally({
    key: { postId: uuid },
    columns: { comments: sum, answers: sum, reactions: sum },
    tuples: { activity: last({}) },
  }),
  comments: entity({
    key: { id: uuid },
    columns: { postId: uuid, ...written, parentId: nullable(uuid), depth: integer },
    indexes: ['"postId", "publishedAt", position', '"parentId", "publishedAt", position where "parentId" is not null'],
  }),
  comment_totals: tally({ key: { commentId: uuid }, columns: { replies: sum, reactions: sum } }),
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
