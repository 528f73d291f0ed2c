import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engagement } from '../../projections/engagement/index.ts';
import { openScope, type Scope } from '../../projections/engagement/scope.ts';
import { type Computed, countedEvents, statisticOf } from '../../projections/engagement/statistics/index.ts';
import { type Step, tablesOf } from './folded-tables.ts';

// The figures of promises, acceptance, roles and expectations, on histories that are small enough to be counted by hand.

let tables: Awaited<ReturnType<typeof tablesOf<(typeof engagement)['tables']>>>;
beforeAll(async () => {
  tables = await tablesOf(engagement);
});
afterAll(() => tables[Symbol.asyncDispose]());

const idOf = (kind: number, n: number) => `0000000${kind}-0000-4000-8000-${String(n).padStart(12, '0')}`;
const garden = idOf(1, 1);
const workshop = idOf(1, 2);
const [ann, bob, cleo, dan] = [idOf(2, 1), idOf(2, 2), idOf(2, 3), idOf(2, 4)];
const bot = idOf(2, 9);
const question = (n: number) => idOf(3, n);
const answer = (n: number) => idOf(4, n);

/** A day of March 2026, a Sunday being the first; the hour may be left out. */
const on = (day: number, hour = 0) => new Date(Date.UTC(2026, 2, day, hour)).toISOString();
const step = (type: string, at: string, data: object): Step => ({ type, at, data });

const people: readonly Step[] = [
  ...[ann, bob, cleo, dan].map((memberId) => step('MemberRegistered', on(-100), { memberId })),
  step('ServiceAccountRegistered', on(-100), { memberId: bot, system: false }),
];
const joins = (communityId: string, ...members: string[]) =>
  members.map((memberId) => step('MemberJoined', on(-90), { communityId, memberId }));

/** A question by Ann with a first response promised within a day; `due` is the day and hour. */
const asks = (n: number, at: string, due: string, more: object = {}) =>
  step('PostPublished', at, {
    postId: question(n),
    communityId: garden,
    authorId: ann,
    authorKind: 'MEMBER',
    kind: 'QUESTION',
    promise: { firstResponse: { warnAt: new Date(Date.parse(due) - 3_600_000).toISOString(), dueAt: due }, ...more },
  });
const says = (id: string, postId: string, authorId: string, at: string, more: object = {}) =>
  step('CommentPublished', at, {
    commentId: id,
    postId,
    communityId: garden,
    authorId,
    authorKind: authorId === bot ? 'SERVICE' : 'MEMBER',
    postAuthorId: ann,
    replyToMemberId: ann,
    kind: 'ANSWER',
    ...more,
  });
const posts = (n: number, authorId: string, at: string, communityId = garden) =>
  step('PostPublished', at, { postId: question(n), communityId, authorId, authorKind: 'MEMBER', kind: 'DISCUSSION' });
const holds = (memberId: string, role: string, at: string, communityId = garden) =>
  step('RoleAssigned', at, { communityId, memberId, role });

type Window = { readonly from: Date; readonly to: Date };
const march = { from: new Date(on(1)), to: new Date(on(31)) };

const ask = async (key: string, window: Window = march, given: Scope = { communityId: garden }, until = window.to) => {
  const statistic = statisticOf(key) ?? expect.fail(`There is no ${key}.`);
  const asked = { scope: await openScope(tables.db, given), window, until };
  const computed = await statistic.compute(tables.db, asked);
  const counted = await countedEvents(tables.db, statistic, asked, { after: 0n, size: 100 });
  // What is shown of it is what was counted, each thing once.
  const shown = computed.numerator ?? computed.value;
  if (shown !== null) expect(counted).toHaveLength(shown);
  expect(new Set(counted.map(({ position }) => position)).size).toBe(counted.length);
  return { ...computed, streams: counted.map(({ stream }) => stream) };
};
const cellsOf = ({ cells }: Computed) => Object.fromEntries(cells.map(({ key, value }) => [key, value]));

