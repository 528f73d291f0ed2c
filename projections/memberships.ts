import { type Kysely, sql } from 'kysely';
import {
  defineProjection,
  entity,
  nullable,
  operationsOn,
  position,
  type Row,
  type Rows,
  sealed,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { COUNTED_TO, countEach, inSpan, type Order, onPage, type Page, pageOfEach, type Span } from './page.ts';

const tables = {
  memberships: entity({
    key: { communityId: uuid, memberId: uuid },
    /**
     * INVITED, REQUESTED or JOINED; REFUSED, DECLINED or LEFT once it came to that. Sealed is what was said of it: by whoever asks to be
     * let in, refuses, or declines.
     */
    columns: { status: text, since: timestamp, position, sealed: nullable(sealed), invitedBy: nullable(uuid) },
    indexes: [
      '"memberId"',
      '"communityId", since, position where status = \'JOINED\'',
      '"communityId", position where status = \'REQUESTED\'',
      "\"communityId\", position where status in ('INVITED', 'DECLINED')",
    ],
  }),
  /** Who had which role from when to when: one row for each event that began one. */
  roles: entity({
    key: { assignmentId: uuid },
    columns: {
      communityId: uuid,
      memberId: uuid,
      role: text,
      /** The end of the term; null for a role without one. */
      until: nullable(timestamp),
      /** Who gave it: a member's id, or `system`. */
      assignedBy: text,
      /** Why; null for a founder, who needs no reason. */
      sealed: nullable(sealed),
      startedAt: timestamp,
      startedPosition: position,
      endedAt: nullable(timestamp),
      endedPosition: nullable(position),
      cause: nullable(text),
      /** Why it was ended, where somebody said so. */
      endSealed: nullable(sealed),
      overTermAt: nullable(timestamp),
    },
    indexes: ['"communityId", "startedPosition"', '"memberId" where "endedPosition" is null'],
  }),
};

const { put, patch, remove } = operationsOn(tables);

/** Who belongs where, and in which role: answers which communities a viewer may see and whose feed shows what. */
export const memberships = defineProjection<DomainEvents>()({
  name: 'memberships',
  version: 4,
  tables,
  on: {
    InvitationSent: ({ communityId, memberId, invitedBy }, { occurredAt, position }) => [
      put('memberships', { communityId, memberId, status: 'INVITED', since: occurredAt, position, invitedBy }),
    ],
    MemberJoined: ({ communityId, memberId }, { occurredAt, position }) => [
      put('memberships', { communityId, memberId, status: 'JOINED', since: occurredAt, position }),
    ],
    MembershipRequested: ({ communityId, memberId, sealed }, { occurredAt, position }) => [
      put('memberships', { communityId, memberId, status: 'REQUESTED', since: occurredAt, position, sealed }),
    ],
    MembershipRequestWithdrawn: ({ communityId, memberId }) => [remove('memberships', { communityId, memberId })],
    InvitationDeclined: ({ communityId, memberId, sealed }, { occurredAt, position }) => [
      patch('memberships', { communityId, memberId }, { status: 'DECLINED', since: occurredAt, position, sealed }),
    ],
    MembershipRefused: ({ communityId, memberId, sealed }, { occurredAt, position }) => [
      patch('memberships', { communityId, memberId }, { status: 'REFUSED', since: occurredAt, position, sealed }),
    ],
    MemberLeft: ({ communityId, memberId }, { occurredAt, position }) => [
      patch('memberships', { communityId, memberId }, { status: 'LEFT', since: occurredAt, position, sealed: null }),
    ],

    CommunityFounded: ({ communityId, founderId }, { id, actor, source, occurredAt, position }) =>
      founderId === null || source === 'IMPORT'
        ? []
        : [
            put('roles', {
              assignmentId: id,
              communityId,
              memberId: founderId,
              role: 'FACILITATOR',
              assignedBy: actor,
              startedAt: occurredAt,
              startedPosition: position,
            }),
          ],
    RoleAssigned: (assigned, { id, actor, occurredAt, position }) => [
      put('roles', {
        assignmentId: id,
        ...assigned,
        assignedBy: actor,
        startedAt: occurredAt,
        startedPosition: position,
      }),
    ],
    RoleEnded: ({ assignmentId, cause, sealed }, { occurredAt, position }) => [
      patch('roles', { assignmentId }, { endedAt: occurredAt, endedPosition: position, cause, endSealed: sealed }),
    ],
    RoleTermPassed: ({ assignmentId }, { occurredAt }) => [
      patch('roles', { assignmentId }, { overTermAt: occurredAt }),
    ],
  },
});

export type MembershipRow = Row<typeof tables.memberships>;
export type RoleRow = Row<typeof tables.roles>;
type Db = Kysely<Rows<typeof tables>>;

/** All that these members are part of or invited to. */
export const membershipsOf = (db: Db, memberIds: readonly string[]) =>
  db.selectFrom('memberships').selectAll().where('memberId', 'in', memberIds).execute();

export const BY_SENIORITY = { columns: ['position'], direction: 'asc' } as const;
export const BY_JOINING = ['since', 'position'] as const;

/** The same page of the members of several communities, of those who joined in the span. */
export const membersOfEach = (
  db: Db,
  communityIds: readonly string[],
  by: Order,
  page: Page,
  joined: Span | undefined,
) => pageOfEach(db, communityIds, onPage(joinedTo(db, joined).selectAll(), by, page), page);

/** The same page of those who ask to be let into several communities, whoever asked first coming first. */
export const requestsInEach = (db: Db, communityIds: readonly string[], page: Page) =>
  pageOfEach(db, communityIds, onPage(standing(db, 'REQUESTED').selectAll(), BY_SENIORITY, page), page);

/** The same page of the invitations to several communities that were not accepted, of all or of one inviter, the latest first. */
export const invitationsInEach = (db: Db, communityIds: readonly string[], page: Page, invitedBy: string | null) =>
  pageOfEach(db, communityIds, onPage(invitedTo(db, invitedBy).selectAll(), BY_INVITATION, page), page);

export const countInvitationsInEach = (db: Db, communityIds: readonly string[], invitedBy: string | null) =>
  countEach(db, communityIds, invitedTo(db, invitedBy).select(sql`1`.as('one')).limit(COUNTED_TO));

export const BY_INVITATION = { columns: ['position'], direction: 'desc' } as const;

const invitedTo = (db: Db, invitedBy: string | null) =>
  db
    .selectFrom('memberships')
    .where(sql<boolean>`"communityId" = owner.id`)
    .where('status', 'in', [sql.lit('INVITED'), sql.lit('DECLINED')])
    .$if(invitedBy !== null, (query) => query.where('invitedBy', '=', invitedBy));

export const countRequestsInEach = (db: Db, communityIds: readonly string[]) =>
  countEach(db, communityIds, standing(db, 'REQUESTED').select(sql`1`.as('one')).limit(COUNTED_TO));

/** How many members these communities have, each counted to 10,000. */
export const countMembersOfEach = (db: Db, communityIds: readonly string[], joined: Span | undefined) =>
  countEach(db, communityIds, joinedTo(db, joined).select(sql`1`.as('one')).limit(COUNTED_TO));

const joinedTo = (db: Db, joined: Span | undefined) => standing(db, 'JOINED').where(() => inSpan('since', joined));

const standing = (db: Db, status: 'JOINED' | 'REQUESTED') =>
  db.selectFrom('memberships').where(sql<boolean>`"communityId" = owner.id`).where('status', '=', sql.lit(status));

/** The roles that these members hold now. */
export const rolesOf = (db: Db, memberIds: readonly string[]) =>
  db.selectFrom('roles').selectAll().where('memberId', 'in', memberIds).where('endedPosition', 'is', null).execute();

/** The roles in these communities, whoever had one first coming first; those that have ended too when asked for. */
export const rolesIn = (db: Db, communityIds: readonly string[], { ended = false } = {}) =>
  db
    .selectFrom('roles')
    .selectAll()
    .where('communityId', 'in', communityIds)
    .$if(!ended, (open) => open.where('endedPosition', 'is', null))
    .orderBy('startedPosition')
    .execute();
