import { Temporal } from 'temporal-polyfill';
import { DAY_MINUTES, DAY_MS, MINUTE, mergedParts, type WorkingHours, weekdayOf, weekOf } from './working-week.ts';

// The days of a calendar as stretches of time. The one file of the domain with a library of its own: no rule of ours could know
// when the clocks of a place are changed.

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

/** From and to, in milliseconds since 1970. */
export type Span = { readonly from: number; readonly to: number };

type Calendar = {
  readonly timeZone: string;
  readonly weeklyHours: readonly WorkingHours[];
  readonly holidays: readonly string[];
};

const closedDays = new WeakMap<readonly string[], ReadonlySet<number>>();

const closedOn = (holidays: readonly string[]): ReadonlySet<number> => {
  const known = closedDays.get(holidays) ?? new Set(holidays.map((holiday) => Date.parse(holiday) / DAY_MS));
  closedDays.set(holidays, known);
  return known;
};

/** A day from its midnight to the next one, in milliseconds since 1970, and its working time. */
export type Day = { readonly midnight: number; readonly next: number; worked(): number; spans(): Span[] };

/** The days of a calendar, beginning with the one that an instant lies in; of that one what comes after the instant. Endless. */
export function* daysFrom({ timeZone, weeklyHours, holidays }: Calendar, start: number): Generator<Day> {
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
