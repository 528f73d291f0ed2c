import fc from 'fast-check';
import { DateTime, Interval } from 'luxon';
import { describe, expect, test } from 'vitest';
import { timeZoneNamed } from '../../src/domain/working-days.ts';
import {
  calendarFault,
  dueAfter,
  HORIZON_MS,
  leastInAYear,
  type WorkingCalendar,
  workingSeconds,
} from '../../src/domain/working-time.ts';

const HOUR = 3_600;
const weekdays = (from: string, to: string) => [1, 2, 3, 4, 5].map((day) => ({ day, from, to }));
const paris = (more: Partial<WorkingCalendar> = {}): WorkingCalendar => ({
  timeZone: 'Europe/Paris',
  weeklyHours: weekdays('09:00', '17:00'),
  holidays: [],
  ...more,
});

describe('a promise in working time', () => {
  test.each<[string, string, number, string, Partial<WorkingCalendar>?]>([
    ['asked in the morning, is due the same day', '2026-03-02T09:00:00+01:00', 4, '2026-03-02T13:00:00+01:00'],
    [
      'that ends with the day is due at closing, not at the next opening',
      '2026-03-02T09:00:00+01:00',
      8,
      '2026-03-02T17:00:00+01:00',
    ],
    ['asked in the afternoon, goes on the next morning', '2026-03-02T15:00:00+01:00', 4, '2026-03-03T11:00:00+01:00'],
    ['asked at night, counts from the next opening', '2026-03-02T22:10:00+01:00', 1, '2026-03-03T10:00:00+01:00'],
    [
      'asked at closing time, counts from the next opening',
      '2026-03-02T17:00:00+01:00',
      1,
      '2026-03-03T10:00:00+01:00',
    ],
    ['passes over the weekend', '2026-03-06T16:00:00+01:00', 2, '2026-03-09T10:00:00+01:00'],
    [
      'passes over holidays',
      '2026-03-02T16:00:00+01:00',
      2,
      '2026-03-05T10:00:00+01:00',
      { holidays: ['2026-03-03', '2026-03-04'] },
    ],
    [
      'asked on a holiday, counts from the day after',
      '2026-03-03T10:00:00+01:00',
      1,
      '2026-03-04T10:00:00+01:00',
      { holidays: ['2026-03-03'] },
    ],
    [
      'counts over midnight',
      '2026-03-02T23:00:00+01:00',
      4,
      '2026-03-03T03:00:00+01:00',
      { weeklyHours: weekdays('22:00', '06:00') },
    ],
    [
      'of a night that began on Friday ends on Saturday',
      '2026-03-06T22:00:00+01:00',
      8,
      '2026-03-07T06:00:00+01:00',
      { weeklyHours: weekdays('22:00', '06:00') },
    ],
    [
      'rests from midnight to midnight on a holiday, whatever night it cuts',
      '2026-03-02T22:00:00+01:00',
      3,
      '2026-03-04T01:00:00+01:00',
      { weeklyHours: weekdays('22:00', '06:00'), holidays: ['2026-03-03'] },
    ],
    [
      'loses the hour that the clocks leave out',
      '2026-03-28T22:00:00+01:00',
      8,
      '2026-03-29T07:00:00+02:00',
      { weeklyHours: [{ day: 6, from: '22:00', to: '12:00' }] },
    ],
    [
      'gains the hour that they show twice',
      '2026-10-24T22:00:00+02:00',
      8,
      '2026-10-25T05:00:00+01:00',
      { weeklyHours: [{ day: 6, from: '22:00', to: '12:00' }] },
    ],
    [
      'counts hours that overlap once',
      '2026-03-02T09:00:00+01:00',
      7,
      '2026-03-02T16:00:00+01:00',
      { weeklyHours: [...weekdays('09:00', '13:00'), ...weekdays('11:00', '17:00')] },
    ],
  ])('%s', (_, asked, hours, due, more = {}) => {
    expect(dueAfter(paris(more), asked, hours * HOUR)).toBe(new Date(due).toISOString());
  });

  test('without a calendar is due so many hours later', () => {
    expect(dueAfter(null, '2026-03-28T22:00:00.123Z', 8 * HOUR)).toBe('2026-03-29T06:00:00.123Z');
  });
});

