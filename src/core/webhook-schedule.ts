import type { Attempt, Verdict } from './webhooks.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long to wait after each failure; after the last of them a delivery is given up, 76 hours after the first attempt. */
export const RETRIES: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

const JITTER = 0.2;
const LONGEST_PAUSE = 24 * HOUR;
const GONE = 410;

/**
 * What follows from an attempt. Any answer of the 2xx family is a yes, whatever its body; a redirection is a failure like others.
 * `attempts` counts those before this one; `random` is 0 to 1.
 */
export const verdictOf = (
  { status, retryAfterSeconds }: Attempt,
  attempts: number,
  retries: readonly number[],
  random: number,
): Verdict => {
  if (status !== null && status >= 200 && status < 300) return { kind: 'delivered' };
  if (status === GONE) return { kind: 'gone' };
  const wait = retries[attempts];
  if (wait === undefined) return { kind: 'failed' };
  const pauseMs = Math.min((retryAfterSeconds ?? 0) * SECOND, LONGEST_PAUSE);
  const jittered = wait * (1 - JITTER + 2 * JITTER * random);
  return { kind: 'retry', afterMs: Math.round(Math.max(jittered, pauseMs)), pauseMs };
};
