import { type MilestoneRow, projects } from '../projections/projects.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { globalId, localId } from './global-id.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { projectAnswer, projectById } from './project.ts';
import { Milestone, Node, Project } from './types.ts';

Milestone.implement({
  description: 'Something that a project wants to have done by some time.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Milestone', id) }),
    name: t.exposeString('name', { description: 'What will be done: 1 to 120 characters.' }),
    dueAt: t.field({ type: 'DateTime', description: 'By when it shall be so.', resolve: ({ dueAt }) => dueAt }),
    reachedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was reached; null before.',
      resolve: ({ reachedAt }) => reachedAt,
    }),
    project: t.field({
      type: Project,
      nullable: true,
      description: 'The project that it belongs to.',
      resolve: ({ projectId }, _, context) => projectById(context, projectId),
    }),
  }),
});

const reads = [projects.name];
const milestone = { type: Milestone, description: 'The milestone.' };
export const milestoneById = async ({ loaders }: Context, id: string | null): Promise<MilestoneRow | null> =>
  (id && (await loaders.milestone().load(id))) || null;

commandField({
  command: commands.planMilestone,
  description: 'Plans a milestone of a project. For who registered the project and admins.',
  scope: 'projects:write',
  input: builder.inputType('PlanMilestoneInput', {
    description: 'What `planMilestone` asks for.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: 'The project: at most 200 milestones.' }),
      name: t.string({ required: true, description: 'What will be done: 1 to 120 characters.' }),
      dueAt: t.field({ type: 'DateTime', required: true, description: 'By when it shall be so.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    projectId: idIn('Project', input, 'projectId'),
    name: input.name,
    dueAt: input.dueAt.toISOString(),
  }),
  reads,
  answers: {
    milestone: { ...milestone, load: ({ created }, context) => milestoneById(context, created) },
    project: projectAnswer,
  },
});

commandField({
  command: commands.reachMilestone,
  description: 'Says that a milestone is reached. For who registered the project and admins.',
  scope: 'projects:write',
  input: builder.inputType('ReachMilestoneInput', {
    description: 'What `reachMilestone` asks for.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: 'The id of the project.' }),
      milestoneId: t.id({ required: true, description: 'The id of the milestone.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    projectId: idIn('Project', input, 'projectId'),
    milestoneId: idIn('Milestone', input, 'milestoneId'),
  }),
  reads,
  answers: {
    milestone: {
      ...milestone,
      load: ({ input }, context) => milestoneById(context, localId('Milestone', input.milestoneId)),
    },
    project: projectAnswer,
  },
});
