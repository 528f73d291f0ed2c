import { expect, test } from 'vitest';
import { RETRIES, verdictOf } from '../../src/core/webhook-schedule.ts';

const answered = (status: number | null, retryAfterSeconds: number | null = null) => ({
  status,
  error: null,
  answer: null,
  retryAfterSeconds,
  milliseconds: 1,
});

test('a delivery is tried ten times in 76 hours', () => {
  expect(RETRIES).toHaveLength(9);
  expect(RETRIES.reduce((a, b) => a + b) / 3_600_000).toBeCloseTo(75.6, 1);
});

test.each([200, 201, 204, 299])('%d is a yes', (status) => {
  expect(verdictOf(answered(status), 0, RETRIES, 0.5)).toEqual({ kind: 'delivered' });
});

test.each([null, 301, 302, 307, 400, 404, 429, 500, 503])('%s is tried again after the wait of its turn', (status) => {
  RETRIES.forEach((wait, attempts) => {
    expect(verdictOf(answered(status), attempts, RETRIES, 0.5)).toEqual({ kind: 'retry', afterMs: wait, pauseMs: 0 });
  });
  expect(verdictOf(answered(status), RETRIES.length, RETRIES, 0.5)).toEqual({ kind: 'failed' });
});

test('waits vary by a fifth, so that many failures do not come back at once', () => {
  expect(verdictOf(answered(500), 0, [1_000], 0)).toMatchObject({ afterMs: 800 });
  expect(verdictOf(answered(500), 0, [1_000], 1)).toMatchObject({ afterMs: 1_200 });
});

test('Retry-After is obeyed where it is longer, for a day at most', () => {
  expect(verdictOf(answered(429, 60), 0, [1_000], 0.5)).toEqual({ kind: 'retry', afterMs: 60_000, pauseMs: 60_000 });
  expect(verdictOf(answered(503, 1), 0, [60_000], 0.5)).toMatchObject({ afterMs: 60_000, pauseMs: 1_000 });
  expect(verdictOf(answered(429, 999_999_999), 0, [1_000], 0.5)).toMatchObject({ afterMs: 86_400_000 });
});

test('410 ends it', () => {
  expect(verdictOf(answered(410), 0, RETRIES, 0.5)).toEqual({ kind: 'gone' });
});
