import { describe, expect, test } from 'vitest';
import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import { createCatalogue } from '../../src/core/catalogue.ts';
import type { StoredEvent } from '../../src/core/event.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import { START } from '../../src/core/position.ts';
import { DEMO_MEMBER_HANDLE, seedDemo } from '../../src/demo/index.ts';
import { domainEvents } from '../../src/domain/index.ts';
import { promises } from '../../src/processes/promises.ts';
import { freshDatabase } from '../support/database.ts';
import { memorySealing } from '../support/memory-keys.ts';

const anchor = new Date('2026-11-20T12:00:00.000Z');

const tools = async (log?: EventLog) => {
  const sealing = await memorySealing();
  return { log: log ?? (await openMemoryLog()), catalogue: createCatalogue(domainEvents, sealing), sealing };
};

const everything = async (log: EventLog): Promise<StoredEvent[]> => [
  ...(await log.readAll({ after: START, limit: 100_000 })).events,
];

const clear = ({ id, type, stream, revision, metadata: { occurredAt }, data }: StoredEvent) => {
  const { sealed: _, ...rest } = data as { sealed?: unknown };
  return { id, type, stream, revision, occurredAt, rest };
};

const count = (events: readonly StoredEvent[], type: string) => events.filter((event) => event.type === type).length;

/** One whole history, for those who only look at it. */
const whole = tools().then(async (all) => {
  await seedDemo(all, { anchor });
  return all;
});

