import { communities } from '../projections/communities.ts';
import { memberships } from '../projections/memberships.ts';
import { type MentorRow, mentoringTopicsOf, offerTermsOf, reviews } from '../projections/reviews.ts';
import { REVIEW_OFFER_DAYS } from '../src/domain/community.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { PART_ID, partId } from './global-id.ts';
import { knownMember } from './member.ts';
import { communityOf } from './membership.ts';
import { aboutNode, commandField, guarded, idIn, repeatable } from './mutation.ts';
import { visibleCommunity } from './sight.ts';
import { steered } from './steering.ts';
import { Community, Member } from './types.ts';

const Mentor = builder.objectRef<MentorRow>('Mentor').implement({
  description: 'Somebody who volunteers to look at what others dare not publish yet.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ communityId, memberId }) => partId('Mentor', communityId, memberId),
    }),
    member: t.field({
      type: Member,
      description: 'Who volunteers.',
      resolve: ({ memberId }, _, context) => knownMember(context, memberId),
    }),
    topics: t.field({
      type: ['String'],
      description: "For which of the community's topics; for any where there are none.",
      resolve: ({ topics }) => topics,
    }),
    load: t.exposeInt('load', { description: 'How many reviews at a time.' }),
    openReviews: t.int({ description: 'How many wait for their feedback now.', resolve: ({ open }) => open }),
    since: t.field({ type: 'DateTime', description: 'Since when they volunteer.', resolve: ({ since }) => since }),
  }),
});

builder.objectFields(Community, (t) => ({
  mentoringTopics: t.field({
    type: ['String'],
    description: 'What drafts are reviewed about here: the list that mentors and authors choose from.',
    resolve: async ({ id }, _, { loaders, read }) =>
      (await loaders.each('mentoring topics', (ids) => mentoringTopicsOf(read.from(reviews), ids)).load(id)) ?? [],
  }),
  reviewOfferDays: t.int({
    description: 'How many working days a review that is offered waits for its mentor before the next one is asked.',
    resolve: async ({ id }, _, { loaders, read }) =>
      (await loaders.each('offer terms', (ids) => offerTermsOf(read.from(reviews), ids)).load(id)) ?? REVIEW_OFFER_DAYS,
  }),
  mentors: t.field({
    type: [Mentor],
    description: 'Who volunteers to review drafts here, the earliest first, each with what they have to do.',
    resolve: ({ id }, _, { loaders }) => loaders.mentors().load(id),
  }),
}));

commandField({
  command: commands.setMentoringTopics,
  description:
    'Sets what drafts are reviewed about in a community: its own list, in clear. Mentors keep what they chose. For those who steer it.',
  scope: 'communities:write',
  input: builder.inputType('SetMentoringTopicsInput', {
    description: 'What `setMentoringTopics` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      topics: t.stringList({
        required: true,
        description: 'All topics, at most 50 of 1 to 60 characters, in their order.',
      }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId'), topics: [...input.topics] }),
  ...steered,
  reads: [...steered.reads, reviews.name],
});

commandField({
  command: commands.setReviewOfferTerm,
  description:
    'Sets how long a review that is offered waits for its mentor before the next one is asked. It holds for offers made from now on. For those who steer the community.',
  scope: 'communities:write',
  input: builder.inputType('SetReviewOfferTermInput', {
    description: 'What `setReviewOfferTerm` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      workingDays: t.int({ required: true, description: 'Whole working days: 1 to 30.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId'), workingDays: input.workingDays }),
  ...steered,
  reads: [...steered.reads, reviews.name],
});

commandField({
  command: commands.volunteerAsMentor,
  description:
    'Offers to review drafts in a community that the viewer is a member of: for which topics, and how many at a time. Another offer replaces it; with a load of 0 it is taken back.',
  scope: 'communities:write',
  input: builder.inputType('VolunteerAsMentorInput', {
    description: 'What `volunteerAsMentor` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      topics: t.stringList({ description: 'Of `Community.mentoringTopics`; any topic unless given.' }),
      load: t.int({ required: true, description: 'How many reviews at a time: 0 to 20.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    topics: [...(input.topics ?? [])],
    load: input.load,
  }),
  about: aboutNode('Community', 'communityId', visibleCommunity),
  reads: [communities.name, memberships.name, reviews.name, 'members'],
  answers: {
    community: communityOf,
    mentor: {
      type: Mentor,
      description: 'The offer as it stands.',
      load: async ({ input }: { readonly input: { readonly communityId: string } }, context: Context) => {
        const mentors = await context.loaders.mentors().load(idIn('Community', input, 'communityId'));
        return mentors.find(({ memberId }) => memberId === context.viewer?.memberId) ?? null;
      },
    },
  },
});
