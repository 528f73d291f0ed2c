import { engagement } from '../projections/engagement/index.ts';
import { statisticValue } from '../projections/engagement/statistic-value.ts';
import { foundations, type ObjectiveRow, objectivesOf } from '../projections/foundations.ts';
import { commands } from '../src/domain/index.ts';
import type { MeasurableStatistic } from '../src/domain/statistic.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { globalId, localId } from './global-id.ts';
import { grouped } from './loaders.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { visibleCommunity } from './sight.ts';
import { steered } from './steering.ts';
import { Community, Node, Objective } from './types.ts';

const ObjectiveOutcome = builder.enumType('ObjectiveOutcome', {
  description: 'How an objective ended. It says what those who closed it make of it; the figures say how far it was.',
  values: {
    REACHED: { description: 'What was wanted is there.' },
    MISSED: { description: 'Its time is over, and it is not.' },
    DROPPED: { description: 'Nobody wants it any more.' },
  },
});

const DAY_MS = 86_400_000;

Objective.implement({
  description: 'How far a community wants to bring a statistic, from where, by when.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Objective', id) }),
    statistic: t.exposeString('statistic', { description: 'The statistic that it aims at: `response.repliedRate`.' }),
    baseline: t.exposeFloat('baseline', { description: 'Where the statistic stood.' }),
    target: t.exposeFloat('target', { description: 'Where it is to stand; never the baseline.' }),
    windowDays: t.exposeInt('windowDays', {
      description: 'Over how many days, of 24 hours, it is computed: 1 to 366.',
    }),
    dueAt: t.field({ type: 'DateTime', description: 'By when it shall be so.', resolve: ({ dueAt }) => dueAt }),
    setAt: t.field({ type: 'DateTime', description: 'When it was set.', resolve: ({ setAt }) => setAt }),
    closedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was closed; null while it is open.',
      resolve: ({ closedAt }) => closedAt,
    }),
    outcome: t.field({
      type: ObjectiveOutcome,
      nullable: true,
      description: 'How it ended; null while it is open.',
      resolve: ({ outcome }) => outcome as 'REACHED' | 'MISSED' | 'DROPPED' | null,
    }),
    value: t.float({
      nullable: true,
      description:
        'Where the statistic stands over the last `windowDays`, up to the closing of a closed objective. Null where there is nothing to compute it from.',
      resolve: (objective, _, context) => valueNow(context, objective),
    }),
    progress: t.float({
      nullable: true,
      description:
        '(value − baseline) ÷ (target − baseline): 0 at the baseline, 1 at the target, below and beyond where it is so. Computed, never declared; null without a value.',
      resolve: async (objective, _, context) => {
        const value = await valueNow(context, objective);
        return value === null ? null : (value - objective.baseline) / (objective.target - objective.baseline);
      },
    }),
  }),
});

/** One computation for all that an answer shows of an objective. */
const valueNow = (context: Context, objective: ObjectiveRow): Promise<number | null> =>
  context.loaders
    .each<number | null>(
      `objective ${objective.id}`,
      async ([id = '']) => new Map([[id, await compute(context, objective)]]),
    )
    .load(objective.id);

const compute = ({ read }: Context, { communityId, statistic, windowDays, closedAt }: ObjectiveRow) => {
  const to = closedAt ?? new Date();
  const window = { from: new Date(to.getTime() - windowDays * DAY_MS), to };
  return read.snapshot(engagement, (db, _, recordedAt) => {
    const until = recordedAt && recordedAt < to ? recordedAt : to;
    return statisticValue(db, statistic as MeasurableStatistic, { scope: { communityId }, window, until });
  });
};

builder.objectField(Community, 'objectives', (t) =>
  t.field({
    type: [Objective],
    description: 'What it wants to reach, in the order in which it was set: at most 50 open ones.',
    args: { includeClosed: t.arg.boolean({ description: 'Closed ones too. False unless said otherwise.' }) },
    resolve: async ({ id }, { includeClosed }, context) => {
      const closed = includeClosed ?? false;
      return context.loaders.each(`objectives ${closed}`, (ids) => objectivesOfEach(context, ids, closed)).load(id);
    },
  }),
);

const objectivesOfEach = async ({ read }: Context, ids: readonly string[], closed: boolean) =>
  grouped<ObjectiveRow>('communityId', ids, await objectivesOf(read.from(foundations), ids, { closed }));

/** An objective of a community that the viewer sees. */
export const visibleObjective = async (context: Context, id: string | null): Promise<ObjectiveRow | null> => {
  const row = id === null ? undefined : await context.loaders.objective().load(id);
  return row && (await visibleCommunity(context, row.communityId)) ? row : null;
};

const reads = [...steered.reads, foundations.name];
const objective = { type: Objective, description: 'The objective.' };

commandField({
  command: commands.setObjective,
  description: 'Sets an objective that a statistic can prove. For facilitators of the community and admins.',
  scope: 'communities:write',
  input: builder.inputType('SetObjectiveInput', {
    description: 'What `setObjective` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      statistic: t.string({
        required: true,
        description:
          'The key of the statistic, such as `response.repliedRate`: one with a plain value, so none of retention, conversion and levels.',
      }),
      baseline: t.float({ required: true, description: 'Where it stands.' }),
      target: t.float({ required: true, description: 'Where it is to stand: not at the baseline.' }),
      windowDays: t.int({ description: 'Over how many days it is computed: 1 to 366, 28 unless given.' }),
      dueAt: t.field({ type: 'DateTime', required: true, description: 'By when, in the future.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    // What is no key of a statistic is refused by the rule, which names those that are.
    statistic: input.statistic as MeasurableStatistic,
    baseline: input.baseline,
    target: input.target,
    windowDays: input.windowDays ?? undefined,
    dueAt: input.dueAt.toISOString(),
  }),
  ...steered,
  reads,
  answers: {
    ...steered.answers,
    objective: { ...objective, load: ({ created }, context) => visibleObjective(context, created) },
  },
});

commandField({
  command: commands.closeObjective,
  description: 'Closes an objective, and says how it ended. For facilitators of the community and admins.',
  scope: 'communities:write',
  input: builder.inputType('CloseObjectiveInput', {
    description: 'What `closeObjective` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      objectiveId: t.id({ required: true, description: 'The id of the objective.' }),
      outcome: t.field({ type: ObjectiveOutcome, required: true, description: 'How it ended.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    objectiveId: idIn('Objective', input, 'objectiveId'),
    outcome: input.outcome,
  }),
  ...steered,
  reads,
  answers: {
    ...steered.answers,
    objective: {
      ...objective,
      load: ({ input }, context) => visibleObjective(context, localId('Objective', input.objectiveId)),
    },
  },
});
