import { z } from 'zod';
import { daysFrom, timeZoneNamed } from './working-days.ts';
import { DAY_MS, type WorkingHours, weekdayOf, weekOf } from './working-week.ts';

// Working time: the hours of a week on the clocks of one place, without its holidays. `working-week` has the hours of a week,
// `working-days` what they are on the clocks of a place.

export const date = z.iso.date('A day is written 2026-12-25.');

export type WorkingCalendar = {
  /** An IANA name: `Europe/Paris`. */
  readonly timeZone: string;
  readonly weeklyHours: readonly WorkingHours[];
  /** Days of that zone on which nobody works, from midnight to midnight. */
  readonly holidays: readonly string[];
};

/** Nothing is due later than so long after it was asked: what could be is refused when it is declared. */
export const HORIZON_DAYS = 366;
export const HORIZON_MS = HORIZON_DAYS * DAY_MS;

/**
 * The earliest instant at which so much working time has passed since `since`; without a calendar all time is working time.
 * What ends with the day is due at its closing, not at the next opening. Never later than the horizon.
 */
export const dueAfter = (calendar: WorkingCalendar | null, since: string, seconds: number): string => {
  const start = Date.parse(since);
  const horizon = start + HORIZON_MS;
  let left = Math.round(seconds * 1_000);
  if (!calendar) return new Date(Math.min(start + left, horizon)).toISOString();
  for (const day of daysFrom(calendar, start)) {
    if (day.midnight >= horizon) break;
    const worked = day.worked();
    if (left > worked) left -= worked;
    else
      for (const { from, to } of day.spans()) {
        if (left <= to - from) return new Date(Math.min(from + left, horizon)).toISOString();
        left -= to - from;
      }
  }
  return new Date(horizon).toISOString();
};

/** Where no calendar says it: Monday to Friday, in Greenwich. */
const WORKDAYS: WorkingCalendar = {
  timeZone: 'UTC',
  weeklyHours: [1, 2, 3, 4, 5].map((day) => ({ day, from: '00:00', to: '24:00' })),
  holidays: [],
};

/** The end of the last of so many whole working days after the one of `since`. Never later than the horizon. */
export const endOfWorkingDays = (calendar: WorkingCalendar | null, since: string, days: number): string => {
  const start = Date.parse(since);
  const horizon = start + HORIZON_MS;
  let left = days;
  for (const day of daysFrom(calendar ?? WORKDAYS, start)) {
    if (day.midnight >= horizon) break;
    if (day.midnight <= start || day.worked() === 0) continue;
    left -= 1;
    if (left === 0) return new Date(day.spans().at(-1)?.to ?? day.next).toISOString();
  }
  return new Date(horizon).toISOString();
};

/** How much working time lies between two instants, in seconds; 0 when the second is not the later one. */
export const workingSeconds = (calendar: WorkingCalendar | null, since: string, until: string): number => {
  const [start, end] = [Date.parse(since), Date.parse(until)];
  if (end <= start) return 0;
  if (!calendar) return (end - start) / 1_000;
  let worked = 0;
  for (const day of daysFrom(calendar, start)) {
    if (day.midnight >= end) break;
    if (day.next <= end) worked += day.worked();
    else for (const { from, to } of day.spans()) worked += Math.max(0, Math.min(to, end) - from);
  }
  return worked / 1_000;
};

/** The least working time in any year, in seconds, whatever holidays fall into it and however the clocks are changed. */
export const leastInAYear = (calendar: WorkingCalendar): number => {
  const minutes = weekOf(calendar.weeklyHours).minutes;
  const days = [...new Set(calendar.holidays)].map((holiday) => Date.parse(holiday) / DAY_MS).sort((a, b) => a - b);
  const lostOn = (day: number) => minutes[weekdayOf(day)] ?? 0;
  let [lost, most, first] = [0, 0, 0];
  for (const day of days) {
    lost += lostOn(day);
    for (; day - (days[first] ?? day) >= 365; first++) lost -= lostOn(days[first] ?? day);
    most = Math.max(most, lost);
  }
  const whole = 52 * minutes.reduce((sum, each) => sum + each, 0);
  return Math.max(0, whole - most - CLOCK_CHANGES) * 60;
};

/** What the clocks of a zone may take from the working time of a year, in minutes. */
const CLOCK_CHANGES = 120;

/** What is wrong with the hours of a calendar in words; null when a promise can be kept on it. */
export const calendarFault = (calendar: WorkingCalendar): string | null => {
  if (timeZoneNamed(calendar.timeZone) === null)
    return `There is no time zone "${calendar.timeZone}": take an IANA name such as Europe/Paris.`;
  const { minutes } = weekOf(calendar.weeklyHours);
  const inTwoWeeks = 2 * minutes.reduce((sum, each) => sum + each, 0);
  if (inTwoWeeks < 60) return TOO_FEW;
  // Every weekday comes twice in fourteen days, so the poorest ones begin with a holiday.
  const holidays = [...new Set(calendar.holidays)].sort();
  const days = holidays.map((holiday) => Date.parse(holiday) / DAY_MS);
  const lost = holidays.map((holiday) => minutes[weekdayOf(Date.parse(holiday) / DAY_MS)] ?? 0);
  for (const [n, first] of days.entries()) {
    let left = inTwoWeeks;
    for (let m = n; m < days.length && (days[m] ?? 0) < first + 14; m++) left -= lost[m] ?? 0;
    if (left < 60) return `${TOO_FEW} From ${holidays[n]} on there are too many holidays.`;
  }
  return null;
};

const TOO_FEW = 'In any 14 days there must be at least one working hour.';
