import { type Kysely, sql } from 'kysely';
import {
  defineProjection,
  entity,
  operationsOn,
  position,
  type Row,
  type Rows,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';
import { COUNTED_TO, countEach, onPage, type Page, pageOfEach } from './page.ts';

const tables = {
  memberships: entity({
    key: { communityId: uuid, memberId: uuid },
    columns: { status: text, since: timestamp, position },
    indexes: ['"memberId"', '"communityId", position where status = \'JOINED\''],
  }),
};

const { put, remove } = operationsOn(tables);

/** Who belongs where: answers which communities a viewer may see and whose feed shows what. */
export const memberships = defineProjection<DomainEvents>()({
  name: 'memberships',
  version: 1,
  tables,
  on: {
    InvitationSent: ({ communityId, memberId }, { occurredAt, position }) => [
      put('memberships', { communityId, memberId, status: 'INVITED', since: occurredAt, position }),
    ],
    MemberJoined: ({ communityId, memberId }, { occurredAt, position }) => [
      put('memberships', { communityId, memberId, status: 'JOINED', since: occurredAt, position }),
    ],
    MemberLeft: ({ communityId, memberId }) => [remove('memberships', { communityId, memberId })],
  },
});

export type MembershipRow = Row<typeof tables.memberships>;
type Db = Kysely<Rows<typeof tables>>;

/** All that these members are part of or invited to. */
export const membershipsOf = (db: Db, memberIds: readonly string[]) =>
  db.selectFrom('memberships').selectAll().where('memberId', 'in', memberIds).execute();

export const BY_SENIORITY = { columns: ['position'], direction: 'asc' } as const;

/** The same page of the members of several communities, longest first. */
export const membersOfEach = (db: Db, communityIds: readonly string[], page: Page) => {
  const query = db
    .selectFrom('memberships')
    .selectAll()
    .where(sql<boolean>`"communityId" = owner.id`)
    .where('status', '=', 'JOINED');
  return pageOfEach(db, communityIds, onPage(query, BY_SENIORITY, page), page);
};

/** How many members these communities have, each counted to 10,000. */
export const countMembersOfEach = (db: Db, communityIds: readonly string[]) => {
  const few = db
    .selectFrom('memberships')
    .select(sql`1`.as('one'))
    .where(sql<boolean>`"communityId" = owner.id`)
    .where('status', '=', 'JOINED')
    .limit(COUNTED_TO);
  return countEach(db, communityIds, few);
};
