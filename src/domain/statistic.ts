import { z } from 'zod';

/**
 * The statistics that an objective may aim at: each has one plain value for a community and a window. Those that answer with cells,
 * steps or levels (`retention`, `conversion`, `participation.levels`, …) have none, so nobody can say how far they are from a target.
 */
export const measurable = [
  'active.daily',
  'active.weekly',
  'active.monthly',
  'stickiness',
  'contributors.new',
  'contributors.inactive',
  'churn',
  'gini',
  'topShare',
  'absenceFactor',
  'voiceEquity',
  'heardRate',
  'reciprocity',
  'response.firstTime',
  'response.repliedRate',
  'response.acceptedRate',
  'promise.keptRate',
  'promise.backlog',
  'leaders.presence',
  'leaders.dialogue',
] as const;

export const measurableStatistic = z.enum(measurable, {
  error: `An objective aims at a statistic that has one value: ${measurable.join(', ')}.`,
});
export type MeasurableStatistic = z.infer<typeof measurableStatistic>;
