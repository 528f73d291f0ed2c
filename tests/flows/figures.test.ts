import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engagementFigures, engagementSeries } from '../../projections/engagement/figures.ts';
import { engagement } from '../../projections/engagement/index.ts';
import type { Scope } from '../../projections/engagement/scope.ts';
import { organisationTotals } from '../../projections/engagement/totals.ts';
import { tablesOf } from '../projections/folded-tables.ts';
import { DAY, differences, EMPTY_WEEK, type Expected, type ExpectedScope, weekOf } from './expected-figures.ts';
import { communityId, memberId, toldFrom } from './zulip-archive.ts';

const archives = process.env.PALABRE_ARCHIVES;
const folders = archives
  ? readdirSync(archives)
      .map((name) => join(archives, name))
      .filter((folder) => existsSync(join(folder, 'expected-statistics.json')))
  : [];

test.skipIf(folders.length > 0)('figures are not compared: PALABRE_ARCHIVES names no folder with archives', (context) =>
  context.skip(),
);

describe.each(folders)('the figures of the archive in %s', (folder) => {
  const expected = JSON.parse(readFileSync(join(folder, 'expected-statistics.json'), 'utf8')) as Expected;
  const scopes: readonly [string, Scope, ExpectedScope][] = [
    ['organisation', { organisation: true }, expected.organisation],
    ...expected.communities.map((community): [string, Scope, ExpectedScope] => [
      community.name,
      { communityId: communityId(community.id) },
      community,
    ]),
  ];
  const isThem = (contributor: { memberId: string }, user: { user_id: number }) =>
    contributor.memberId === memberId(user.user_id);
  const first = new Date(String(expected.organisation.all_time.first_message_at));
  const last = new Date(String(expected.organisation.all_time.last_message_at));
  const after = new Date(last.getTime() + 1);

  let tables: Awaited<ReturnType<typeof tablesOf<(typeof engagement)['tables']>>>;
  beforeAll(async () => {
    tables = await tablesOf(engagement);
    await tables.fill(await toldFrom(folder));
  }, 120_000);
  afterAll(() => tables[Symbol.asyncDispose]());

  test('the totals are those of an independent program', async () => {
    const { members, membersPosting, bots, systemBots, communities, topics, ...messages } = await organisationTotals(
      tables.db,
    );
    expect({
      members,
      members_posting: membersPosting,
      bots,
      system_bots: systemBots,
      communities,
      topics,
      messages_all: messages.messagesAll,
      messages: messages.messages,
      bot_messages: messages.botMessages,
    }).toEqual(expected.totals);
  });

  test('all time and the month are, in every scope', async () => {
    const from = new Date(`${expected.month}-01T00:00:00Z`);
    const to = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
    const found: string[] = [];
    for (const [name, scope, { all_time, month }] of scopes) {
      const all = await engagementFigures(tables.db, { scope, from: first, to: after });
      found.push(...differences(`${name}, all time`, all_time, all, isThem));
      const one = await engagementFigures(tables.db, { scope, from, to });
      found.push(...differences(`${name}, ${expected.month}`, month, one, isThem));
    }
    expect(found).toEqual([]);
  });

  test('every week is, in every scope, those without a message too', async () => {
    const found: string[] = [];
    for (const [name, scope, { weeks }] of scopes) {
      const rows = new Map(weeks.map((row) => [row.week, row]));
      for (let from = mondayOf(first); from < after; ) {
        const to = new Date(Math.min(from.getTime() + 500 * 7 * DAY, mondayOf(after).getTime() + 7 * DAY));
        for (const point of await engagementSeries(tables.db, { scope, from, to, bucket: 'WEEK' })) {
          const week = weekOf(point.from);
          found.push(...differences(`${name}, ${week}`, rows.get(week) ?? EMPTY_WEEK, point.figures, isThem));
          rows.delete(week);
        }
        from = to;
      }
      found.push(...[...rows.keys()].map((week) => `${name}: no point for ${week}`));
    }
    expect(found).toEqual([]);
  }, 120_000);
});

const mondayOf = (at: Date) => {
  const midnight = Math.floor(at.getTime() / DAY) * DAY;
  return new Date(midnight - ((at.getUTCDay() + 6) % 7) * DAY);
};
