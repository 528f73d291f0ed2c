import { cpus } from 'node:os';
import {
  calendarFault,
  dueAfter,
  leastInAYear,
  type WorkingCalendar,
  workingSeconds,
} from '../../src/domain/working-time.ts';
import { assertTrue, median, percentile, rounded } from './support/measures.ts';

// The worst calendar that may be declared: a hundred intervals that overlap, a thousand holidays, a zone that changes its clocks four
// times a year, and the longest promise that still falls due within a year. A due time is worked out while a request is served.

const ROUNDS = 200;
const DAY = 86_400_000;
const SINCE = Date.parse('2026-02-01T09:00:00Z');

const time = (minute: number) =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const make = (): WorkingCalendar => ({
  timeZone: 'Africa/Casablanca',
  weeklyHours: Array.from({ length: 100 }, (_, n) => ({ day: (n % 7) + 1, from: time(n * 7), to: time(n * 7 + 31) })),
  // Every second day of five and a half years.
  holidays: Array.from({ length: 1_000 }, (_, n) => new Date(SINCE + 2 * n * DAY).toISOString().slice(0, 10)),
});

assertTrue(calendarFault(make()) === null, 'The calendar cannot be declared.');
const seconds = leastInAYear(make());
assertTrue(seconds > 0, 'Nothing can be promised on it.');

const taken: number[] = [];
for (let n = 0; n < ROUNDS; n++) {
  const calendar = make();
  const since = new Date(SINCE + n * 7_777_777).toISOString();
  const began = performance.now();
  const due = dueAfter(calendar, since, seconds);
  taken.push(performance.now() - began);
  assertTrue(Date.parse(due) - Date.parse(since) <= 366 * DAY, 'It is due beyond the horizon.');
  assertTrue(workingSeconds(calendar, since, due) === seconds, 'Another working time lies between.');
}

const figures = {
  promisedSeconds: seconds,
  dueTimeMs: { p50: rounded(median(taken)), p99: rounded(percentile(taken, 0.99)), reach: 2 },
  machine: { cpus: cpus().length, model: cpus()[0]?.model.trim(), node: process.versions.node },
};
process.stdout.write(`${JSON.stringify({ bench: 'calendar', ...figures })}\n`);
