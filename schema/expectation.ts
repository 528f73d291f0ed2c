import {
  type Acknowledgement,
  acknowledgementsIn,
  type ExpectationRow,
  expectationsOf,
  foundations,
} from '../projections/foundations.ts';
import { memberships } from '../projections/memberships.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { globalId, localId } from './global-id.ts';
import { grouped } from './loaders.ts';
import { communityOf } from './membership.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { visibleCommunity } from './sight.ts';
import { steered } from './steering.ts';
import { Community, Expectation, Node } from './types.ts';

const Audience = builder.enumType('ExpectationAudience', {
  description: 'Of whom something is expected.',
  values: {
    EVERYBODY: { description: 'Every member of the community.' },
    NEWCOMERS: { description: 'Who has not contributed yet.' },
    LEADERS: { description: 'Facilitators and sponsors.' },
  },
});

const Measured = builder.enumType('MeasuredActivity', {
  description: 'What a measure counts.',
  values: {
    POSTS: { description: 'Posts of every kind.' },
    COMMENTS: { description: 'Comments and answers.' },
    ANSWERS: { description: 'Answers to questions.' },
    CONTRIBUTIONS: { description: 'Posts, comments and answers.' },
    REACTIONS: { description: 'Reactions of every kind.' },
  },
});

const Cadence = builder.enumType('Cadence', {
  description: 'How often a measure is to be met.',
  values: {
    WEEK: { description: 'In every ISO week.' },
    MONTH: { description: 'In every calendar month.' },
  },
});

type Measure = { readonly of: string; readonly atLeast: number; readonly per: string };
const measureOf = ({ measureOf, measureAtLeast, measurePer }: ExpectationRow): Measure | null =>
  measureOf === null || measureAtLeast === null || measurePer === null
    ? null
    : { of: measureOf, atLeast: measureAtLeast, per: measurePer };

const Measure = builder.objectRef<Measure>('ExpectationMeasure').implement({
  description: 'How one sees whether an expectation is met: at least so many, of this, in every week or month.',
  fields: (t) => ({
    of: t.field({
      type: Measured,
      description: 'What is counted.',
      resolve: ({ of }) => of as 'POSTS' | 'COMMENTS' | 'ANSWERS' | 'CONTRIBUTIONS' | 'REACTIONS',
    }),
    atLeast: t.exposeInt('atLeast', { description: 'How many at least: 1 to 1,000.' }),
    per: t.field({ type: Cadence, description: 'In every what.', resolve: ({ per }) => per as 'WEEK' | 'MONTH' }),
  }),
});

Expectation.implement({
  description: 'Something that a community expects, said so concretely that anybody can tell whether it is met.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Expectation', id) }),
    behaviour: t.exposeString('behaviour', { description: 'What is expected: 1 to 500 characters.' }),
    audience: t.field({
      type: Audience,
      description: 'Of whom it is expected.',
      resolve: ({ audience }) => audience as 'EVERYBODY' | 'NEWCOMERS' | 'LEADERS',
    }),
    measure: t.field({
      type: Measure,
      nullable: true,
      description: 'How one sees that it is met; null for one that nobody counts.',
      resolve: measureOf,
    }),
    version: t.exposeInt('version', { description: 'With which version of the expectations it came.' }),
    statedAt: t.field({ type: 'DateTime', description: 'When it was said.', resolve: ({ statedAt }) => statedAt }),
    retiredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken back; null while it holds.',
      resolve: ({ retiredAt }) => retiredAt,
    }),
  }),
});

