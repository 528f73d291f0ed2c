import { readFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { errorsPage, limitsPage } from '../../schema/pages.ts';
import { limitTable } from '../../src/config/limits.ts';
import { faultCodes } from '../../src/core/fault-codes.ts';

const printed = (name: string) => readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8');

test('the printed schema is the one that is served: run `npm run codegen` after a change, and review it', () => {
  expect(printed('schema.graphql').trim()).toBe(printSchema(lexicographicSortSchema(schema)).trim());
});

test('the pages beside it are what the code holds: run `npm run codegen` after a change', () => {
  expect(printed('errors.md')).toBe(errorsPage());
  expect(printed('limits.md')).toBe(limitsPage());
});

test('each code and each limit has its entry', () => {
  for (const code of Object.keys(faultCodes)) expect(printed('errors.md')).toContain(`### ${code}\n\n`);
  for (const name of Object.keys(limitTable)) expect(printed('limits.md')).toContain(`| \`${name}\` | `);
});
