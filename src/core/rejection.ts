import type { z } from 'zod';

/** What a field of an input must keep to, for forms in any language. */
export const inputConstraints = [
  'REQUIRED',
  'TOO_SHORT',
  'TOO_LONG',
  'TOO_SMALL',
  'TOO_LARGE',
  'TOO_MANY',
  'FORMAT',
  'UNKNOWN_VALUE',
] as const;
export type InputConstraint = (typeof inputConstraints)[number];

/** Which constraint a value broke; `limit` is the number that it names, `allowed` the values that there are. */
export type Broken = {
  readonly constraint: InputConstraint;
  readonly limit?: number;
  readonly allowed?: readonly string[];
};

/** Of what was not given. */
export const REQUIRED: Broken = { constraint: 'REQUIRED' };

/** What a schema says of a value, as forms can say it in any language. */
export const brokenBy = (issue: z.core.$ZodIssue): Broken => {
  if (issue.code === 'too_small') {
    const limit = Number(issue.minimum);
    if (issue.origin === 'number' || issue.origin === 'int') return { constraint: 'TOO_SMALL', limit };
    return { constraint: limit <= 1 ? 'REQUIRED' : 'TOO_SHORT', limit };
  }
  if (issue.code === 'too_big') {
    const limit = Number(issue.maximum);
    if (issue.origin === 'number' || issue.origin === 'int') return { constraint: 'TOO_LARGE', limit };
    return { constraint: issue.origin === 'string' ? 'TOO_LONG' : 'TOO_MANY', limit };
  }
  if (issue.code === 'invalid_value')
    return { constraint: issue.input === undefined ? 'REQUIRED' : 'UNKNOWN_VALUE', allowed: issue.values.map(String) };
  if (issue.code === 'invalid_type' && issue.input === undefined) return { constraint: 'REQUIRED' };
  return { constraint: 'FORMAT' };
};

/** A rule said no. Stable upper-case code for programs, a sentence for people, the input's path where there is one. */
export class Rejection extends Error {
  readonly code: string;
  readonly path: readonly string[];
  /** Further rejections of the same input. */
  readonly others: readonly Rejection[];
  /** Of a value that is not as it must be. */
  readonly broken: Broken | null;
  constructor(
    code: string,
    message: string,
    path: readonly string[] = [],
    others: readonly Rejection[] = [],
    broken: Broken | null = null,
  ) {
    super(message);
    this.name = 'Rejection';
    this.code = code;
    this.path = path;
    this.others = others;
    this.broken = broken;
  }
}

/** A race: the stream moved on from the revision that the caller expected. */
export class Conflict extends Error {
  readonly code = 'REVISION_CONFLICT';
  readonly actual: number;
  constructor(stream: string, actual: number) {
    super(`The stream "${stream}" is at revision ${actual}: read it again and decide again.`);
    this.name = 'Conflict';
    this.actual = actual;
  }
}