describe('promise.keptRate', () => {
  test('counts what was kept of what is settled, by when replies were written', async () => {
    await tables.fill([
      ...people,
      asks(1, on(2), on(3)),
      // The last instant is in time, however late the event came to the log.
      says(answer(1), question(1), bob, on(3)),
      asks(2, on(2), on(3)),
      says(answer(2), question(2), bob, on(3, 1)),
      asks(3, on(2), on(3)),
      // Neither her own nor a machine's word is a response; nobody answered.
      says(answer(3), question(3), ann, on(2, 1)),
      says(answer(4), question(3), bot, on(2, 2)),
      asks(4, on(2), on(3)),
      // Kept stays kept when the reply is taken back.
      says(answer(5), question(4), bob, on(2, 5)),
      step('CommentRetracted', on(2, 6), { commentId: answer(5) }),
      asks(5, on(2), on(3)),
      step('PostRetracted', on(2, 7), { postId: question(5) }),
      asks(6, on(2), on(3)),
      step('PromiseRenegotiated', on(2, 8), {
        postId: question(6),
        communityId: garden,
        target: 'FIRST_RESPONSE',
        warnAt: on(4),
        dueAt: on(5),
      }),
      says(answer(6), question(6), bob, on(4, 12)),
      asks(7, on(30, 20), on(31, 12)),
      asks(8, on(30, 20), on(31, 0.5)),
    ]);
    const kept = await ask('promise.keptRate');
    expect(kept).toMatchObject({ value: 0.5, numerator: 2, denominator: 4 });
    expect(cellsOf(kept)).toEqual({ PENDING: 1, IMMINENT_BREACH: 1, CANCELLED: 1, renegotiated: 1 });
    expect(kept.streams).toEqual([`post-${question(1)}`, `post-${question(4)}`]);
  });

  test('leaves out what was no longer owed in time, whatever ended it, and what was restored is owed', async () => {
    const became = (type: 'PromiseCancelled' | 'PromiseLapsed' | 'PromiseRestored', n: number, at: string) =>
      step(type, at, { postId: question(n), communityId: garden, target: 'FIRST_RESPONSE', dueAt: on(3) });
    await tables.fill([
      ...people,
      asks(1, on(2), on(3)),
      became('PromiseCancelled', 1, on(2, 5)),
      // A reply that came when nothing was owed any more.
      says(answer(1), question(1), bob, on(2, 9)),
      asks(2, on(2), on(3)),
      became('PromiseLapsed', 2, on(4)),
      asks(3, on(2), on(3)),
      became('PromiseCancelled', 3, on(2, 5)),
      became('PromiseRestored', 3, on(2, 6)),
      says(answer(3), question(3), bob, on(2, 9)),
    ]);
    const kept = await ask('promise.keptRate');
    expect(kept).toMatchObject({ value: 0.5, numerator: 1, denominator: 2 });
    expect(cellsOf(kept).CANCELLED).toBe(1);
    expect((await ask('promise.backlog')).value).toBe(0);
  });

  test('looks no further than the window, and is about those asked in it', async () => {
    await tables.fill([...people, asks(1, on(2), on(3)), says(answer(1), question(1), bob, on(2, 20))]);
    const early = { from: new Date(on(1)), to: new Date(on(2, 12)) };
    expect(await ask('promise.keptRate', early)).toMatchObject({ value: null, numerator: 0, denominator: 0 });
    expect(cellsOf(await ask('promise.keptRate', early)).PENDING).toBe(1);
    const later = { from: new Date(on(3)), to: new Date(on(9)) };
    expect(await ask('promise.keptRate', later)).toMatchObject({ denominator: 0 });
    const elsewhere = await ask('promise.keptRate', march, { communityId: workshop });
    expect(elsewhere).toMatchObject({ denominator: 0 });
  });

  test('takes nothing for late that may still come: what is not in the log yet has not been missed', async () => {
    await tables.fill([...people, asks(1, on(2), on(3))]);
    const known = await ask('promise.keptRate', march, { communityId: garden }, new Date(on(2, 12)));
    expect([known.denominator, cellsOf(known).PENDING]).toEqual([0, 1]);
    expect((await ask('promise.keptRate')).denominator).toBe(1);
  });
});