describe('a calendar', () => {
  const fault = (more: Partial<WorkingCalendar>) => calendarFault(paris(more));
  const days = (from: string, count: number) =>
    Array.from({ length: count }, (_, n) => new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10));

  test('with a working hour in any two weeks is good for a promise', () => {
    expect(fault({})).toBeNull();
    expect(fault({ weeklyHours: [{ day: 7, from: '23:45', to: '00:15' }] })).toBeNull();
    expect(fault({ holidays: days('2026-08-03', 11) })).toBeNull();
  });

  test.each([
    ['has no hours at all', { weeklyHours: [] }],
    ['has less than an hour in two weeks', { weeklyHours: [{ day: 1, from: '09:00', to: '09:29' }] }],
    [
      'says the same half hour twice',
      {
        weeklyHours: [
          { day: 1, from: '09:00', to: '09:20' },
          { day: 1, from: '09:00', to: '09:20' },
        ],
      },
    ],
    ['closes for two weeks', { holidays: days('2026-08-03', 14) }],
    [
      'closes on the only days that it works',
      { weeklyHours: [{ day: 1, from: '09:00', to: '17:00' }], holidays: ['2026-03-02', '2026-03-09'] },
    ],
  ])('that %s is refused', (_, more) => {
    expect(fault(more)).toMatch(/at least one working hour/);
  });

  test.each(['Europe/Atlantis', '', '2026-01-01T00:00[Europe/Paris]', 'Europe/Paris; drop'])(
    'with a time zone named "%s" is refused',
    (timeZone) => {
      expect(fault({ timeZone })).toMatch(/There is no time zone/);
    },
  );
});

// The same rule by another library and another way: all open intervals as sets, before anything is counted.
const twin = {
  at: (day: DateTime, time: string): DateTime => {
    if (time === '24:00') return twin.at(day.plus({ days: 1 }), '00:00');
    const [hour, minute] = time.split(':').map(Number);
    const local = DateTime.fromObject(
      { year: day.year, month: day.month, day: day.day, hour, minute },
      { zone: day.zoneName ?? 'UTC' },
    );
    return local.getPossibleOffsets().sort((a, b) => a.toMillis() - b.toMillis())[0] ?? local;
  },
  open: ({ timeZone, weeklyHours, holidays }: WorkingCalendar, since: string, days: number): Interval[] => {
    // Noon is a time that every day has: adding days to it never leaves the calendar.
    const noon = DateTime.fromISO(since, { zone: timeZone }).set({ hour: 12, minute: 0, second: 0, millisecond: 0 });
    const open: Interval[] = [];
    for (let n = -1; n < days; n++) {
      const day = noon.plus({ days: n });
      for (const { from, to } of weeklyHours.filter((hours) => hours.day === day.weekday)) {
        const [begin, end] = [twin.at(day, from), twin.at(to <= from ? day.plus({ days: 1 }) : day, to)];
        if (begin < end) open.push(Interval.fromDateTimes(begin, end));
      }
    }
    const closed = holidays.map((holiday) => {
      const day = DateTime.fromISO(`${holiday}T12:00`, { zone: timeZone });
      return Interval.fromDateTimes(twin.at(day, '00:00'), twin.at(day, '24:00'));
    });
    const asked = Interval.fromDateTimes(DateTime.fromISO(since), noon.plus({ days: days + 3 }));
    return Interval.merge(open)
      .flatMap((interval) => interval.difference(...closed))
      .flatMap((interval) => interval.intersection(asked) ?? [])
      .sort((a, b) => Number(a.start) - Number(b.start));
  },
  due: (calendar: WorkingCalendar, since: string, seconds: number): string => {
    let left = seconds * 1_000;
    for (const { start, end } of twin.open(calendar, since, 30)) {
      const [from, to] = [Number(start), Number(end)];
      if (left <= to - from) return new Date(from + left).toISOString();
      left -= to - from;
    }
    return 'later';
  },
};

const zones = [
  'UTC',
  'Europe/Paris',
  'America/New_York',
  'America/Havana',
  'America/St_Johns',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
];

/** When the clocks of a zone are changed in these years. */
const changes = (zone: string): number[] => {
  const found: number[] = [];
  let day = DateTime.fromISO('2024-01-01', { zone });
  for (; day.year < 2028; day = day.plus({ days: 1 }))
    if (day.offset !== day.plus({ days: 1 }).offset) found.push(day.toMillis());
  return found;
};
const changesOf = new Map(zones.map((zone) => [zone, changes(zone)]));

const DAY = 86_400_000;
const quarter = fc
  .integer({ min: 0, max: 95 })
  .map((n) => `${String(n >> 2).padStart(2, '0')}:${['00', '15', '30', '45'][n & 3]}`);
