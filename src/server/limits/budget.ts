import { LRUCache } from 'lru-cache';

/** Who has taken how much lately. Each has a bucket that fills up again at a steady rate. */
export type Budget = {
  /** Takes points, and says what is left; where they are not there takes none, and says in how many seconds they are. */
  take(who: string, points: number): { readonly left: number; readonly waitSeconds: number };
  /** Gives back what was taken too much; says what is left. */
  giveBack(who: string, points: number): number;
};

type Bucket = { points: number; at: number };

const MAX_REMEMBERED = 20_000;

/** A budget without end takes nothing from anybody. Time is in milliseconds, and only its differences count. */
export const createBudget = (size: number, perSecond: number, now: () => number = () => performance.now()): Budget => {
  if (!Number.isFinite(size)) return { take: () => ({ left: size, waitSeconds: 0 }), giveBack: () => size };
  const buckets = new LRUCache<string, Bucket>({ max: MAX_REMEMBERED });

  const bucketOf = (who: string): Bucket => {
    const at = now();
    const known = buckets.get(who);
    if (!known) {
      const fresh = { points: size, at };
      buckets.set(who, fresh);
      return fresh;
    }
    known.points = Math.min(size, known.points + ((at - known.at) / 1_000) * perSecond);
    known.at = at;
    return known;
  };

  return {
    take: (who, points) => {
      const bucket = bucketOf(who);
      // What can never be there at once is waited for as long as a full bucket, and then had.
      const wanted = Math.min(points, size);
      if (bucket.points < wanted)
        return { left: bucket.points, waitSeconds: Math.max(1, Math.ceil((wanted - bucket.points) / perSecond)) };
      bucket.points -= wanted;
      return { left: bucket.points, waitSeconds: 0 };
    },
    giveBack: (who, points) => {
      const bucket = bucketOf(who);
      bucket.points = Math.min(size, bucket.points + points);
      return bucket.points;
    },
  };
};