test('promise.backlog is what is owed and past due at the end, whenever it was asked', async () => {
  await tables.fill([
    ...people,
    // Asked in February, never answered, and answered in March.
    asks(1, on(-5), on(-4)),
    asks(2, on(-5), on(-4)),
    says(answer(1), question(2), bob, on(5)),
    // Asked in March: answered in time, taken back, open and past due, open and in time.
    asks(3, on(2), on(3)),
    says(answer(2), question(3), cleo, on(2, 2)),
    asks(4, on(2), on(3)),
    step('PostRetracted', on(9), { postId: question(4) }),
    asks(5, on(2), on(3)),
    asks(6, on(30), on(31, 1)),
  ]);
  const backlog = await ask('promise.backlog');
  expect(backlog.value).toBe(2);
  expect(backlog.streams).toEqual([`post-${question(1)}`, `post-${question(5)}`]);
  expect(cellsOf(backlog)).toEqual({ opened: 4, closed: 3, closureRatio: 0.75 });
  expect(backlog.cells.at(-1)).toMatchObject({ numerator: 3, denominator: 4 });
});

test('response.acceptedRate is about the questions of the window, as they stood at its end', async () => {
  const accepts = (n: number, at: string) =>
    step('AnswerAccepted', at, {
      postId: question(n),
      communityId: garden,
      commentId: answer(n),
      answerAuthorId: bob,
      acceptedBy: ann,
    });
  await tables.fill([
    ...people,
    ...[1, 2, 3, 4].map((n) => asks(n, on(2), on(3))),
    posts(9, ann, on(2)),
    accepts(1, on(4)),
    accepts(2, on(4)),
    // The acceptance is the event before this one.
    step('AnswerUnaccepted', on(6), {
      postId: question(2),
      commentId: answer(2),
      acceptanceId: '0000000e-0000-4000-8000-00000000000c',
    }),
    accepts(3, on(31)),
  ]);
  const accepted = await ask('response.acceptedRate');
  expect(accepted).toMatchObject({ value: 0.25, numerator: 1, denominator: 4, streams: [`post-${question(1)}`] });
  const before = { from: march.from, to: new Date(on(5)) };
  expect(await ask('response.acceptedRate', before)).toMatchObject({ numerator: 2, denominator: 4 });
});

