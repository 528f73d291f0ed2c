import type { Cell } from './statistic.ts';

/** A count, and how many people it is about. */
export type Group = { readonly key: string; readonly value: number; readonly people: number };

/** Fewer people than this could be recognised. */
const ENOUGH = 5;

/**
 * Withholds every count about 1 to 4 people, and the next smallest with it, so that none follows from the others. Nobody is nobody:
 * zero is said, and never stands for what is withheld.
 */
export const suppressed = (groups: readonly Group[]): readonly Cell[] => {
  const few = groups.filter(({ people }) => people > 0 && people < ENOUGH);
  const [next] = groups.filter(({ people }) => people >= ENOUGH).sort((a, b) => a.people - b.people);
  const withheld = new Set(few.length > 0 && next ? [...few, next] : few);
  return groups.map((group) => ({
    key: group.key,
    value: withheld.has(group) ? null : group.value,
    numerator: null,
    denominator: null,
    ...(withheld.has(group) && { suppressed: true }),
  }));
};
