import { z } from 'zod';
import { defineAggregate, defineCommand, type Principal } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { id, instant, name, reason, statement } from './words.ts';

/** Where a project stands while it is open. */
export const projectStatus = z.enum(['PLANNED', 'ACTIVE', 'PAUSED']);
export const projectOutcome = z.enum(['COMPLETED', 'ABANDONED']);

const projectId = id;
const url = z.url({ protocol: /^https?$/, error: 'Give an address that begins with http:// or https://.' }).max(500);

// Events. These names and shapes are a file format: add, never edit.
export const projectEvents = defineEvents({
  ProjectRegistered: {
    version: 1,
    data: z.strictObject({
      projectId,
      name: z.string(),
      description: z.string(),
      /** Where the project lives: a tracker, a plan. */
      url: z.string().nullable(),
      status: projectStatus,
      ownerId: id,
    }),
  },
  ProjectStatusChanged: { version: 1, data: z.strictObject({ projectId, status: projectStatus }) },
  MilestonePlanned: {
    version: 1,
    data: z.strictObject({ projectId, milestoneId: id, name: z.string(), dueAt: instant }),
  },
  MilestoneReached: { version: 1, data: z.strictObject({ projectId, milestoneId: id }) },
  /** A community stands on it. Written by the process that watches anchors, so that whoever closes it knows whom to tell. */
  AnchoringNoted: { version: 1, data: z.strictObject({ projectId, communityId: id }) },
  /** `communityIds`: all that ever stood on it. */
  ProjectClosed: {
    version: 1,
    data: z.strictObject({ projectId, outcome: projectOutcome, communityIds: z.array(id) }),
  },
  /** It goes on. `communityIds`: all that ever stood on it. */
  ProjectReopened: {
    version: 1,
    data: z.strictObject({ projectId, status: projectStatus, reopenedBy: id, communityIds: z.array(id) }),
    personal: z.strictObject({ reason: z.string() }),
    subject: ({ reopenedBy }: { reopenedBy: string }) => reopenedBy,
  },
});

export type Project = {
  readonly status: 'none' | 'closed' | z.infer<typeof projectStatus>;
  readonly ownerId: string;
  /** Each milestone, and whether it was reached. */
  readonly milestones: Readonly<Record<string, boolean>>;
  /** Communities that stand on it, or once did. */
  readonly communityIds: readonly string[];
};

/** Work that people are paid for, and that a community is anchored on. Its names are the organisation's own words. */
export const project = defineAggregate<Project>()({
  category: 'project',
  events: projectEvents,
  initial: { status: 'none', ownerId: '', milestones: {}, communityIds: [] },
  evolve: {
    ProjectRegistered: (state, { status, ownerId }) => ({ ...state, status, ownerId }),
    ProjectStatusChanged: (state, { status }) => ({ ...state, status }),
    MilestonePlanned: (state, { milestoneId }) => ({
      ...state,
      milestones: { ...state.milestones, [milestoneId]: false },
    }),
    MilestoneReached: (state, { milestoneId }) => ({
      ...state,
      milestones: { ...state.milestones, [milestoneId]: true },
    }),
    AnchoringNoted: (state, { communityId }) => ({ ...state, communityIds: [...state.communityIds, communityId] }),
    ProjectClosed: (state) => ({ ...state, status: 'closed' }),
    ProjectReopened: (state, { status }) => ({ ...state, status }),
  },
});

/** Whoever registers a project owns it. */
export const registerProject = defineCommand({
  type: 'RegisterProject',
  input: z.strictObject({
    name,
    description: statement.default(''),
    url: url.nullable().default(null),
    status: projectStatus.default('ACTIVE'),
  }),
  aggregate: project,
  creates: true,
  id: (_, { newId }) => newId,
  decide: (input, _state, { id, actor }) => [
    { type: 'ProjectRegistered', data: { projectId: id, ...input, ownerId: actor.memberId } },
  ],
});

export const changeProjectStatus = defineCommand({
  type: 'ChangeProjectStatus',
  input: z.strictObject({ projectId, status: projectStatus }),
  aggregate: project,
  id: ({ projectId }) => projectId,
  decide: (input, state, { actor }) => {
    assertOwns(state, actor);
    assertRunning(state);
    return state.status === input.status ? [] : [{ type: 'ProjectStatusChanged', data: input }];
  },
});

/** The communities that stand on it lose their anchor. */
export const closeProject = defineCommand({
  type: 'CloseProject',
  input: z.strictObject({ projectId, outcome: projectOutcome.default('COMPLETED') }),
  aggregate: project,
  id: ({ projectId }) => projectId,
  decide: (input, state, { actor }) => {
    assertOwns(state, actor);
    if (state.status === 'closed') return [];
    return [{ type: 'ProjectClosed', data: { ...input, communityIds: [...state.communityIds] } }];
  },
});

/** Takes a closing back, and says why. Communities that have found no other project since stand on it again. */
export const reopenProject = defineCommand({
  type: 'ReopenProject',
  input: z.strictObject({ projectId, status: projectStatus.default('ACTIVE'), reason }),
  aggregate: project,
  id: ({ projectId }) => projectId,
  decide: ({ projectId, status, reason }, state, { actor }) => {
    assertOwns(state, actor);
    if (state.status !== 'closed') return [];
    const data = { projectId, status, reopenedBy: actor.memberId, communityIds: [...state.communityIds] };
    return [{ type: 'ProjectReopened', data, personal: { reason } }];
  },
});

export const MAX_MILESTONES = 200;

export const planMilestone = defineCommand({
  type: 'PlanMilestone',
  input: z.strictObject({ projectId, name, dueAt: instant }),
  aggregate: project,
  id: ({ projectId }) => projectId,
  decide: (input, state, { actor, newId }) => {
    assertOwns(state, actor);
    assertRunning(state);
    if (Object.keys(state.milestones).length >= MAX_MILESTONES)
      throw new Rejection('TOO_MANY_MILESTONES', `A project has at most ${MAX_MILESTONES} milestones.`);
    return [{ type: 'MilestonePlanned', data: { ...input, milestoneId: newId } }];
  },
});

export const reachMilestone = defineCommand({
  type: 'ReachMilestone',
  input: z.strictObject({ projectId, milestoneId: id }),
  aggregate: project,
  id: ({ projectId }) => projectId,
  decide: (input, state, { actor }) => {
    assertOwns(state, actor);
    const reached = state.milestones[input.milestoneId];
    if (reached === undefined)
      throw new Rejection('MILESTONE_NOT_FOUND', 'This project has no such milestone.', ['milestoneId']);
    if (reached) return [];
    assertRunning(state);
    return [{ type: 'MilestoneReached', data: input }];
  },
});

export const assertRegistered = ({ status }: Project) => {
  if (status === 'none') throw new Rejection('PROJECT_NOT_FOUND', 'There is no such project.', ['projectId']);
};

export const assertRunning = (state: Project) => {
  assertRegistered(state);
  if (state.status === 'closed') throw new Rejection('PROJECT_CLOSED', 'This project is closed.', ['projectId']);
};

const assertOwns = (state: Project, actor: Principal) => {
  assertRegistered(state);
  if (state.ownerId !== actor.memberId && !actor.isAdmin)
    throw new Rejection('NOT_ALLOWED', 'Only who registered this project or an admin may do this.');
};
