import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';

// Working time: the hours of a week on the clocks of one place, without its holidays. The one file of the domain with a
// library of its own: no rule of ours could know when the clocks of a place are changed.

const DAY_MINUTES = 24 * 60;
const MINUTE = 60_000;
const DAY_MS = DAY_MINUTES * MINUTE;
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

/** The name of a time zone as it is written, or null where there is none. Every name of the IANA database that this Node knows is one. */
export const timeZoneNamed = (name: string): string | null => {
  // Offsets and annotated times are no names.
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]*$/.test(name)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId;
  } catch {
    return null;
  }
};

type Span = { readonly from: number; readonly to: number };

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

/** Hours of one day, in minutes after its midnight. */
type Part = { readonly from: number; readonly to: number };

/** A week by the days that hours fall on, Monday being 0: as declared, with what overlaps or touches as one, and how long that is. */
type Week = {
  readonly parts: readonly Part[][];
  readonly merged: readonly Part[][];
  readonly minutes: readonly number[];
};

const weeks = new WeakMap<readonly WorkingHours[], Week>();

const weekOf = (weeklyHours: readonly WorkingHours[]): Week => {
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

const mergedParts = <P extends Part>(parts: readonly P[]): Part[] => {
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
const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7;

const closedDays = new WeakMap<readonly string[], ReadonlySet<number>>();

const closedOn = (holidays: readonly string[]): ReadonlySet<number> => {
  const known = closedDays.get(holidays) ?? new Set(holidays.map((holiday) => Date.parse(holiday) / DAY_MS));
  closedDays.set(holidays, known);
  return known;
};

/** A day from its midnight to the next one, in milliseconds since 1970, and its working time. */
type Day = { readonly midnight: number; readonly next: number; worked(): number; spans(): Span[] };

/** The days of a calendar, beginning with the one that an instant lies in; of that one what comes after the instant. Endless. */
function* daysFrom({ timeZone, weeklyHours, holidays }: WorkingCalendar, start: number): Generator<Day> {
  const { parts, merged, minutes } = weekOf(weeklyHours);
  const closed = closedOn(holidays);
  const first = dayOf(Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone).toPlainDate());
  for (const { day, midnight, next } of midnightsFrom(timeZone, first)) {
    const weekday = closed.has(day) ? -1 : weekdayOf(day);
    const isPlain = next - midnight === DAY_MS && midnight >= start;
    const spans = (): Span[] => {
      if (isPlain)
        return (merged[weekday] ?? []).map(({ from, to }) => ({
          from: midnight + from * MINUTE,
          to: midnight + to * MINUTE,
        }));
      // The clocks may be changed on it: each time of day is asked for by itself.
      const at = (minute: number) => (minute === DAY_MINUTES ? next : within(instantOf(day, minute, timeZone)));
      const within = (instant: number) => Math.min(next, Math.max(midnight, instant));
      return mergedParts((parts[weekday] ?? []).map(({ from, to }) => ({ from: at(from), to: at(to) })))
        .map(({ from, to }) => ({ from: Math.max(from, start), to }))
        .filter(({ from, to }) => to > from);
    };
    const worked = () =>
      isPlain ? (minutes[weekday] ?? 0) * MINUTE : spans().reduce((sum, { from, to }) => sum + to - from, 0);
    yield { midnight, next, worked, spans };
  }
}

/** So many days are looked at together: no zone changes its clocks there and back within them. */
const TOGETHER = 16;

/** Days by their number, each with its midnight and the next one; a zone is asked about one of them only where it has to be. */
function* midnightsFrom(timeZone: string, first: number) {
  const midnightOf = (day: number) => instantOf(day, 0, timeZone);
  function* between(
    day: number,
    midnight: number,
    days: number,
    end: number,
  ): Generator<{ day: number; midnight: number; next: number }> {
    if (days === 1) yield { day, midnight, next: end };
    else if (end - midnight === days * DAY_MS)
      for (let n = 0; n < days; n++)
        yield { day: day + n, midnight: midnight + n * DAY_MS, next: midnight + (n + 1) * DAY_MS };
    else {
      const half = days / 2;
      const middle = midnightOf(day + half);
      yield* between(day, midnight, half, middle);
      yield* between(day + half, middle, half, end);
    }
  }
  for (let day = first, midnight = midnightOf(first); ; day += TOGETHER) {
    const end = midnightOf(day + TOGETHER);
    yield* between(day, midnight, TOGETHER, end);
    midnight = end;
  }
}

const EPOCH = Temporal.PlainDate.from('1970-01-01');
const dayOf = (date: Temporal.PlainDate): number => Math.round(Date.parse(date.toString()) / DAY_MS);

/**
 * When the clocks of a zone show a minute of a day. A time that they show twice is the first of the two; one that they leave
 * out is as long after midnight as if they had not.
 */
const instantOf = (day: number, minute: number, timeZone: string): number => {
  const date = EPOCH.add({ days: day });
  if (minute === 0) return date.toZonedDateTime(timeZone).epochMilliseconds;
  const plainTime = { hour: Math.floor(minute / 60), minute: minute % 60 };
  return date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
};