builder.objectFields(Community, (t) => ({
  expectations: t.field({
    type: [Expectation],
    description: 'What it expects, in the order in which it was said: at most 50 that hold.',
    args: { includeRetired: t.arg.boolean({ description: 'What no longer holds, too. False unless said otherwise.' }) },
    resolve: async ({ id }, { includeRetired }, context) => {
      const retired = includeRetired ?? false;
      return context.loaders
        .each(`expectations ${retired}`, (ids) => expectationsOfEach(context, ids, retired))
        .load(id);
    },
  }),
  expectationsVersion: t.int({
    description: 'Which version of its expectations holds; 0 before the first. Whatever changes makes a new one.',
    resolve: async ({ id }, _, context) => (await acknowledgement(context, id))?.version ?? 0,
  }),
  acknowledgementRate: t.float({
    nullable: true,
    description:
      'The share of its members who have read the version of its expectations that holds: 0 to 1. Service accounts do not count. Null without expectations or members.',
    resolve: async ({ id }, _, context) => {
      const { version = 0, members = 0, acknowledged = 0 } = (await acknowledgement(context, id)) ?? {};
      return version === 0 || members === 0 ? null : acknowledged / members;
    },
  }),
}));

const acknowledgement = async (context: Context, communityId: string) =>
  context.loaders
    .each<Acknowledgement | undefined>('acknowledgement', async (ids) => {
      const rows = await acknowledgementsIn(context.read.from(foundations), ids);
      return new Map(rows.map((row) => [row.communityId, row]));
    })
    .load(communityId);

const expectationsOfEach = async ({ read }: Context, ids: readonly string[], retired: boolean) =>
  grouped<ExpectationRow>('communityId', ids, await expectationsOf(read.from(foundations), ids, { retired }));

/** An expectation of a community that the viewer sees. */
export const visibleExpectation = async (context: Context, id: string | null): Promise<ExpectationRow | null> => {
  const row = id === null ? undefined : await context.loaders.expectation().load(id);
  return row && (await visibleCommunity(context, row.communityId)) ? row : null;
};

const reads = [...steered.reads, foundations.name];
const expectation = { type: Expectation, description: 'The expectation.' };

const MeasureInput = builder.inputType('ExpectationMeasureInput', {
  description: 'How one sees whether an expectation is met.',
  fields: (t) => ({
    of: t.field({ type: Measured, required: true, description: 'What is counted.' }),
    atLeast: t.int({ required: true, description: 'How many at least: 1 to 1,000.' }),
    per: t.field({ type: Cadence, required: true, description: 'In every what.' }),
  }),
});

commandField({
  command: commands.stateExpectation,
  description:
    'Says what a community expects, and of whom. Makes a new version of its expectations, which every member is asked to read. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('StateExpectationInput', {
    description: 'What `stateExpectation` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      behaviour: t.string({ required: true, description: 'What is expected, concretely: 1 to 500 characters.' }),
      audience: t.field({ type: Audience, description: 'Of whom: EVERYBODY unless given.' }),
      measure: t.field({ type: MeasureInput, description: 'How one sees that it is met. None unless given.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    behaviour: input.behaviour,
    audience: input.audience ?? undefined,
    measure: input.measure,
  }),
  ...steered,
  reads,
  answers: {
    ...steered.answers,
    expectation: { ...expectation, load: ({ created }, context) => visibleExpectation(context, created) },
  },
});

commandField({
  command: commands.retireExpectation,
  description:
    'Takes an expectation back. Makes a new version of the expectations, too. For facilitators of the community and admins.',
  scope: 'communities:write',
  input: builder.inputType('RetireExpectationInput', {
    description: 'What `retireExpectation` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      expectationId: t.id({ required: true, description: 'The id of the expectation.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    expectationId: idIn('Expectation', input, 'expectationId'),
  }),
  ...steered,
  reads,
  answers: {
    ...steered.answers,
    expectation: {
      ...expectation,
      load: ({ input }, context) => visibleExpectation(context, localId('Expectation', input.expectationId)),
    },
  },
});

commandField({
  command: commands.acknowledgeExpectations,
  description: 'Says that the viewer has read what a community expects, in the version that holds now.',
  scope: 'communities:write',
  input: builder.inputType('AcknowledgeExpectationsInput', {
    description: 'What `acknowledgeExpectations` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The community, of which the viewer is a member.' }),
      version: t.int({ required: true, description: 'The version that was read: `expectationsVersion`.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId'), version: input.version }),
  about: steered.about,
  reads: [foundations.name, memberships.name],
  answers: {
    community: communityOf,
  },
});
