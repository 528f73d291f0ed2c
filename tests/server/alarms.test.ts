import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { measures } from '../../src/core/measures.ts';

test('every figure that an alarm of the operations page looks at is one that is measured', async () => {
  const page = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8');
  const named = [...page.matchAll(/\bpalabre_(\w+)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(8);
  expect([...new Set(named)].filter((name) => !Object.hasOwn(measures, name))).toEqual([]);
});
