import { communities } from '../projections/communities.ts';
import { memberships } from '../projections/memberships.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { JoinPolicy, Visibility } from './community.ts';
import type { Context } from './context.ts';
import { aboutNode, commandField, guarded, idIn, repeatable } from './mutation.ts';
import { visibleCommunity } from './sight.ts';
import { Community } from './types.ts';

// The mutations of a community itself: for its facilitators, and for admins.

const COMMUNITY_ID = 'The id of the community.';
/** What every mutation of a community has in common: it acts on one that the viewer sees, and answers with it. */
export const steered = {
  about: aboutNode('Community', 'communityId', visibleCommunity),
  reads: [communities.name, memberships.name],
  answers: {
    community: {
      type: Community,
      description: 'The community as it is now.',
      load: ({ id }: { readonly id: string }, context: Context) => visibleCommunity(context, id),
    },
  },
};
const { reads, answers } = steered;

commandField({
  command: commands.foundCommunity,
  description: 'Founds a community; the viewer is its founder, first member and first facilitator.',
  scope: 'communities:write',
  input: builder.inputType('FoundCommunityInput', {
    description: 'What `foundCommunity` asks for.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'How it is called: 1 to 120 characters.' }),
      slug: t.string({
        required: true,
        description: 'How it is called in addresses, unique: at most 80 lower-case letters, digits and single dashes.',
      }),
      description: t.string({ description: 'What it is for: at most 2,000 characters. Empty unless given.' }),
      visibility: t.field({ type: Visibility, description: 'Who sees it: PUBLIC unless given.' }),
      joinPolicy: t.field({ type: JoinPolicy, description: 'How one becomes a member: OPEN unless given.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ name, slug, description, visibility, joinPolicy }) => ({
    name,
    slug,
    description: description ?? undefined,
    visibility: visibility ?? undefined,
    joinPolicy: joinPolicy ?? undefined,
  }),
  reads,
  answers,
});

commandField({
  command: commands.renameCommunity,
  description: 'Gives a community another name, and another slug where one is given. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('RenameCommunityInput', {
    description: 'What `renameCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: COMMUNITY_ID }),
      name: t.string({ required: true, description: 'The new name: 1 to 120 characters.' }),
      slug: t.string({ description: 'The new slug; the old one is free again. Unchanged unless given.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    name: input.name,
    slug: input.slug ?? undefined,
  }),
  ...steered,
});

commandField({
  command: commands.describeCommunity,
  description: 'Says what a community is for. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('DescribeCommunityInput', {
    description: 'What `describeCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: COMMUNITY_ID }),
      description: t.string({ required: true, description: 'The new description: at most 2,000 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId'), description: input.description }),
  ...steered,
});

commandField({
  command: commands.changeCommunityAccess,
  description: 'Changes who sees a community and how one becomes a member. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('ChangeCommunityAccessInput', {
    description: 'What `changeCommunityAccess` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: COMMUNITY_ID }),
      visibility: t.field({ type: Visibility, required: true, description: 'Who sees it from now on.' }),
      joinPolicy: t.field({ type: JoinPolicy, required: true, description: 'How one becomes a member from now on.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    visibility: input.visibility,
    joinPolicy: input.joinPolicy,
  }),
  ...steered,
});

commandField({
  command: commands.archiveCommunity,
  description: 'Archives a community: it stays readable, and nothing can be added. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('ArchiveCommunityInput', {
    description: 'What `archiveCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: COMMUNITY_ID }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId') }),
  ...steered,
});

commandField({
  command: commands.reopenCommunity,
  description:
    'Takes the archiving of a community back, and says why: it is again what it was. What its archiving ended stays ended, such as open promises. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('ReopenCommunityInput', {
    description: 'What `reopenCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: COMMUNITY_ID }),
      slug: t.string({
        description: 'Its address from now on: the one that it had unless given, which may be taken by now.',
      }),
      reason: t.string({ required: true, description: 'Why: 1 to 2,000 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    slug: input.slug ?? undefined,
    reason: input.reason,
  }),
  ...steered,
});
