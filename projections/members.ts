import type { Kysely } from 'kysely';
import type { KeptRows } from '../src/core/kept-rows.ts';
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
import { countOf, inSpan, type Order, onPage, type Page, paged, type Span } from './page.ts';
import { oneOf, prepared } from './prepared.ts';

const tables = {
  members: entity({
    key: { id: uuid },
    columns: {
      kind: text,
      /** Name, handle and e-mail address, as registered. */
      sealed,
      /** A later name. */
      profile: nullable(sealed),
      handleHash: text,
      registeredAt: timestamp,
      position,
    },
    indexes: ['"handleHash"', '"registeredAt", position', 'kind, "registeredAt", position'],
  }),
};

const { put, patch } = operationsOn(tables);

/** A member or service account as a card shows it. */
export const members = defineProjection<DomainEvents>()({
  name: 'members',
  version: 2,
  tables,
  on: {
    MemberRegistered: ({ memberId, handleHash, sealed }, { occurredAt, position }) => [
      put('members', { id: memberId, kind: 'MEMBER', sealed, handleHash, registeredAt: occurredAt, position }),
    ],
    ServiceAccountRegistered: ({ memberId, handleHash, sealed }, { occurredAt, position }) => [
      put('members', { id: memberId, kind: 'SERVICE', sealed, handleHash, registeredAt: occurredAt, position }),
    ],
    ProfileChanged: ({ memberId, sealed }) => [patch('members', { id: memberId }, { profile: sealed })],
  },
});

export type MemberRow = Row<typeof tables.members>;
type Db = Kysely<Rows<typeof tables>>;

export const membersByIds = prepared((db: Db, ids: readonly string[]) =>
  db.selectFrom('members').selectAll().where(oneOf('id', ids)),
);

export const keptMembers: KeptRows<MemberRow> = {
  projection: members,
  forgottenWith: { members: 'key' },
  max: 20_000,
  keyOf: ({ id }) => id,
  load: membersByIds,
};

export const memberByHandle = (db: Db, handleHash: string) =>
  db.selectFrom('members').selectAll().where('handleHash', '=', handleHash).executeTakeFirst();

export const BY_REGISTRATION = ['registeredAt', 'position'] as const;

/** Which members; all conditions given hold. */
export type MemberCondition = { readonly kind?: string | undefined; readonly registered?: Span | undefined };

/** Everybody of the organisation, page by page. */
export const membersOn = async (db: Db, by: Order, page: Page, condition: MemberCondition) =>
  paged(await onPage(meeting(db, condition).selectAll(), by, page).execute(), page);

export const countMembers = (db: Db, condition: MemberCondition) => countOf(db, meeting(db, condition));

const meeting = (db: Db, { kind, registered }: MemberCondition) =>
  db
    .selectFrom('members')
    .where(() => inSpan('registeredAt', registered))
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''));