describe('leaders', () => {
  const history = [
    ...people,
    ...joins(garden, ann, bob, cleo, dan),
    step('CommunityFounded', on(-95), { communityId: garden, founderId: ann }),
    holds(bob, 'SPONSOR', on(10)),
    holds(cleo, 'CURATOR', on(-95)),
    holds(dan, 'FACILITATOR', on(-95)),
    posts(1, cleo, on(2)),
    // Ann leads all the time, Bob from the tenth on, Dan until the fifth.
    says(answer(1), question(1), ann, on(3), { postAuthorId: cleo, replyToMemberId: cleo }),
    posts(2, ann, on(4)),
    says(answer(2), question(2), ann, on(4, 1)),
    says(answer(3), question(1), bob, on(9), { postAuthorId: cleo, replyToMemberId: cleo }),
    says(answer(4), question(1), bob, on(11), { postAuthorId: cleo, replyToMemberId: cleo }),
    step('CommentRetracted', on(12), { commentId: answer(4) }),
    says(answer(5), question(1), dan, on(6), { postAuthorId: cleo, replyToMemberId: cleo }),
    step('RoleEnded', on(5), { assignmentId: '0000000e-0000-4000-8000-00000000000d' }),
  ];

  test('.presence are those who contributed while they led', async () => {
    await tables.fill(history);
    const presence = await ask('leaders.presence');
    expect(presence).toMatchObject({ value: 0.666667, numerator: 2, denominator: 3 });
    expect(presence.streams).toEqual([`comment-${answer(1)}`, `comment-${answer(4)}`]);
    const later = { from: new Date(on(20)), to: new Date(on(21)) };
    expect(await ask('leaders.presence', later)).toMatchObject({ value: 0, numerator: 0, denominator: 2 });
    expect(await ask('leaders.presence', march, { communityId: workshop })).toMatchObject({ value: null });
  });

  test('.dialogue are their replies to others, of what they said', async () => {
    await tables.fill(history);
    const dialogue = await ask('leaders.dialogue');
    expect(dialogue).toMatchObject({ numerator: 1, denominator: 4, streams: [`comment-${answer(1)}`] });
  });

  test('.example are those who do what is expected in every whole week, next to everybody', async () => {
    const weekly = idOf(5, 1);
    const reactions = idOf(5, 2);
    const expectation = (expectationId: string, measure: object | null, at = on(-90)) =>
      step('ExpectationStated', at, { communityId: garden, expectationId, measure });
    await tables.fill([
      ...people,
      ...joins(garden, ann, bob, cleo),
      step('CommunityFounded', on(-95), { communityId: garden, founderId: ann }),
      expectation(weekly, { of: 'POSTS', atLeast: 1, per: 'WEEK' }),
      expectation(reactions, { of: 'REACTIONS', atLeast: 1, per: 'MONTH' }),
      expectation(idOf(5, 3), null),
      expectation(idOf(5, 4), { of: 'ANSWERS', atLeast: 1, per: 'WEEK' }),
      step('ExpectationRetired', on(-30), { expectationId: idOf(5, 4) }),
      // The whole weeks from the first to the eighteenth are those of the second and the ninth.
      posts(1, ann, on(2)),
      posts(2, ann, on(15, 23)),
      posts(3, bob, on(3)),
      posts(4, bob, on(8, 23)),
      posts(5, cleo, on(8, 23)),
      posts(6, cleo, on(9)),
    ]);
    const window = { from: new Date(on(1)), to: new Date(on(18)) };
    const example = await ask('leaders.example', window);
    expect(example.cells).toEqual([
      { key: `${weekly}/leaders`, value: 1, numerator: 1, denominator: 1 },
      { key: `${weekly}/members`, value: 0.666667, numerator: 2, denominator: 3 },
      // No whole month lies in the window.
      { key: `${reactions}/leaders`, value: null, numerator: 0, denominator: 0 },
      { key: `${reactions}/members`, value: null, numerator: 0, denominator: 0 },
    ]);
    const month = { from: new Date(on(1)), to: new Date(Date.UTC(2026, 3, 1)) };
    expect((await ask('leaders.example', month)).cells.slice(2)).toMatchObject([
      { denominator: 1 },
      { denominator: 3 },
    ]);
  });
});

test('conversion ends with those who held a role after all steps before', async () => {
  const joined = (memberId: string) => step('MemberJoined', on(1), { communityId: garden, memberId });
  await tables.fill([
    ...people,
    ...[ann, bob, cleo].map(joined),
    ...[ann, bob].flatMap((author, who) => [1, 2, 3].map((n) => posts(10 * who + n, author, on(2, n)))),
    holds(ann, 'CURATOR', on(5)),
    holds(cleo, 'CURATOR', on(5)),
  ]);
  const { cells } = await ask('conversion');
  expect(cells.map(({ key, numerator, denominator }) => [key, numerator, denominator])).toEqual([
    ['joined', 3, 3],
    ['interacted', 2, 3],
    ['contributed', 2, 3],
    ['third', 2, 3],
    ['role', 1, 3],
  ]);
  const before = { from: march.from, to: new Date(on(5)) };
  expect((await ask('conversion', before)).cells.at(-1)).toMatchObject({ numerator: 0 });
});

