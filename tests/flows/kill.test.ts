import { expect, test } from 'vitest';
import { killAtRandom } from '../faults/rounds.ts';

test('what was acknowledged is stored, once, in order, and followed without a gap, whoever is killed under load', {
  timeout: 600_000,
}, async () => {
  const { history, violations } = await killAtRandom(3);
  expect(violations).toEqual([]);
  expect(history.log.length).toBeGreaterThan(100);
  expect(history.publications.filter(({ acknowledged }) => acknowledged).length).toBeGreaterThan(100);
});
