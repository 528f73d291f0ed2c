import type { Projection } from './projection.ts';

/**
 * Rows that are asked for all the time, remembered by key until a change that may concern them is applied. The log says exactly
 * what changed, so what is remembered is what a query would answer.
 */
export type KeptRows<R> = {
  readonly projection: Projection;
  /** A change of a row in this table forgets what has its key (`key`: the row's id is the key), or all (`any`). */
  readonly forgottenWith: Readonly<Record<string, 'key' | 'any'>>;
  /** How many are remembered at most. */
  readonly max: number;
  readonly keyOf: (row: R) => string;
  /** Reads the rows of these keys; a key without a row is asked for again the next time. */
  readonly load: (db: never, keys: readonly string[]) => Promise<readonly R[]>;
};
