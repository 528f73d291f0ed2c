import type { Kysely } from 'kysely';
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
import { countOf, onPage, type Page, paged } from './page.ts';

const tables = {
  projects: entity({
    key: { id: uuid },
    columns: {
      name: text,
      description: text,
      url: nullable(text),
      /** PLANNED, ACTIVE, PAUSED, CLOSED. */
      status: text,
      outcome: nullable(text),
      ownerId: uuid,
      registeredAt: timestamp,
      closedAt: nullable(timestamp),
      /** When it was last reopened, and why. */
      reopenedAt: nullable(timestamp),
      reopening: nullable(sealed),
      revision: position,
    },
    indexes: ['name, id'],
  }),
  milestones: entity({
    key: { id: uuid },
    columns: { projectId: uuid, name: text, dueAt: timestamp, reachedAt: nullable(timestamp), position },
    indexes: ['"projectId", "dueAt", position'],
  }),
};

const { put, patch } = operationsOn(tables);

/** The projects that communities stand on, with their milestones. */
export const projects = defineProjection<DomainEvents>()({
  name: 'projects',
  version: 2,
  tables,
  on: {
    ProjectRegistered: ({ projectId, ...project }, { occurredAt, revision }) => [
      put('projects', { id: projectId, ...project, registeredAt: occurredAt, revision: BigInt(revision) }),
    ],
    ProjectStatusChanged: ({ projectId, status }, { revision }) => [
      patch('projects', { id: projectId }, { status, revision: BigInt(revision) }),
    ],
    MilestonePlanned: ({ projectId, milestoneId, name, dueAt }, { position, revision }) => [
      put('milestones', { id: milestoneId, projectId, name, dueAt, position }),
      patch('projects', { id: projectId }, { revision: BigInt(revision) }),
    ],
    MilestoneReached: ({ projectId, milestoneId }, { occurredAt, revision }) => [
      patch('milestones', { id: milestoneId }, { reachedAt: occurredAt }),
      patch('projects', { id: projectId }, { revision: BigInt(revision) }),
    ],
    AnchoringNoted: ({ projectId }, { revision }) => [
      patch('projects', { id: projectId }, { revision: BigInt(revision) }),
    ],
    ProjectClosed: ({ projectId, outcome }, { occurredAt, revision }) => [
      patch(
        'projects',
        { id: projectId },
        { status: 'CLOSED', outcome, closedAt: occurredAt, revision: BigInt(revision) },
      ),
    ],
    ProjectReopened: ({ projectId, status, sealed }, { occurredAt, revision }) => [
      patch(
        'projects',
        { id: projectId },
        {
          ...{ status, outcome: null, closedAt: null, revision: BigInt(revision) },
          ...{ reopenedAt: occurredAt, reopening: sealed },
        },
      ),
    ],
  },
});

export type ProjectRow = Row<typeof tables.projects>;
export type MilestoneRow = Row<typeof tables.milestones>;
type Db = Kysely<Rows<typeof tables>>;

export const projectsByIds = (db: Db, ids: readonly string[]) =>
  db.selectFrom('projects').selectAll().where('id', 'in', ids).execute();

export const milestonesByIds = (db: Db, ids: readonly string[]) =>
  db.selectFrom('milestones').selectAll().where('id', 'in', ids).execute();

/** The milestones of these projects, what is due first coming first. */
export const milestonesOf = (db: Db, projectIds: readonly string[]) =>
  db
    .selectFrom('milestones')
    .selectAll()
    .where('projectId', 'in', projectIds)
    .orderBy('dueAt')
    .orderBy('position')
    .execute();

export const BY_PROJECT_NAME = { columns: ['name', 'id'], direction: 'asc' } as const;

/** All projects by name; those that are closed only when asked for. */
export const projectsByName = async (db: Db, page: Page, { closed = false } = {}) =>
  paged(await onPage(listed(db, closed).selectAll(), BY_PROJECT_NAME, page).execute(), page);

export const countProjects = (db: Db, { closed = false } = {}) => countOf(db, listed(db, closed));

const listed = (db: Db, closed: boolean) =>
  db.selectFrom('projects').$if(!closed, (open) => open.where('status', '<>', 'CLOSED'));