describe('the demo organisation', () => {
  test('it is written to Postgres in seconds, in the order of time, and ends at the anchor', async () => {
    await using database = await freshDatabase();
    await migrate(database);
    const log = await openPostgresLog(database);
    try {
      const all = await tools(log);
      const began = performance.now();
      expect(await seedDemo(all, { anchor })).toMatchObject({ status: 'made' });
      expect(performance.now() - began).toBeLessThan(25_000);
      const events = await everything(log);
      const times = events.map(({ metadata }) => metadata.occurredAt);
      expect(times).toEqual([...times].sort());
      expect(times.at(0)).toBe('2025-05-21T12:00:00.000Z');
      expect(times.at(-1)?.slice(0, 10)).toMatch(/^2026-11-(19|20)$/);
      expect(times.at(-1)?.localeCompare(anchor.toISOString())).toBe(-1);
      expect(events.length).toBeGreaterThan(2_500);
      expect(events.length).toBeLessThan(5_000);
      expect(new Set(events.map(({ metadata }) => metadata.source))).toEqual(new Set(['SEED']));
      expect(await seedDemo(all)).toMatchObject({ status: 'present' });
    } finally {
      await log.close();
    }
  });

  test('it has the people, communities and habits of a living one', async () => {
    const all = await whole;
    const events = await everything(all.log);
    expect(count(events, 'MemberRegistered')).toBe(150);
    expect(count(events, 'ServiceAccountRegistered')).toBe(1);
    expect(count(events, 'CommunityFounded')).toBe(8);
    for (const type of [
      'PostEdited',
      'PostRetracted',
      'CommentEdited',
      'CommentRetracted',
      'AnswerAccepted',
      'MemberLeft',
      'BreachBecameImminent',
      'PromiseBreached',
      'PromiseKept',
      'PromiseFulfilledLate',
      'PromiseCancelled',
      'PromiseRenegotiated',
      'EarlyAccessOpened',
      'EarlyAccessWithdrawn',
    ])
      expect(count(events, type), type).toBeGreaterThan(0);
    const hidden = events.filter(({ data }) => (data as { visibility?: string }).visibility === 'PRIVATE');
    expect(hidden).toHaveLength(1);
    expect(count(events, 'InvitationSent')).toBeGreaterThan(3);
  });

  test('most questions are answered by somebody else within days, and some never are', async () => {
    const all = await whole;
    const events = await everything(all.log);
    const firstAnswers = new Map<string, number>();
    const questions = new Map<string, { author: string; at: number }>();
    for (const { type, data, metadata } of events) {
      const { postId, kind, authorId } = data as { postId: string; kind?: string; authorId: string };
      const at = Date.parse(metadata.occurredAt);
      if (type === 'PostPublished' && kind === 'QUESTION') questions.set(postId, { author: authorId, at });
      const asked = questions.get(postId);
      if (type !== 'CommentPublished' || kind !== 'ANSWER' || !asked || firstAnswers.has(postId)) continue;
      expect(authorId).not.toBe(asked.author);
      firstAnswers.set(postId, at - asked.at);
    }
    const hours = [...firstAnswers.values()].map((delay) => delay / 3_600_000).sort((a, b) => a - b);
    const answered = hours.length / questions.size;
    expect(answered).toBeGreaterThan(0.8);
    expect(answered).toBeLessThan(0.98);
    expect(hours[Math.floor(hours.length / 2)]).toBeLessThan(24);
    expect(hours.at(-1)).toBeGreaterThan(48);
  });

  test('its promises became what a process would have made of them, and none is left waiting', async () => {
    const all = await whole;
    const running = new Map<string, string>();
    for (const stored of await everything(all.log)) {
      const event = all.catalogue.read(stored);
      for (const change of (event && promises.timers?.[event.type]?.(event.data as never, event)) ?? []) {
        if (change.op === 'set') running.set(change.name, change.dueAt);
        else if (change.op === 'stop') running.delete(change.name);
      }
    }
    const passed = [...running].filter(([, dueAt]) => Date.parse(dueAt) < anchor.getTime() - 60_000);
    expect(passed).toEqual([]);
    expect([...running.keys()].filter((name) => name.endsWith('FIRST_RESPONSE'))).toEqual([]);
  });

  test('newcomers draft and are read before they ask; one draft waits for a mentor, and one for its time', async () => {
    const events = await everything((await whole).log);
    const drafts = new Map<string, string[]>();
    const spoke = new Set<string>();
    for (const { type, data } of events) {
      const { draftId, authorId, postId, fromDraft } = data as Record<string, string>;
      if (type === 'PostDrafted') expect(spoke).not.toContain(authorId);
      if (type === 'PostPublished' && fromDraft) drafts.get(postId ?? '')?.push(type);
      if (type === 'CommentPublished' || type === 'PostPublished') spoke.add(authorId ?? '');
      if (draftId) drafts.set(draftId, [...(drafts.get(draftId) ?? []), type]);
    }
    const ways = [...drafts.values()].map((way) => way.join(' '));
    const read = 'PostDrafted ReviewRequested ReviewAccepted ReviewTaken FeedbackGiven';
    const asked = `${read} DraftRevised PostPublished DraftPublished`;
    expect(ways.filter((way) => way === asked)).toHaveLength(6);
    expect(ways.filter((way) => way !== asked).sort()).toEqual(
      ['PostDrafted', 'PostDrafted PostScheduled', 'PostDrafted ReviewRequested', read].sort(),
    );
    const due = events.find(({ type }) => type === 'PostScheduled')?.data as { at: string };
    expect(Date.parse(due.at)).toBeGreaterThan(anchor.getTime());
    expect(count(events, 'NewcomerWelcomed')).toBe(6);
  });

  test('what people say has no gaps, and nobody’s words stand in clear', async () => {
    const all = await whole;
    const events = await everything(all.log);
    const texts: string[] = [];
    for (const event of events) {
      const { sealed } = (all.catalogue.read(event)?.data ?? {}) as { sealed?: never };
      if (!sealed) continue;
      const opened = await all.sealing.open(sealed);
      const values = opened.erased ? [] : Object.values(opened.value);
      texts.push(...values.filter((value) => typeof value === 'string'));
    }
    expect(texts.filter((text) => /[{}]|undefined/.test(text))).toEqual([]);
    expect(texts).toContain(DEMO_MEMBER_HANDLE);
    expect(JSON.stringify(events.map(({ data }) => data))).not.toContain('almorin');
  });

  test('the same seed tells the same story, another seed another', async () => {
    const [again, other] = await Promise.all([tools(), tools()]);
    await seedDemo(again, { anchor });
    await seedDemo(other, { anchor, seed: 6 });
    const story = (await everything((await whole).log)).map(clear);
    // Hashes are made with a key of the deployment; here both have the same.
    expect((await everything(again.log)).map(clear)).toEqual(story);
    expect((await everything(other.log)).map(clear)).not.toEqual(story);
  });

  test('an interrupted history goes on where it stopped, even on another day', async () => {
    const { log } = await whole;
    const cut = await tools();
    const stop = new AbortController();
    const interrupted = await seedDemo(cut, {
      anchor,
      signal: stop.signal,
      onProgress: ({ done }) => done > 1_500 && stop.abort(),
    });
    expect(interrupted.status).toBe('interrupted');
    expect((await everything(cut.log)).length).toBeLessThan((await everything(log)).length);
    const later = new Date(anchor.getTime() + 3 * 24 * 3_600_000);
    expect(await seedDemo(cut, { anchor: later })).toMatchObject({ status: 'made' });
    expect((await everything(cut.log)).map(clear)).toEqual((await everything(log)).map(clear));
  });

  test('a log that holds something else is left alone', async () => {
    const all = await whole;
    const before = (await everything(all.log)).length;
    expect(await seedDemo(all, { anchor, seed: 2 })).toEqual({ status: 'foreign', commands: 0 });
    expect((await everything(all.log)).length).toBe(before);
  });
});
