import type { Random } from './random.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

const OPENS = 7;
const CLOSES = 17;

const dayStart = (at: number) => Math.floor(at / DAY) * DAY;
const weekday = (at: number) => new Date(at).getUTCDay();
const isWeekend = (at: number) => weekday(at) === 0 || weekday(at) === 6;

/** How busy a day is: weekends, August and the end of the year are quieter. */
export const bustle = (at: number): number => {
  const date = new Date(at);
  const month = date.getUTCMonth();
  const season = month === 7 ? 0.45 : month === 11 && date.getUTCDate() > 21 ? 0.3 : month === 8 ? 1.25 : 1;
  return season * (isWeekend(at) ? 0.12 : weekday(at) === 5 ? 0.8 : 1);
};

/** A moment of that day at which people write: mostly in the morning, some after lunch, few late. */
export const momentOf = (day: number, random: Random): number => {
  const hours = random.chance(0.07)
    ? CLOSES + 4 * random.next()
    : random.chance(0.58)
      ? OPENS + 1 + 3.5 * random.next()
      : 12 + 5 * random.next();
  return Math.round(dayStart(day) + hours * HOUR);
};

/** Moments between two times, spread as busy days are, in order. */
export const moments = (count: number, from: number, until: number, random: Random): number[] => {
  const days = Math.max(1, Math.floor((until - from) / DAY));
  const found: number[] = [];
  while (found.length < count) {
    const day = from + random.integer(days) * DAY;
    if (random.chance(bustle(day) / 1.25)) found.push(Math.max(from, momentOf(day, random)));
  }
  return found.sort((a, b) => a - b);
};

/** When somebody gets round to it: what falls into a night or a weekend mostly waits for the next morning. */
export const atWork = (at: number, random: Random): number => {
  let day = dayStart(at);
  const hour = (at - day) / HOUR;
  const isNow = !isWeekend(at) && hour >= OPENS && hour <= CLOSES;
  const isAwake = hour >= OPENS && hour <= CLOSES + 4;
  if (isNow || (isAwake && random.chance(0.1))) return Math.round(at);
  if (hour > OPENS) day += DAY;
  while (isWeekend(day)) day += DAY;
  return Math.round(day + OPENS * HOUR + random.logNormal(70, 0.6) * MINUTE);
};
