/** Chance that can be repeated: the same seed gives the same story, on every machine. */
export type Random = {
  /** From 0 up to 1, as evenly as mulberry32 knows how to. */
  next(): number;
  /** An integer from 0 up to, and without, `below`. */
  integer(below: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the items, likelier the heavier; undefined where all weigh nothing. */
  weighted<T>(items: readonly T[], weightOf: (item: T) => number): T | undefined;
  shuffled<T>(items: readonly T[]): T[];
  /** A long-tailed quantity: half of all draws are below the median. */
  logNormal(median: number, sigma: number): number;
  /** How many of something that happens `mean` times on average. */
  count(mean: number): number;
};

export const createRandom = (seed: number, ...purpose: readonly (string | number)[]): Random => {
  let state = mix(seed, purpose.join('/'));
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number) => Math.floor(next() * below);
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('There is nothing to pick from.');
    return items[integer(items.length)] as T;
  };

  return {
    next,
    integer,
    pick,
    chance: (probability) => next() < probability,
    weighted: (items, weightOf) => {
      const total = items.reduce((sum, item) => sum + weightOf(item), 0);
      let left = next() * total;
      return items.find((item) => {
        left -= weightOf(item);
        return left < 0;
      });
    },
    shuffled: (items) => {
      const rest = [...items];
      return items.map(() => rest.splice(integer(rest.length), 1)[0] as (typeof items)[number]);
    },
    logNormal: (median, sigma) => {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return median * Math.exp(sigma * normal);
    },
    count: (mean) => {
      const limit = Math.exp(-mean);
      let n = 0;
      for (let product = next(); product > limit; product *= next()) n += 1;
      return n;
    },
  };
};

/** Seeds that differ a little give stories that differ a lot. */
const mix = (seed: number, purpose: string) => {
  let hash = seed | 0;
  for (const char of purpose) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) ^ (hash >>> 13);
  return hash;
};
