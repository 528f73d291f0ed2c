import {
  boolean,
  entity,
  nullable,
  operationsOn,
  position,
  type Rows,
  text,
  timestamp,
  uuid,
} from '../../src/core/projection.ts';

export const tables = {
  /** Every message: a post, a comment or an answer, published once. What every figure counts. */
  contributions: entity({
    key: { id: uuid },
    columns: {
      position,
      communityId: uuid,
      postId: uuid,
      memberId: uuid,
      memberKind: text,
      kind: text,
      at: timestamp,
      /** Whose contribution it replies to; null for a post. */
      replyToMemberId: nullable(uuid),
      /** By a member other than who opened the topic: the only kind of message that can be its first reply. */
      answersOpener: boolean,
      retractedAt: nullable(timestamp),
      hiddenAt: nullable(timestamp),
    },
    // A window of one community or of all, found and counted in the index alone; whether a member spoke before a
    // window; the first reply to a topic. Each costs what it finds, however large the log.
    indexes: [
      '"communityId", at, "memberId", "memberKind" where "hiddenAt" is null',
      'at where "hiddenAt" is null',
      '"memberId", "communityId", at where "hiddenAt" is null',
      '"postId", at, position where "answersOpener" and "retractedAt" is null and "hiddenAt" is null',
    ],
  }),
  /** What a post is to the figures beside being a message: it opens a topic. */
  topics: entity({
    key: { id: uuid },
    columns: {
      position,
      communityId: uuid,
      openedBy: uuid,
      openerKind: text,
      kind: text,
      openedAt: timestamp,
      markedResolvedAt: nullable(timestamp),
      acceptedAnswerId: nullable(uuid),
      retractedAt: nullable(timestamp),
      hiddenAt: nullable(timestamp),
    },
    indexes: ['"communityId", "openedAt" where "hiddenAt" is null', '"openedAt" where "hiddenAt" is null'],
  }),
  /** Given and not taken back. */
  reactions: entity({
    key: { targetId: uuid, memberId: uuid, kind: text },
    columns: {
      position,
      communityId: uuid,
      postId: uuid,
      memberKind: text,
      targetAuthorId: uuid,
      at: timestamp,
    },
  }),
  /** Members and service accounts. Their position is the order of registration, which settles ties. */
  people: entity({
    key: { id: uuid },
    columns: { position, kind: text, system: boolean, registeredAt: timestamp },
  }),
  communities: entity({ key: { id: uuid }, columns: { position } }),
};

export const { put, patch, remove } = operationsOn(tables);

export type EngagementRows = Rows<typeof tables>;
