import {
  boolean,
  entity,
  first,
  integer,
  nullable,
  operationsOn,
  position,
  type Rows,
  tally,
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
  /** Posts in early access: what stands in them and under them counts from their opening on, at the times when it happened. */
  closed_posts: entity({ key: { postId: uuid }, columns: { communityId: uuid }, indexes: ['"communityId"'] }),
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
    indexes: ['"communityId", at', 'at'],
  }),
  /** Members and service accounts. Their position is the order of registration, which settles ties. */
  people: entity({
    key: { id: uuid },
    columns: { position, kind: text, system: boolean, registeredAt: timestamp },
  }),
  communities: entity({ key: { id: uuid }, columns: { position } }),
  /** Each coming and going, by the event that told it: what lies between two of them is read, never folded. */
  membership_changes: entity({
    key: { id: uuid },
    columns: { position, communityId: uuid, memberId: uuid, kind: text, at: timestamp },
    indexes: ['"communityId", at'],
  }),
  /** Who held which role from when to when; the end is null while the role goes on. */
  roles: entity({
    key: { assignmentId: uuid },
    columns: {
      communityId: uuid,
      memberId: uuid,
      role: text,
      startedAt: timestamp,
      startedPosition: position,
      endedAt: nullable(timestamp),
      endedPosition: nullable(position),
    },
    indexes: ['"communityId", role'],
  }),
  /** What is expected of a community's members, with its measure where there is one: at least so many in every whole period. */
  expectations: entity({
    key: { id: uuid },
    columns: {
      communityId: uuid,
      position,
      counts: nullable(text),
      atLeast: nullable(integer),
      per: nullable(text),
      statedAt: timestamp,
      retiredAt: nullable(timestamp),
    },
    indexes: ['"communityId"'],
  }),
  /** First-response promises, as they were made at asking. What fulfils one is a contribution, what ends it a topic's end. */
  promises: entity({
    key: { postId: uuid },
    columns: {
      position,
      communityId: uuid,
      askedAt: timestamp,
      warnAt: timestamp,
      dueAt: timestamp,
      resolutionWarnAt: nullable(timestamp),
      resolutionDueAt: nullable(timestamp),
      /** When the first response was no longer owed, though nobody had given one. */
      endedAt: nullable(timestamp),
    },
    indexes: ['"communityId", "askedAt"', '"askedAt"', '"communityId", "dueAt"'],
  }),
  /** What was agreed upon since: from its time on, that due time stands. */
  renegotiations: entity({
    key: { id: uuid },
    columns: {
      position,
      postId: uuid,
      communityId: uuid,
      target: text,
      at: timestamp,
      warnAt: timestamp,
      dueAt: timestamp,
    },
    indexes: ['"postId", at, position'],
  }),
  /** Accepted answers as intervals, keyed by the event that accepted; open while the answer is accepted. */
  acceptances: entity({
    key: { id: uuid },
    columns: {
      position,
      postId: uuid,
      communityId: uuid,
      commentId: uuid,
      answerAuthorId: uuid,
      acceptedBy: uuid,
      at: timestamp,
      undonePosition: nullable(position),
      undoneAt: nullable(timestamp),
    },
    indexes: ['"postId", at, position', '"communityId", at'],
  }),
  /** Drafts that were begun. One that was published is the topic of the same id. */
  drafts: entity({
    key: { id: uuid },
    columns: { position, communityId: uuid, memberId: uuid, memberKind: text, begunAt: timestamp },
    tuples: { reviewed: first({}) },
    indexes: ['"communityId", "begunAt"', '"begunAt"'],
  }),
  /** What each member said first in each community, taken back or not: nothing undoes that somebody has spoken. */
  first_contributions: tally({
    key: { communityId: uuid, memberId: uuid },
    tuples: { first: first({ contributionId: uuid, kind: text, imported: boolean }) },
    indexes: ['"communityId", "firstAt", "firstPosition" where "firstKind" = \'POST\' and not "firstImported"'],
  }),
  /** Who was welcomed for which post, and by whom. */
  welcomes: entity({
    key: { postId: uuid },
    columns: { position, communityId: uuid, memberId: uuid, welcomedBy: uuid, at: timestamp },
  }),
};

export const { put, patch, remove, keep } = operationsOn(tables);

export type EngagementRows = Rows<typeof tables>;
