import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EngagementFigures, engagementFigures, engagementSeries } from '../../projections/engagement/figures.ts';
import { engagement } from '../../projections/engagement/index.ts';
import type { Scope } from '../../projections/engagement/scope.ts';
import { organisationTotals } from '../../projections/engagement/totals.ts';
import { atLength } from '../support/at-length.ts';
import { communities, histories, instant } from './engagement-histories.ts';
import { figuresByHand } from './engagement-twin.ts';
import { tablesOf } from './folded-tables.ts';

let tables: Awaited<ReturnType<typeof tablesOf<(typeof engagement)['tables']>>>;
beforeAll(async () => {
  tables = await tablesOf(engagement);
});
afterAll(() => tables[Symbol.asyncDispose]());

const [one = '', two = ''] = communities;
const scopes: readonly [Scope, readonly string[]][] = [
  [{ communityId: one }, [one]],
  [{ organisation: true }, communities],
  [{ organisation: true, exceptCommunityIds: [one, two] }, communities.slice(2)],
];
const windows = fc
  .tuple(instant, instant)
  .filter(([a, b]) => a !== b)
  .map(([a, b]) => ({ from: new Date(Math.min(a, b)), to: new Date(Math.max(a, b)) }));
const always = { from: new Date('2000-01-01T00:00:00Z'), to: new Date('2050-01-01T00:00:00Z') };

describe('on any history', () => {
  test('the figures of a window are those counted by hand', async () => {
    await fc.assert(
      fc.asyncProperty(histories, windows, async ({ history, steps }, window) => {
        await tables.fill(steps);
        for (const [scope, within] of scopes) {
          const figures = await engagementFigures(tables.db, { scope, ...window });
          expectSame(figures, figuresByHand(history, within, window.from.getTime(), window.to.getTime()));
        }
      }),
      { numRuns: atLength(30, 400) },
    );
  });

  test('each point of a series is the figure of its own window', async () => {
    const buckets = fc.constantFrom('DAY' as const, 'WEEK' as const, 'MONTH' as const);
    await fc.assert(
      fc.asyncProperty(histories, windows, buckets, async ({ history, steps }, window, bucket) => {
        await tables.fill(steps);
        for (const [scope, within] of scopes)
          for (const { from, to, figures } of await engagementSeries(tables.db, { scope, ...window, bucket }))
            expectSame(figures, figuresByHand(history, within, from.getTime(), to.getTime()));
      }),
      { numRuns: atLength(15, 200) },
    );
  });

  test('weeks add up to all time, communities to the organisation', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ steps }) => {
        await tables.fill(steps);
        const weeks = {
          from: new Date('2020-12-07T00:00:00Z'),
          to: new Date('2021-02-01T00:00:00Z'),
          bucket: 'WEEK' as const,
        };
        for (const [scope] of scopes) {
          const all = await engagementFigures(tables.db, { scope, ...always });
          const series = await engagementSeries(tables.db, { scope, ...weeks });
          const total = (name: 'messages' | 'botMessages' | 'topicsStarted' | 'topicsReplied' | 'newContributors') =>
            series.reduce((sum, { figures }) => sum + figures[name], 0);
          for (const name of ['messages', 'botMessages', 'topicsStarted', 'topicsReplied'] as const)
            expect(total(name)).toBe(all[name]);
          expect(total('newContributors')).toBe(all.activeMembers);
        }
        const organisation = await engagementFigures(tables.db, { scope: { organisation: true }, ...always });
        const parts = await Promise.all(
          communities.map((communityId) => engagementFigures(tables.db, { scope: { communityId }, ...always })),
        );
        for (const name of ['messages', 'botMessages', 'topics', 'topicsResolved'] as const)
          expect(parts.reduce((sum, part) => sum + part[name], 0)).toBe(organisation[name]);
        for (const exceptCommunityIds of [[], [one, two]]) {
          const scope = { organisation: true, exceptCommunityIds } as const;
          const all = await engagementFigures(tables.db, { scope, ...always });
          expect(await organisationTotals(tables.db, exceptCommunityIds)).toMatchObject({
            messages: all.messages,
            botMessages: all.botMessages,
            messagesAll: all.messages + all.botMessages,
            membersPosting: all.activeMembers,
            topics: all.topics,
          });
        }
      }),
      { numRuns: atLength(15, 200) },
    );
  });
});

