import { z } from 'zod';
import { defineCommand } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { assertOpen, assertSteers, community } from './community.ts';
import { type PromisePolicy, span, WARN_PERCENT } from './promise-terms.ts';
import { id } from './words.ts';
import { calendarFault, date, leastInAYear, type WorkingCalendar } from './working-time.ts';
import { workingHours } from './working-week.ts';

const communityId = id;

/** Says how soon questions are answered here, in working time. It holds for what is asked from now on. */
export const declareResponsePromise = defineCommand({
  type: 'DeclareResponsePromise',
  input: z.strictObject({
    communityId,
    firstResponseSeconds: span,
    resolutionSeconds: span.nullable().default(null),
    newcomerFirstResponseSeconds: span.nullable().default(null),
    warnPercent: z
      .int()
      .min(1)
      .max(99, 'The warning comes between 1 and 99 per cent before the end.')
      .default(WARN_PERCENT),
  }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: (input, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    const { firstResponseSeconds: first, resolutionSeconds, newcomerFirstResponseSeconds: newcomer } = input;
    if (resolutionSeconds !== null && resolutionSeconds < first)
      throw new Rejection('PROMISE_CONTRADICTS', 'A question is not resolved before it has its first response.', [
        'resolutionSeconds',
      ]);
    if (newcomer !== null && newcomer > first)
      throw new Rejection('PROMISE_CONTRADICTS', 'Newcomers are promised a first response sooner, not later.', [
        'newcomerFirstResponseSeconds',
      ]);
    const { policy } = state.promise;
    const terms = {
      firstResponseSeconds: first,
      resolutionSeconds,
      newcomerFirstResponseSeconds: newcomer,
      warnPercent: input.warnPercent,
    };
    if (policy && Object.entries(terms).every(([name, value]) => policy[name as keyof typeof terms] === value))
      return [];
    assertWithinHorizon(terms, state.promise.calendar);
    const policyVersion = (policy?.policyVersion ?? 0) + 1;
    const data = { communityId: input.communityId, policyVersion, declaredBy: actor.memberId, ...terms };
    return [{ type: 'ResponsePromiseDeclared', data }];
  },
});

const MAX_HOURS = 100;
const MAX_HOLIDAYS = 1_000;

/** Says when a community works. Promises given before keep the due times that they were given with. */
export const defineWorkingCalendar = defineCommand({
  type: 'DefineWorkingCalendar',
  input: z.strictObject({
    communityId,
    timeZone: z.string().trim(),
    weeklyHours: z.array(workingHours).max(MAX_HOURS, `A week has at most ${MAX_HOURS} intervals.`),
    holidays: z.array(date).max(MAX_HOLIDAYS, `A calendar has at most ${MAX_HOLIDAYS} holidays.`).default([]),
  }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: ({ communityId, ...given }, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    const calendar = { ...given, holidays: [...new Set(given.holidays)].sort() };
    const fault = calendarFault(calendar);
    if (fault)
      throw new Rejection('CALENDAR_WITHOUT_HOURS', fault, [fault.includes('zone') ? 'timeZone' : 'weeklyHours']);
    const { calendar: known, policy } = state.promise;
    if (policy) assertWithinHorizon(policy, calendar);
    const { calendarVersion = 0, ...before } = known ?? {};
    if (known && JSON.stringify(sorted(before)) === JSON.stringify(sorted(calendar))) return [];
    const data = { communityId, calendarVersion: calendarVersion + 1, definedBy: actor.memberId, ...calendar };
    return [{ type: 'WorkingCalendarDefined', data }];
  },
});

/** Everything that is promised falls due within a year, whenever it is asked and whatever holidays come. */
const assertWithinHorizon = (
  { firstResponseSeconds, resolutionSeconds }: Pick<PromisePolicy, 'firstResponseSeconds' | 'resolutionSeconds'>,
  calendar: WorkingCalendar | null,
) => {
  const longest = Math.max(firstResponseSeconds, resolutionSeconds ?? 0);
  const least = calendar ? leastInAYear(calendar) : Number.POSITIVE_INFINITY;
  if (longest > least)
    throw new Rejection(
      'PROMISE_BEYOND_HORIZON',
      `What is promised must be due within a year: a year of this calendar may have ${Math.floor(least / 3_600)} working hours, and ` +
        `${Math.ceil(longest / 3_600)} are promised. Promise less, or define more working hours.`,
    );
};

const sorted = (value: object) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
