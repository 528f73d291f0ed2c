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
    /** INVITED, REQUESTED or JOINED; what somebody who asks to be let in says of it is sealed. */
    columns: { status: text, since: timestamp, position, sealed: nullable(sealed) },
    indexes: [
      '"memberId"',
      '"communityId", since, position where status = \'JOINED\'',
      '"communityId", position where status = \'REQUESTED\'',
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
      overTermAt: nullable(timestamp),
    },
    indexes: ['"communityId", "startedPosition"', '"memberId" where "endedPosition" is null'],
  }),
};

const { put, patch, remove } = operationsOn(tables);

const gone = ({ communityId, memberId }: { readonly communityId: string; readonly memberId: string }) => [
  remove('memberships', { communityId, memberId }),
];

/** Who belongs where, and in which role: answers which communities a viewer may see and whose feed shows what. */
export const memberships = defineProjection<DomainEvents>()({
  name: 'memberships',
  version: 3,
  tables,
  on: {
    InvitationSent: ({ communityId, memberId }, { occurredAt, position }) => [
      put('memberships', { communityId, memberId, status: 'INVITED', since: occurredAt, position }),
    ],
    MemberJoined: ({ communityId, memberId }, { occurredAt, position }) => [
      put('memberships', { communityId, memberId, status: 'JOINED', since: occurredAt, position }),
    ],
    MembershipRequested: ({ communityId, memberId, sealed }, { occurredAt, position }) => [
      put('memberships', { communityId, memberId, status: 'REQUESTED', since: occurredAt, position, sealed }),
    ],
    InvitationDeclined: gone,
    MembershipRequestWithdrawn: gone,
    MembershipRefused: gone,
    MemberLeft: gone,

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
    RoleEnded: ({ assignmentId, cause }, { occurredAt, position }) => [
      patch('roles', { assignmentId }, { endedAt: occurredAt, endedPosition: position, cause }),
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