describe('courage.funnel', () => {
  const member = (n: number) => idOf(5, n);
  const draft = (n: number) => question(100 + n);
  const drafts = (n: number, at: string, communityId = garden) =>
    step('PostDrafted', at, { draftId: draft(n), communityId, authorId: member(n), authorKind: 'MEMBER' });
  const asksForReview = (n: number, at: string) => step('ReviewRequested', at, { draftId: draft(n) });
  const publishes = (n: number, at: string, dueAt: string | null) =>
    step('PostPublished', at, {
      postId: draft(n),
      communityId: garden,
      authorId: member(n),
      authorKind: 'MEMBER',
      kind: 'QUESTION',
      ...(dueAt && { promise: { firstResponse: { warnAt: at, dueAt } } }),
    });
  const isAnswered = (n: number, at: string) => says(answer(100 + n), draft(n), ann, at, { postAuthorId: member(n) });
  const speaksAgain = (n: number, at: string) => posts(200 + n, member(n), at);
  const wholeMarch = { from: new Date(on(1)), to: new Date(on(32)) };
  const eachOf = (count: number, tell: (n: number) => Step) => Array.from({ length: count }, (_, n) => tell(n + 1));
  const inOrder = (...steps: readonly Step[]) =>
    [...steps].sort((a, b) => ('at' in a && 'at' in b ? String(a.at).localeCompare(String(b.at)) : 0));

  const history = [
    ...eachOf(9, (n) => drafts(n, on(2))),
    ...eachOf(8, (n) => asksForReview(n, on(3))),
    ...eachOf(7, (n) => publishes(n, on(4), on(6))),
    ...eachOf(6, (n) => isAnswered(n, on(5))),
    isAnswered(7, on(7)),
    ...eachOf(5, (n) => speaksAgain(n, on(9))),
  ];

  test('counts each step with those before it alone, and shows what came last', async () => {
    await tables.fill(inOrder(...history));
    const asked = await ask('courage.funnel', wholeMarch);
    expect(asked).toMatchObject({ numerator: 5, denominator: 9, value: 0.555556 });
    expect(cellsOf(asked)).toEqual({
      begun: 9,
      reviewAsked: 8,
      published: 7,
      repliedInTime: 6,
      contributedAgain: 5,
    });
    expect(asked.streams.every((stream) => stream.startsWith('post-'))).toBe(true);
  });

  test('leaves out whoever had contributed before, and whoever asked no mentor', async () => {
    await tables.fill(
      inOrder(
        ...history,
        posts(300, member(9), on(1, 1)),
        step('PostDrafted', on(2, 1), {
          draftId: draft(10),
          communityId: garden,
          authorId: member(10),
          authorKind: 'MEMBER',
        }),
      ),
    );
    expect(cellsOf(await ask('courage.funnel', wholeMarch))).toMatchObject({ begun: 9, reviewAsked: 8 });
  });

  test('takes whole months that have ended, and no part of one', async () => {
    await tables.fill(inOrder(...history));
    const cut = { from: new Date(on(1)), to: new Date(on(31)) };
    expect(cellsOf(await ask('courage.funnel', cut))).toMatchObject({ begun: 0, contributedAgain: 0 });
    const running = await ask('courage.funnel', wholeMarch, { communityId: garden }, new Date(on(20)));
    expect(cellsOf(running)).toMatchObject({ begun: 0 });
  });

  test('withholds what is about 1 to 4 people, and the next smallest with it, and never says zero for it', async () => {
    await tables.fill(
      inOrder(...history.filter((told) => !('at' in told && told.at === on(9))), speaksAgain(1, on(9))),
    );
    const { numerator, value, suppressed, cells } = await ask('courage.funnel', wholeMarch);
    expect({ numerator, value, suppressed }).toEqual({ numerator: null, value: null, suppressed: true });
    expect(cells.map((cell) => [cell.key, cell.value, cell.suppressed ?? false])).toEqual([
      ['begun', 9, false],
      ['reviewAsked', 8, false],
      ['published', 7, false],
      ['repliedInTime', null, true],
      ['contributedAgain', null, true],
    ]);
  });
});
