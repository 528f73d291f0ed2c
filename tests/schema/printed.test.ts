import { readFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';

test('the printed schema is the one that is served: run `npm run codegen` after a change, and review it', () => {
  const printed = readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8');
  expect(printed.trim()).toBe(printSchema(lexicographicSortSchema(schema)).trim());
});
