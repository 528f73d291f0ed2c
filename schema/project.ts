import { BY_PROJECT_NAME, countProjects, type ProjectRow, projects, projectsByName } from '../projections/projects.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { globalId, localId } from './global-id.ts';
import { knownMember } from './member.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { Member, Milestone, Node, Project, ProjectConnection } from './types.ts';

const ProjectStatus = builder.enumType('ProjectStatus', {
  description: 'How a project stands.',
  values: {
    PLANNED: { description: 'It has not begun.' },
    ACTIVE: { description: 'It is under way.' },
    PAUSED: { description: 'It rests, and will go on.' },
    CLOSED: { description: 'It is over: `outcome` says how it ended.' },
  },
});

const OpenProjectStatus = builder.enumType('OpenProjectStatus', {
  description: 'How a project stands that is not closed. `closeProject` closes it.',
  values: {
    PLANNED: { description: 'It has not begun.' },
    ACTIVE: { description: 'It is under way.' },
    PAUSED: { description: 'It rests, and will go on.' },
  },
});

const ProjectOutcome = builder.enumType('ProjectOutcome', {
  description: 'How a project ended.',
  values: {
    COMPLETED: { description: 'What it was for is done.' },
    ABANDONED: { description: 'It was given up.' },
  },
});

Project.implement({
  description: "A project of the organisation, on which communities stand. Its words are the organisation's own.",
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Project', id) }),
    name: t.exposeString('name', { description: 'How it is called: 1 to 120 characters.' }),
    description: t.exposeString('description', { description: 'What it is about: at most 4,000 characters.' }),
    url: t.exposeString('url', {
      nullable: true,
      description: 'Where it lives: a tracker, a plan. Null unless given.',
    }),
    status: t.field({
      type: ProjectStatus,
      description: 'How it stands now.',
      resolve: ({ status }) => status as 'PLANNED' | 'ACTIVE' | 'PAUSED' | 'CLOSED',
    }),
    outcome: t.field({
      type: ProjectOutcome,
      nullable: true,
      description: 'How it ended; null while it is open.',
      resolve: ({ outcome }) => outcome as 'COMPLETED' | 'ABANDONED' | null,
    }),
    owner: t.field({
      type: Member,
      description: 'Who registered it, and says how it gets on.',
      resolve: ({ ownerId }, _, context) => knownMember(context, ownerId),
    }),
    registeredAt: t.field({
      type: 'DateTime',
      description: 'When it was registered.',
      resolve: ({ registeredAt }) => registeredAt,
    }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was closed; null while it is open.',
      resolve: ({ closedAt }) => closedAt,
    }),
    milestones: t.field({
      type: [Milestone],
      description: 'Its milestones, what is due first coming first: at most 200.',
      resolve: ({ id }, _, { loaders }) => loaders.milestones().load(id),
    }),
    revision: t.int({
      description: 'Which state of it this is: send it as `expectedRevision` when you change it.',
      resolve: ({ revision }) => Number(revision),
    }),
  }),
});

builder.queryField('project', (t) =>
  t.field({
    type: Project,
    nullable: true,
    authScopes: { may: 'projects:read' },
    description: 'A project by its id. Null when there is none.',
    args: { id: t.arg.id({ required: true, description: "The project's id." }) },
    resolve: (_, { id }, context) => projectById(context, localId('Project', id)),
  }),
);

export const projectById = async ({ loaders }: Context, id: string | null): Promise<ProjectRow | null> =>
  (id && (await loaders.project().load(id))) || null;

const ProjectFilter = builder.inputType('ProjectFilter', {
  description: 'Which projects; all conditions given must hold.',
  fields: (t) => ({ includeClosed: t.boolean({ description: 'Closed ones too. False unless said otherwise.' }) }),
});

const byName = (of: string): ListOrder => ({ name: 'projects', of, parts: ['text', 'uuid'] });

builder.queryField('projects', (t) =>
  t.field({
    type: ProjectConnection,
    nullable: true,
    authScopes: { may: 'projects:read' },
    description: "The organisation's projects, by name.",
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: ProjectFilter, description: 'Which of them: all unless given.' }),
    },
    resolve: async (_, { filter, ...args }, { read, log }) => {
      const db = read.from(projects);
      const order = byName(log.identity.logId);
      const page = pageOf(order, args);
      const closed = { closed: filter?.includeClosed ?? false };
      return toConnection({
        order,
        page,
        paged: await projectsByName(db, page, closed),
        place: (project: ProjectRow) => BY_PROJECT_NAME.columns.map((column) => project[column]),
        node: (row) => row,
        count: () => countProjects(db, closed),
      });
    },
  }),
);

const reads = [projects.name];
export const projectAnswer = {
  type: Project,
  description: 'The project as it is now.',
  load: ({ id }: { readonly id: string }, context: Context) => projectById(context, id),
};
const answers = { project: projectAnswer };

commandField({
  command: commands.registerProject,
  description: 'Registers a project, so that communities can stand on it. The viewer owns it.',
  scope: 'projects:write',
  input: builder.inputType('RegisterProjectInput', {
    description: 'What `registerProject` asks for.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'How it is called: 1 to 120 characters.' }),
      description: t.string({ description: 'What it is about: at most 4,000 characters. Empty unless given.' }),
      url: t.string({ description: 'Where it lives: an http or https address of at most 500 characters.' }),
      status: t.field({ type: OpenProjectStatus, description: 'How it stands: ACTIVE unless given.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ name, description, url, status }) => ({
    name,
    description: description ?? undefined,
    url,
    status: status ?? undefined,
  }),
  reads,
  answers,
});

commandField({
  command: commands.changeProjectStatus,
  description: 'Says how a project stands. For who registered it and admins.',
  scope: 'projects:write',
  input: builder.inputType('ChangeProjectStatusInput', {
    description: 'What `changeProjectStatus` asks for.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: 'The id of the project.' }),
      status: t.field({ type: OpenProjectStatus, required: true, description: 'How it stands from now on.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ projectId: idIn('Project', input, 'projectId'), status: input.status }),
  reads,
  answers,
});

commandField({
  command: commands.closeProject,
  description:
    'Closes a project. The communities that stand on it lose their anchor, and are told. For who registered it and admins.',
  scope: 'projects:write',
  input: builder.inputType('CloseProjectInput', {
    description: 'What `closeProject` asks for.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: 'The id of the project.' }),
      outcome: t.field({ type: ProjectOutcome, description: 'How it ended: COMPLETED unless given.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ projectId: idIn('Project', input, 'projectId'), outcome: input.outcome ?? undefined }),
  reads,
  answers,
});

commandField({
  command: commands.reopenProject,
  description:
    'Takes the closing of a project back, and says why. Communities that have found no other project since stand on it again. For who registered it and admins.',
  scope: 'projects:write',
  input: builder.inputType('ReopenProjectInput', {
    description: 'What `reopenProject` asks for.',
    fields: (t) => ({
      projectId: t.id({ required: true, description: 'The id of the project.' }),
      status: t.field({ type: OpenProjectStatus, description: 'How it goes on: ACTIVE unless given.' }),
      reason: t.string({ required: true, description: 'Why: 1 to 2,000 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    projectId: idIn('Project', input, 'projectId'),
    status: input.status ?? undefined,
    reason: input.reason,
  }),
  reads,
  answers,
});
