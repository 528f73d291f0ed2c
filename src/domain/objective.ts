import { z } from 'zod';
import { defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertOpen, assertSteers, community } from './community.ts';
import { objectiveOutcome } from './community-events.ts';
import { measurableStatistic } from './statistic.ts';
import { id, instant } from './words.ts';

/** So many things that a community has said of itself hold at a time: what nobody can keep in mind helps nobody. */
export const MAX_AT_ONCE = 50;

const figure = z.number({ error: 'Give a number.' });

/** How far a community wants to bring a statistic, from where, by when. How far it is follows from the log and is never declared. */
export const setObjective = defineCommand({
  type: 'SetObjective',
  input: z.strictObject({
    communityId: id,
    statistic: measurableStatistic,
    baseline: figure,
    target: figure,
    windowDays: z.int().min(1, 'A window is 1 to 366 days.').max(366, 'A window is 1 to 366 days.').default(28),
    dueAt: instant,
  }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: (input, state, { actor, now, newId }) => {
    assertSteers(state, actor);
    assertOpen(state);
    if (input.target === input.baseline)
      throw new Rejection('TARGET_IS_BASELINE', 'An objective changes something: its target is not its baseline.', [
        'target',
      ]);
    if (Date.parse(input.dueAt) <= Date.parse(now))
      throw new Rejection('DUE_IN_THE_PAST', 'An objective is due at a moment that lies ahead.', ['dueAt']);
    if (state.objectiveIds.length >= MAX_AT_ONCE)
      throw new Rejection('TOO_MANY_OBJECTIVES', `A community has at most ${MAX_AT_ONCE} objectives: close one first.`);
    return [{ type: 'ObjectiveSet', data: { ...input, objectiveId: newId } }];
  },
});

export const closeObjective = defineCommand({
  type: 'CloseObjective',
  input: z.strictObject({ communityId: id, objectiveId: id, outcome: objectiveOutcome }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: (input, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    if (!state.objectiveIds.includes(input.objectiveId))
      throw new Rejection('OBJECTIVE_NOT_FOUND', 'This community has no such open objective.', ['objectiveId']);
    return [{ type: 'ObjectiveClosed', data: input }];
  },
});