describe('a window', () => {
  const scope: Scope = { organisation: true };
  const series = (from: string, to: string, bucket: 'DAY' | 'WEEK' | 'MONTH') =>
    engagementSeries(tables.db, { scope, from: new Date(from), to: new Date(to), bucket });

  test('begins and ends a series, and ISO weeks begin on Monday', async () => {
    const points = await series('2020-12-30T12:00:00Z', '2021-01-12T06:00:00Z', 'WEEK');
    expect(points.map(({ from, to }) => [from.toISOString(), to.toISOString()])).toEqual([
      ['2020-12-30T12:00:00.000Z', '2021-01-04T00:00:00.000Z'],
      ['2021-01-04T00:00:00.000Z', '2021-01-11T00:00:00.000Z'],
      ['2021-01-11T00:00:00.000Z', '2021-01-12T06:00:00.000Z'],
    ]);
  });

  test('has days of 24 hours and months of the calendar, leap years too', async () => {
    expect((await series('2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z', 'DAY')).length).toBe(29);
    const months = await series('2023-12-31T23:59:59.999Z', '2024-03-01T00:00:00.001Z', 'MONTH');
    expect(months.map(({ from }) => from.toISOString().slice(0, 10))).toEqual([
      '2023-12-31',
      '2024-01-01',
      '2024-02-01',
      '2024-03-01',
    ]);
  });

  test('may be cut into 500 points and not into 501', async () => {
    expect((await series('2020-01-01T00:00:00Z', '2021-05-15T00:00:00Z', 'DAY')).length).toBe(500);
    await expect(series('2020-01-01T00:00:00Z', '2021-05-15T00:00:00.001Z', 'DAY')).rejects.toMatchObject({
      code: 'TOO_MANY_BUCKETS',
      path: ['bucket'],
    });
  });

  test.each([
    ['is refused when empty', '2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['is refused when turned round', '2024-01-02T00:00:00Z', '2024-01-01T00:00:00Z'],
    ['is refused when longer than 50 years', '2000-01-01T00:00:00Z', '2050-01-01T00:00:00.001Z'],
    ['is refused when it is not a date', 'soon', '2024-01-01T00:00:00Z'],
    ['is refused beyond the calendar', '+275000-01-01T00:00:00Z', '+275001-01-01T00:00:00Z'],
  ])('%s', async (_, from, to) => {
    const refusal = { name: 'WindowError', code: 'WINDOW_INVALID' };
    await expect(series(from, to, 'MONTH')).rejects.toMatchObject(refusal);
    const window = { from: new Date(from), to: new Date(to) };
    await expect(engagementFigures(tables.db, { scope, ...window })).rejects.toMatchObject(refusal);
  });

  test('of the first or the last year is answered', async () => {
    for (const [from, to] of [
      ['0001-01-01T00:00:00Z', '0003-01-01T00:00:00Z'],
      ['9980-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'],
    ] as const)
      expect((await series(from, to, 'MONTH')).every(({ figures }) => figures.messages === 0)).toBe(true);
  });
});

const id = (kind: number, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const by = (n: number) => ({ communityId: one, authorId: id(2, n), authorKind: 'MEMBER' });
const opened = (n: number, at = 0) => ({
  type: 'PostPublished',
  at: new Date(Date.UTC(2021, 0, 1) + at).toISOString(),
  data: { ...by(n), postId: id(3, n), kind: 'QUESTION' },
});
const replied = (n: number, at: number) => ({
  ...opened(n, at),
  type: 'CommentPublished',
  data: { ...by(99), commentId: id(4, n), postId: id(3, n), kind: 'ANSWER', postAuthorId: id(2, n) },
});

test('a reply in time is one that comes with the last second', async () => {
  const [day, threeDays] = [86_400_000, 259_200_000];
  const waits = [0, day, day + 1, threeDays, threeDays + 1];
  await tables.fill([...waits.map((_, n) => opened(n)), ...waits.map((wait, n) => replied(n, wait))]);
  expect(await engagementFigures(tables.db, { scope: { communityId: one }, ...always })).toMatchObject({
    topicsStarted: 5,
    topicsReplied: 5,
    topicsReplied24h: 2,
    topicsReplied72h: 4,
    firstReplyP50Seconds: 86_400.001,
    replied24hShare: 0.4,
  });
});

test('a message that an import places before the opening one is no reply', async () => {
  await tables.fill([opened(1), replied(1, -1)]);
  expect(await engagementFigures(tables.db, { scope: { communityId: one }, ...always })).toMatchObject({
    messages: 2,
    topicsStarted: 1,
    topicsReplied: 0,
  });
});

test('as many contributors are named as were asked for', async () => {
  await tables.fill(Array.from({ length: 12 }, (_, n) => opened(n)));
  const named = async (asked: { first?: number }) =>
    (await engagementFigures(tables.db, { scope: { communityId: one }, ...always, ...asked })).topContributors.length;
  expect([await named({}), await named({ first: 0 }), await named({ first: 3 }), await named({ first: 50 })]).toEqual([
    10, 0, 3, 12,
  ]);
});

// Shares are compared as the definitions ask: rounding may fall the other way at the last digit.
const expectSame = (figures: EngagementFigures, byHand: EngagementFigures) => {
  const rough: Partial<Record<keyof EngagementFigures, number>> = {
    gini: 0.000002,
    top10PctShare: 0.000002,
    replied24hShare: 0.000002,
    replied72hShare: 0.000002,
    firstReplyP50Seconds: 0.01,
    firstReplyP90Seconds: 0.01,
  };
  const exact = Object.keys(byHand).filter((name) => !(name in rough)) as (keyof EngagementFigures)[];
  const only = (all: EngagementFigures) => Object.fromEntries(exact.map((name) => [name, all[name]]));
  expect(only(figures)).toEqual(only(byHand));
  for (const [name, tolerance] of Object.entries(rough) as [keyof EngagementFigures, number][]) {
    const [actual, wanted] = [figures[name], byHand[name]];
    if (typeof wanted !== 'number' || typeof actual !== 'number') expect([name, actual]).toEqual([name, wanted]);
    else expect(Math.abs(actual - wanted), name).toBeLessThanOrEqual(tolerance);
  }
};
