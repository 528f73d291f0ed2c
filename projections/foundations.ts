import { type Kysely, sql } from 'kysely';
import {
  defineProjection,
  entity,
  integer,
  nullable,
  number,
  operationsOn,
  position,
  type Row,
  type Rows,
  text,
  timestamp,
  uuid,
} from '../src/core/projection.ts';
import type { DomainEvents } from '../src/domain/index.ts';

const tables = {
  charters: entity({
    key: { communityId: uuid, version: integer },
    columns: {
      purpose: text,
      inScope: text,
      outOfScope: text,
      tools: text,
      meaning: text,
      adoptedAt: timestamp,
      adoptedBy: text,
    },
  }),
  objectives: entity({
    key: { id: uuid },
    columns: {
      communityId: uuid,
      statistic: text,
      baseline: number,
      target: number,
      windowDays: integer,
      dueAt: timestamp,
      setAt: timestamp,
      closedAt: nullable(timestamp),
      outcome: nullable(text),
      position,
    },
    indexes: ['"communityId", position'],
  }),
  expectations: entity({
    key: { id: uuid },
    columns: {
      communityId: uuid,
      behaviour: text,
      audience: text,
      /** The three columns of a measure; null where it has none. */
      measureOf: nullable(text),
      measureAtLeast: nullable(integer),
      measurePer: nullable(text),
      /** The version with which it came, and the one with which it went. */
      version: integer,
      retiredVersion: nullable(integer),
      statedAt: timestamp,
      retiredAt: nullable(timestamp),
      position,
    },
    indexes: ['"communityId", position'],
  }),
  /** Which version of its expectations holds in a community; 0 before the first. */
  expectation_versions: entity({ key: { communityId: uuid }, columns: { version: integer, since: timestamp } }),
  /** Which version each member has read; 0 for none. */
  acknowledgements: entity({ key: { communityId: uuid, memberId: uuid }, columns: { version: integer } }),
  /** Service accounts acknowledge nothing, and count for nothing. */
  service_accounts: entity({ key: { id: uuid }, columns: { position } }),
};

const { put, patch, remove } = operationsOn(tables);

/** What a community stands on: its charter, objectives and expectations, and who has read what is expected. */
export const foundations = defineProjection<DomainEvents>()({
  name: 'foundations',
  version: 1,
  tables,
  on: {
    ServiceAccountRegistered: ({ memberId }, { position }) => [put('service_accounts', { id: memberId, position })],
    CommunityFounded: ({ communityId }, { occurredAt }) => [
      put('expectation_versions', { communityId, version: 0, since: occurredAt }),
    ],
    CharterAdopted: (charter, { occurredAt, actor }) => [
      put('charters', { ...charter, adoptedAt: occurredAt, adoptedBy: actor }),
    ],
    ObjectiveSet: ({ objectiveId, ...objective }, { occurredAt, position }) => [
      put('objectives', { id: objectiveId, ...objective, setAt: occurredAt, position }),
    ],
    ObjectiveClosed: ({ objectiveId, outcome }, { occurredAt }) => [
      patch('objectives', { id: objectiveId }, { outcome, closedAt: occurredAt }),
    ],
    ExpectationStated: (stated, { occurredAt, position }) => [
      put('expectations', {
        id: stated.expectationId,
        communityId: stated.communityId,
        behaviour: stated.behaviour,
        audience: stated.audience,
        measureOf: stated.measure?.of ?? null,
        measureAtLeast: stated.measure?.atLeast ?? null,
        measurePer: stated.measure?.per ?? null,
        version: stated.version,
        statedAt: occurredAt,
        position,
      }),
      put('expectation_versions', { communityId: stated.communityId, version: stated.version, since: occurredAt }),
    ],
    ExpectationRetired: ({ communityId, expectationId, version }, { occurredAt }) => [
      patch('expectations', { id: expectationId }, { retiredAt: occurredAt, retiredVersion: version }),
      put('expectation_versions', { communityId, version, since: occurredAt }),
    ],
    MemberJoined: ({ communityId, memberId }) => [put('acknowledgements', { communityId, memberId, version: 0 })],
    ExpectationsAcknowledged: ({ communityId, memberId, version }) => [
      patch('acknowledgements', { communityId, memberId }, { version }),
    ],
    MemberLeft: ({ communityId, memberId }) => [remove('acknowledgements', { communityId, memberId })],
  },
});

export type CharterRow = Row<typeof tables.charters>;
export type ObjectiveRow = Row<typeof tables.objectives>;
export type ExpectationRow = Row<typeof tables.expectations>;
type Db = Kysely<Rows<typeof tables>>;

/** The charter that holds in each of these communities. */
export const chartersOf = (db: Db, communityIds: readonly string[]) =>
  db
    .selectFrom('charters')
    .selectAll()
    .distinctOn('communityId')
    .where('communityId', 'in', communityIds)
    .orderBy('communityId')
    .orderBy('version', 'desc')
    .execute();

/** The same version of the charters of these communities. */
export const charterVersionsOf = (db: Db, communityIds: readonly string[], version: number) =>
  db
    .selectFrom('charters')
    .selectAll()
    .where('communityId', 'in', communityIds)
    .where('version', '=', version)
    .execute();

/** The objectives of these communities in the order in which they were set; closed ones too when asked for. */
export const objectivesOf = (db: Db, communityIds: readonly string[], { closed = false } = {}) =>
  db
    .selectFrom('objectives')
    .selectAll()
    .where('communityId', 'in', communityIds)
    .$if(!closed, (open) => open.where('closedAt', 'is', null))
    .orderBy('position')
    .execute();

export const objectivesByIds = (db: Db, ids: readonly string[]) =>
  db.selectFrom('objectives').selectAll().where('id', 'in', ids).execute();

/** What is expected in these communities, in the order in which it was said; what no longer is, too, when asked for. */
export const expectationsOf = (db: Db, communityIds: readonly string[], { retired = false } = {}) =>
  db
    .selectFrom('expectations')
    .selectAll()
    .where('communityId', 'in', communityIds)
    .$if(!retired, (current) => current.where('retiredAt', 'is', null))
    .orderBy('position')
    .execute();

export const expectationsByIds = (db: Db, ids: readonly string[]) =>
  db.selectFrom('expectations').selectAll().where('id', 'in', ids).execute();

/** How many members of a community have read what is expected of them now. */
export type Acknowledgement = {
  readonly communityId: string;
  readonly version: number;
  readonly since: Date;
  readonly members: number;
  readonly acknowledged: number;
};

export const acknowledgementsIn = async (db: Db, communityIds: readonly string[]) => {
  const { rows } = await sql<Acknowledgement>`
    select current."communityId", current.version, current.since,
           count(one."memberId")::int as members,
           count(one."memberId") filter (where one.version = current.version)::int as acknowledged
      from ${db.selectFrom('expectation_versions').selectAll().where('communityId', 'in', communityIds)} as current
      left join ${membersOnly(db)} as one on one."communityId" = current."communityId"
     group by 1, 2, 3`.execute(db);
  return rows;
};

const membersOnly = (db: Db) =>
  db
    .selectFrom('acknowledgements')
    .selectAll()
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('service_accounts')
            .select('service_accounts.id')
            .whereRef('service_accounts.id', '=', 'acknowledgements.memberId'),
        ),
      ),
    );
