import { expect, test } from 'vitest';
import { statistics } from '../../projections/engagement/statistics/index.ts';
import { setObjective } from '../../src/domain/objective.ts';
import { measurable } from '../../src/domain/statistic.ts';

const keys: readonly string[] = statistics.map(({ key }) => key);

test('an objective aims at nothing that the catalogue does not have', () => {
  expect(measurable.filter((key) => !keys.includes(key))).toEqual([]);
  expect(new Set(measurable).size).toBe(measurable.length);
});

test('what is no statistic, or has no value of its own, is refused with what there is', () => {
  const input = {
    communityId: '00000000-0000-4000-8000-000000000001',
    baseline: 0,
    target: 1,
    dueAt: '2030-01-01T00:00:00Z',
  };
  for (const statistic of ['leaders.response', 'retention', 'leaders.example', 'nothing']) {
    const { success, error } = setObjective.input.safeParse({ ...input, statistic });
    expect({ statistic, success }).toEqual({ statistic, success: false });
    expect(error?.issues[0]?.message).toContain('promise.keptRate');
  }
});
