import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

// Working time: the hours of a week on the clocks of one place, without its holidays. The one file of the domain with a
// library of its own: no rule of ours could know when the clocks of a place are changed.

const DAY_MINUTES = 24 * 60;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const clock = z.string().regex(CLOCK, 'A time of day is written 09:30.');
const closing = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'A time of day is written 17:30; midnight is 24:00.');

/** Hours that begin on a day of the week, Monday being 1. What closes at or before it opens closes on the day after. */
export const workingHours = z.strictObject({ day: z.int().min(1).max(7), from: clock, to: closing });
export type WorkingHours = z.infer<typeof workingHours>;

export const date = z.iso.date('A day is written 2026-12-25.');

export type WorkingCalendar = {
  /** An IANA name: `Europe/Paris`. */
  readonly timeZone: string;
  readonly weeklyHours: readonly WorkingHours[];
  /** Days of that zone on which nobody works, from midnight to midnight. */
  readonly holidays: readonly string[];
};

/** The name of a time zone as it is written, or null where there is none. */
export const timeZoneNamed = (name: string): string | null => {
  if (!/^[A-Za-z_]+([/][A-Za-z0-9_+-]+)*$/.test(name)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return null;
  }
};

type Span = { readonly from: number; readonly to: number };

/**
 * The earliest instant at which so much working time has passed since `since`; without a calendar all time is working time.
 * What ends with the day is due at its closing, not at the next opening.
 */
export const dueAfter = (calendar: WorkingCalendar | null, since: string, seconds: number): string => {
  const start = Date.parse(since);
  let left = Math.round(seconds * 1_000);
  if (!calendar) return new Date(start + left).toISOString();
  for (const { from, to } of spansFrom(calendar, start)) {
    if (left <= to - from) return new Date(from + left).toISOString();
    left -= to - from;
  }
  throw new Error('A calendar without working hours has no due time.');
};

/** How much working time lies between two instants, in seconds; 0 when the second is not the later one. */
export const workingSeconds = (calendar: WorkingCalendar | null, since: string, until: string): number => {
  const [start, end] = [Date.parse(since), Date.parse(until)];
  if (end <= start) return 0;
  if (!calendar) return (end - start) / 1_000;
  let worked = 0;
  for (const { from, to } of spansFrom(calendar, start)) {
    if (from >= end) break;
    worked += Math.min(to, end) - from;
  }
  return worked / 1_000;
};

/** What is wrong with the hours of a calendar in words; null when a promise can be kept on it. */
export const calendarFault = (calendar: WorkingCalendar): string | null => {
  if (timeZoneNamed(calendar.timeZone) === null)
    return `There is no time zone "${calendar.timeZone}": take an IANA name such as Europe/Paris.`;
  const minutes = minutesByWeekday(calendar.weeklyHours);
  const inTwoWeeks = 2 * minutes.reduce((sum, each) => sum + each, 0);
  if (inTwoWeeks < 60) return TOO_FEW;
  // Every weekday comes twice in fourteen days, so the poorest ones begin with a holiday.
  const holidays = [...new Set(calendar.holidays)].sort();
  const days = holidays.map((holiday) => Date.parse(holiday) / 86_400_000);
  const lost = holidays.map((holiday) => minutes[new Date(holiday).getUTCDay()] ?? 0);
  for (const [n, first] of days.entries()) {
    let left = inTwoWeeks;
    for (let m = n; m < days.length && (days[m] ?? 0) < first + 14; m++) left -= lost[m] ?? 0;
    if (left < 60) return `${TOO_FEW} From ${holidays[n]} on there are too many holidays.`;
  }
  return null;
};

const TOO_FEW = 'In any 14 days there must be at least one working hour.';

/** The working minutes of each day of the week by its number in JavaScript, Sunday being 0; what overlaps counts once. */
const minutesByWeekday = (weeklyHours: readonly WorkingHours[]): number[] => {
  const parts = weeklyHours.flatMap(({ day, from, to }) => {
    const [opens, closes] = [minuteOf(from), minuteOf(to)];
    return closes > opens
      ? [{ day: day % 7, from: opens, to: closes }]
      : [
          { day: day % 7, from: opens, to: DAY_MINUTES },
          { day: (day + 1) % 7, from: 0, to: closes },
        ];
  });
  return Array.from({ length: 7 }, (_, day) => {
    let until = 0;
    let sum = 0;
    for (const { from, to } of parts.filter((part) => part.day === day).sort((a, b) => a.from - b.from)) {
      sum += Math.max(0, to - Math.max(from, until));
      until = Math.max(until, to);
    }
    return sum;
  });
};

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** Working spans from an instant on, in milliseconds since 1970, in order and apart. Endless, unless there are none at all. */
function* spansFrom(calendar: WorkingCalendar, start: number): Generator<Span> {
  const { timeZone, weeklyHours, holidays } = calendar;
  if (weeklyHours.length === 0) return;
  const closed = new Set(holidays);
  const opening = (day: Temporal.PlainDate, time: string) => instantOf(day, time, timeZone);
  // What opened yesterday may still be open.
  let day = Temporal.Instant.fromEpochMilliseconds(start)
    .toZonedDateTimeISO(timeZone)
    .toPlainDate()
    .subtract({ days: 1 });
  let until = start;
  for (;;) {
    const next = day.add({ days: 1 });
    const midnight = opening(next, '00:00');
    const spans = weeklyHours
      .filter((hours) => hours.day === day.dayOfWeek)
      .flatMap(({ from, to }) => {
        const opens = opening(day, from);
        const [today, tomorrow] = [closed.has(day.toString()), closed.has(next.toString())];
        if (to > from) return today ? [] : [{ from: opens, to: to === '24:00' ? midnight : opening(day, to) }];
        const ends = opening(next, to);
        return [
          ...(today ? [] : [{ from: opens, to: Math.min(midnight, ends) }]),
          ...(tomorrow ? [] : [{ from: midnight, to: ends }]),
        ];
      })
      .sort((a, b) => a.from - b.from);
    for (const { from, to } of spans) {
      const begins = Math.max(from, until);
      if (to > begins) yield { from: begins, to };
      until = Math.max(until, to);
    }
    day = next;
  }
}

/**
 * When the clocks of a zone show a time of a day. A time that they show twice is the first of the two; one that they leave
 * out is as long after midnight as if they had not.
 */
const instantOf = (day: Temporal.PlainDate, time: string, timeZone: string): number =>
  time === '00:00'
    ? day.toZonedDateTime(timeZone).epochMilliseconds
    : day.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
