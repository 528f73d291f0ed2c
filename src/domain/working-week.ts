import { z } from 'zod';

// The hours of a week, on whatever clocks.

export const DAY_MINUTES = 24 * 60;
export const MINUTE = 60_000;
export const DAY_MS = DAY_MINUTES * MINUTE;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const clock = z.string().regex(CLOCK, 'A time of day is written 09:30.');
const closing = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'A time of day is written 17:30; midnight is 24:00.');

/** Hours that begin on a day of the week, Monday being 1. What closes at or before it opens closes on the day after. */
export const workingHours = z.strictObject({ day: z.int().min(1).max(7), from: clock, to: closing });
export type WorkingHours = z.infer<typeof workingHours>;

/** Hours of one day, in minutes after its midnight. */
export type Part = { readonly from: number; readonly to: number };

/** A week by the days that hours fall on, Monday being 0: as declared, with what overlaps or touches as one, and how long that is. */
type Week = {
  readonly parts: readonly Part[][];
  readonly merged: readonly Part[][];
  readonly minutes: readonly number[];
};

const weeks = new WeakMap<readonly WorkingHours[], Week>();

export const weekOf = (weeklyHours: readonly WorkingHours[]): Week => {
  const known = weeks.get(weeklyHours);
  if (known) return known;
  const parts: Part[][] = Array.from({ length: 7 }, () => []);
  for (const { day, from, to } of weeklyHours) {
    const [opens, closes] = [minuteOf(from), minuteOf(to)];
    const isOvernight = closes <= opens;
    parts[day - 1]?.push({ from: opens, to: isOvernight ? DAY_MINUTES : closes });
    if (isOvernight) parts[day % 7]?.push({ from: 0, to: closes });
  }
  const merged = parts.map(mergedParts);
  const minutes = merged.map((day) => day.reduce((sum, { from, to }) => sum + to - from, 0));
  const week = { parts, merged, minutes };
  weeks.set(weeklyHours, week);
  return week;
};

export const mergedParts = <P extends Part>(parts: readonly P[]): Part[] => {
  const merged: { from: number; to: number }[] = [];
  for (const { from, to } of [...parts].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else if (to > from) merged.push({ from, to });
  }
  return merged;
};

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Of a day counted from 1 January 1970, which was a Thursday; Monday being 0. */
export const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7;