const hours = fc.record({
  day: fc.integer({ min: 1, max: 7 }),
  from: quarter,
  to: fc.oneof(quarter, fc.constant('24:00')),
});
const asked = (zone: string) => {
  const near = changesOf.get(zone) ?? [];
  const anywhere = fc.integer({ min: Date.parse('2024-02-01'), max: Date.parse('2027-10-01') });
  return near.length === 0
    ? anywhere
    : fc.oneof(
        anywhere,
        fc.tuple(fc.constantFrom(...near), fc.integer({ min: -3 * DAY, max: 2 * DAY })).map(([at, by]) => at + by),
      );
};
const story = fc
  .constantFrom(...zones)
  .chain((timeZone) => fc.record({ timeZone: fc.constant(timeZone), since: asked(timeZone) }))
  .chain(({ timeZone, since }) =>
    fc.record({
      since: fc.constant(new Date(since).toISOString()),
      seconds: fc.oneof(
        fc.integer({ min: 1, max: 60 * HOUR }),
        fc.integer({ min: 1, max: 80 }).map((n) => n * 900),
      ),
      calendar: fc.record({
        timeZone: fc.constant(timeZone),
        weeklyHours: fc.array(hours, { minLength: 1, maxLength: 9 }),
        holidays: fc.array(
          fc.integer({ min: -2, max: 12 }).map((n) => new Date(since + n * DAY).toISOString().slice(0, 10)),
          { maxLength: 4 },
        ),
      }),
    }),
  );

test('any promise is due when an independent library says so, whatever the clocks do', () => {
  fc.assert(
    fc.property(story, ({ calendar, since, seconds }) => {
      const expected = twin.due(calendar, since, seconds);
      fc.pre(expected !== 'later');
      expect(dueAfter(calendar, since, seconds)).toBe(expected);
    }),
    { numRuns: 200 },
  );
});

test('between asking and the due time lies exactly the working time promised', () => {
  fc.assert(
    fc.property(story, ({ calendar, since, seconds }) => {
      const due = dueAfter(calendar, since, seconds);
      fc.pre(Date.parse(due) < Date.parse(since) + HORIZON_MS);
      expect(workingSeconds(calendar, since, due)).toBe(seconds);
    }),
    { numRuns: 200 },
  );
});

describe('nothing is computed without bound', () => {
  /** A hundred intervals that overlap, and as few working hours as a calendar may have. */
  const sparse = (): WorkingCalendar => ({
    timeZone: 'Europe/Paris',
    weeklyHours: Array.from({ length: 100 }, () => ({ day: 1, from: '09:00', to: '09:30' })),
    holidays: [],
  });

  test('nothing is due later than a year after it was asked', () => {
    const since = '2026-03-02T09:00:00.000Z';
    const latest = new Date(Date.parse(since) + HORIZON_MS).toISOString();
    for (const seconds of [366 * 24 * HOUR, 40 * HOUR]) expect(dueAfter(sparse(), since, seconds)).toBe(latest);
    expect(dueAfter({ ...sparse(), weeklyHours: [] }, since, 1)).toBe(latest);
    expect(dueAfter(null, since, 400 * 24 * HOUR)).toBe(latest);
  });

  test('a due time takes no longer for a hundred years of work than for a day, by far', () => {
    const since = '2026-03-02T09:00:00.000Z';
    const before = process.cpuUsage();
    for (let n = 0; n < 50; n++) dueAfter(sparse(), since, 366 * 24 * HOUR);
    const { user, system } = process.cpuUsage(before);
    // Fifty of them in less than what one may take of the event loop on an idle machine, ten times over.
    expect((user + system) / 1_000).toBeLessThan(1_500);
  });

  test('the least working time of a year is never more than what a year has', () => {
    fc.assert(
      fc.property(story, ({ calendar, since }) => {
        const least = leastInAYear(calendar);
        const end = new Date(Date.parse(since) + 365 * 86_400_000).toISOString();
        expect(workingSeconds(calendar, since, end)).toBeGreaterThanOrEqual(least);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the calendars of the world', () => {
  test('a day that a zone skips has no working time', () => {
    // Samoa went from 29 to 31 December 2011, Thursday to Saturday.
    const apia = { timeZone: 'Pacific/Apia', weeklyHours: weekdays('09:00', '17:00'), holidays: [] };
    expect(dueAfter(apia, '2011-12-29T09:00:00-10:00', 8 * HOUR)).toBe('2011-12-30T03:00:00.000Z');
    expect(dueAfter(apia, '2011-12-29T16:00:00-10:00', 2 * HOUR)).toBe('2012-01-01T20:00:00.000Z');
    expect(workingSeconds(apia, '2011-12-29T09:00:00-10:00', '2012-01-02T17:00:00+14:00')).toBe(16 * HOUR);
  });

  test.each(['UTC', 'EST5EDT', 'Etc/GMT+5', 'Etc/GMT-14', 'GMT0', 'America/Argentina/Buenos_Aires', 'europe/paris'])(
    'the zone %s is known',
    (name) => {
      expect(timeZoneNamed(name)).not.toBeNull();
      expect(calendarFault(paris({ timeZone: name }))).toBeNull();
    },
  );

  test('so is every zone that this Node lists', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((name) => timeZoneNamed(name) === null)).toEqual([]);
  });

  test.each(['+05:30', '-03:00', '2026-01-01T00:00:00Z', '', ' UTC'])('"%s" is no name of a zone', (name) => {
    expect(timeZoneNamed(name)).toBeNull();
  });
});
