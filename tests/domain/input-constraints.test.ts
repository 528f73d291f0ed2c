import { describe, expect, test } from 'vitest';
import { userErrorsOf } from '../../schema/user-error.ts';
import { readInput } from '../../src/core/command-input.ts';
import type { AnyCommand } from '../../src/core/decider.ts';
import { commands } from '../../src/domain/index.ts';

/** Values that hardly any field takes. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  '',
  'x'.repeat(50_000),
  -1e9,
  1e12,
  1.5,
  true,
  {},
  Array(5_000).fill('x'),
  [''],
  '\u0001',
];

const errorsOf = (command: AnyCommand, input: object) => {
  try {
    readInput(command, input);
    return [];
  } catch (error) {
    return userErrorsOf(error) ?? expect.fail(String(error));
  }
};

const fieldsOf = (command: AnyCommand): readonly string[] =>
  Object.keys((command.input as unknown as { shape?: object }).shape ?? {});

describe('an input that is wrong says so in what a form can read', () => {
  test.each(
    Object.values(commands as Readonly<Record<string, AnyCommand>>).map((command) => [command.type, command] as const),
  )('%s', (_, command) => {
    for (const field of fieldsOf(command))
      for (const wrong of WRONG)
        for (const error of errorsOf(command, { [field]: wrong })) {
          const { constraint, limit, allowed } = error.broken ?? expect.fail(`${field}: ${error.message}`);
          if (constraint.startsWith('TOO_')) expect(limit).toEqual(expect.any(Number));
          if (constraint === 'UNKNOWN_VALUE') expect(allowed?.length).toBeGreaterThan(0);
          if (error.path?.[0] !== field) expect(constraint).toBe('REQUIRED');
        }
  });

  test('each by its name and its number', () => {
    const { declareResponsePromise, foundCommunity, publishComment } = commands;
    const of = (command: AnyCommand, input: object, field: string) =>
      errorsOf(command, input).find(({ path }) => path?.[0] === field)?.broken;
    expect(of(foundCommunity, { name: '' }, 'name')).toEqual({ constraint: 'REQUIRED', limit: 1 });
    expect(of(foundCommunity, {}, 'name')).toEqual({ constraint: 'REQUIRED' });
    expect(of(foundCommunity, { name: 'x'.repeat(121) }, 'name')).toEqual({ constraint: 'TOO_LONG', limit: 120 });
    expect(of(foundCommunity, { slug: 'No Slug' }, 'slug')).toEqual({ constraint: 'FORMAT' });
    expect(of(foundCommunity, { visibility: 'SECRET' }, 'visibility')).toEqual({
      constraint: 'UNKNOWN_VALUE',
      allowed: ['PUBLIC', 'PRIVATE'],
    });
    expect(of(publishComment, { body: '' }, 'body')).toEqual({ constraint: 'REQUIRED', limit: 1 });
    expect(of(declareResponsePromise, { warnPercent: 0 }, 'warnPercent')).toEqual({
      constraint: 'TOO_SMALL',
      limit: 1,
    });
    expect(of(declareResponsePromise, { warnPercent: 100 }, 'warnPercent')).toEqual({
      constraint: 'TOO_LARGE',
      limit: 99,
    });
  });
});
