import { z } from 'zod';
import { defineEvents } from '../core/event.ts';
import { id } from './words.ts';
import { date, dueAfter, type WorkingCalendar } from './working-time.ts';
import { workingHours } from './working-week.ts';

// What a community promises to whoever asks, and how a question's own due times follow from it. Both are versions in the
// community's stream, and a question carries the ones that it was asked under.

const DAY = 86_400;
/** So many per cent of the time before the end, a breach is imminent, unless the policy says otherwise. */
export const WARN_PERCENT = 25;

/** A promise of working time, in seconds; a year at most. */
export const span = z
  .int()
  .min(1, 'A promise takes at least a second.')
  .max(366 * DAY, 'A promise takes a year at most.');

const terms = {
  firstResponseSeconds: span,
  resolutionSeconds: span.nullable(),
  /** Of a first contribution's first response; null where newcomers are promised the same. */
  newcomerFirstResponseSeconds: span.nullable(),
  /** So many per cent of the working time before it is over, a breach is imminent. */
  warnPercent: z.int().min(1).max(99),
};
const calendar = {
  timeZone: z.string(),
  weeklyHours: z.array(workingHours),
  holidays: z.array(date),
};

// Events. These names and shapes are a file format: add, never edit.
export const promiseTermsEvents = defineEvents({
  ResponsePromiseDeclared: {
    version: 1,
    data: z.strictObject({ communityId: id, policyVersion: z.int(), declaredBy: id, ...terms }),
  },
  WorkingCalendarDefined: {
    version: 1,
    data: z.strictObject({ communityId: id, calendarVersion: z.int(), definedBy: id, ...calendar }),
  },
});

export type PromisePolicy = {
  readonly policyVersion: number;
  readonly firstResponseSeconds: number;
  readonly resolutionSeconds: number | null;
  readonly newcomerFirstResponseSeconds: number | null;
  readonly warnPercent: number;
};
export type VersionedCalendar = WorkingCalendar & { readonly calendarVersion: number };

/** What a community promises now; no calendar: every hour is a working hour. */
export type PromiseTerms = { readonly policy: PromisePolicy | null; readonly calendar: VersionedCalendar | null };

export const noTerms: PromiseTerms = { policy: null, calendar: null };

export const promisedTarget = z.strictObject({ dueAt: z.string(), warnAt: z.string() });

/** The promise as the question carries it, frozen when it was asked. */
export const promised = z.strictObject({
  policyVersion: z.int(),
  calendarVersion: z.int().nullable(),
  /** True where it was tighter because it was the asker's first contribution. */
  isTighter: z.boolean(),
  firstResponse: promisedTarget,
  resolution: promisedTarget.nullable(),
});
export type Promised = z.infer<typeof promised>;

export const targetName = z.enum(['FIRST_RESPONSE', 'RESOLUTION']);
export type TargetName = z.infer<typeof targetName>;

export const targetOf = (promise: Promised, target: TargetName) =>
  target === 'FIRST_RESPONSE' ? promise.firstResponse : promise.resolution;

/** The promise for a question asked now; undefined in a community that promises nothing. */
export const promiseFor = (
  { policy, calendar }: PromiseTerms,
  askedAt: string,
  isFirstContribution: boolean,
): Promised | undefined => {
  if (!policy) return undefined;
  const { policyVersion, firstResponseSeconds, resolutionSeconds, newcomerFirstResponseSeconds, warnPercent } = policy;
  const isTighter = isFirstContribution && newcomerFirstResponseSeconds !== null;
  const target = (seconds: number) => ({
    dueAt: dueAfter(calendar, askedAt, seconds),
    warnAt: warningAt(calendar, askedAt, seconds, warnPercent),
  });
  return {
    policyVersion,
    calendarVersion: calendar?.calendarVersion ?? null,
    isTighter,
    firstResponse: target(isTighter ? newcomerFirstResponseSeconds : firstResponseSeconds),
    resolution: resolutionSeconds === null ? null : target(resolutionSeconds),
  };
};

export const warningAt = (calendar: WorkingCalendar | null, since: string, seconds: number, warnPercent: number) =>
  dueAfter(calendar, since, (seconds * (100 - warnPercent)) / 100);
