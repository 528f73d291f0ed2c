import { communities } from '../projections/communities.ts';
import { projects } from '../projections/projects.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { projectById } from './project.ts';
import { steered } from './steering.ts';
import { Community, Project } from './types.ts';

builder.objectFields(Community, (t) => ({
  anchored: t.boolean({
    description:
      'Whether it stands on a project that is open. One that does not still works, and its page should say so.',
    resolve: ({ projectId, anchorLostAt }) => projectId !== null && anchorLostAt === null,
  }),
  project: t.field({
    type: Project,
    nullable: true,
    description: 'The project that it stands on, or stood on last; null for a community that was never anchored.',
    resolve: ({ projectId }, _, context) => projectById(context, projectId),
  }),
  anchoredAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'Since when it stands on this project; null for a community that was never anchored.',
    resolve: ({ anchoredAt }) => anchoredAt,
  }),
  anchorLostAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When its project was closed; null while it is anchored, and before it ever was.',
    resolve: ({ anchorLostAt }) => anchorLostAt,
  }),
}));

commandField({
  command: commands.anchorCommunity,
  description: 'Makes a community stand on a project that is open. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('AnchorCommunityInput', {
    description: 'What `anchorCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      projectId: t.id({ required: true, description: 'The project; the community leaves the one that it stood on.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    projectId: idIn('Project', input, 'projectId'),
  }),
  ...steered,
  reads: [communities.name, projects.name],
});
