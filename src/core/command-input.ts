import type { ZodSafeParseResult } from 'zod';
import type { AnyCommand } from './decider.ts';
import { brokenBy, Rejection } from './rejection.ts';
import { unstorableAt } from './storable-text.ts';

/** A command's input as its schema reads it, or a `Rejection` with everything that is wrong with it. */
export const readInput = (command: AnyCommand, input: unknown): object => {
  const result: ZodSafeParseResult<object> = command.input.safeParse(input, { reportInput: true });
  if (!result.success) {
    const [first, ...others] = result.error.issues.map((issue) => ({
      message: issue.message,
      path: issue.path.map(String),
      broken: brokenBy(issue),
    }));
    throw new Rejection(
      'INVALID_INPUT',
      first?.message ?? 'This input is not valid.',
      first?.path,
      others.map(({ message, path, broken }) => new Rejection('INVALID_INPUT', message, path, [], broken)),
      first?.broken ?? null,
    );
  }
  const path = unstorableAt(result.data);
  if (path)
    throw new Rejection('TEXT_NOT_STORABLE', 'A text has no NUL characters and no halves of surrogate pairs.', path);
  return result.data;
};

/** The same text for the same input, whatever the order of its fields. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
