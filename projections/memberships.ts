import type { Kysely } from 'kysely';
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
import { onPage, type Page, paged } from './page.ts';

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

/** All that a member is part of or invited to. */
export const membershipsOf = (db: Db, memberId: string) =>
  db.selectFrom('memberships').selectAll().where('memberId', '=', memberId).execute();

export const BY_SENIORITY = { columns: ['position'], direction: 'asc' } as const;

/** The members of a community, longest first. */
export const membersOf = async (db: Db, communityId: string, page: Page) => {
  const query = db
    .selectFrom('memberships')
    .selectAll()
    .where('communityId', '=', communityId)
    .where('status', '=', 'JOINED');
  return paged(await onPage(query, BY_SENIORITY, page).execute(), page);
};
