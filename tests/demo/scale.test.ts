import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import { migrate } from '../../src/adapters/migrate.ts';
import { openPostgresLog } from '../../src/adapters/postgres-log/index.ts';
import { createCatalogue, storedData } from '../../src/core/catalogue.ts';
import type { EventLog } from '../../src/core/event-log.ts';
import { START } from '../../src/core/position.ts';
import { createQueue } from '../../src/demo/queue.ts';
import { seedScale } from '../../src/demo/scale.ts';
import { domainEvents } from '../../src/domain/index.ts';
import { freshDatabase } from '../support/database.ts';
import { memorySealing } from '../support/memory-keys.ts';

const size = { members: 60, posts: 300, seed: 3, anchor: new Date('2026-11-20T12:00:00.000Z') };

const tools = async (log?: EventLog) => {
  const sealing = await memorySealing();
  return { log: log ?? (await openMemoryLog()), catalogue: createCatalogue(domainEvents, sealing), sealing };
};

type Data = Readonly<Partial<Record<string, string>>>;

const everything = async (log: EventLog) => (await log.readAll({ after: START, limit: 100_000 })).events;
const ids = async (log: EventLog) => (await everything(log)).map(({ id }) => id);

describe('an organisation of any size', () => {
  test('has the members and posts that were asked for, about ten events a post, in the order of time', async () => {
    const all = await tools();
    const { events: count } = await seedScale(all, size);
    const events = await everything(all.log);
    expect(events).toHaveLength(count);
    const times = events.map(({ metadata }) => metadata.occurredAt);
    expect(times).toEqual([...times].sort());
    expect(times.at(-1)?.localeCompare(size.anchor.toISOString())).toBe(-1);
    expect(events.filter(({ type }) => type === 'MemberRegistered')).toHaveLength(60);
    expect(events.filter(({ type }) => type === 'PostPublished')).toHaveLength(300);
    expect(events.length / 300).toBeGreaterThan(7);
    expect(events.length / 300).toBeLessThan(14);
  });

  test('every event is as declared, and nothing happens to what is not there', async () => {
    const all = await tools();
    await seedScale(all, size);
    const [members, posts, comments] = [new Set<string>(), new Set<string>(), new Set<string>()];
    const wrong: string[] = [];
    for (const { type, data, stream } of await everything(all.log)) {
      const isDeclared = storedData(domainEvents[type as keyof typeof domainEvents]).safeParse(data).success;
      const { postId = '', commentId = '', parentId, communityId, memberId, authorId = memberId } = data as Data;
      const isSaid = ['PostPublished', 'CommentPublished', 'ReactionAdded'].includes(type);
      const isOnPost = ['CommentPublished', 'AnswerAccepted', 'ReactionAdded'].includes(type);
      const isPossible =
        (!isSaid || members.has(`${communityId} ${authorId}`)) &&
        (!isOnPost || posts.has(postId)) &&
        (type !== 'AnswerAccepted' || comments.has(commentId)) &&
        (!parentId || comments.has(parentId));
      if (!isDeclared || !isPossible) wrong.push(`${type} in ${stream}`);
      if (type === 'MemberJoined') members.add(`${communityId} ${memberId}`);
      if (type === 'PostPublished') posts.add(postId);
      if (type === 'CommentPublished') comments.add(commentId);
    }
    expect(wrong).toEqual([]);
    expect(comments.size).toBeGreaterThan(600);
  });

  test('goes on where it stopped, on another day, and then appends nothing', async () => {
    const whole = await tools();
    await seedScale(whole, size);
    await using database = await freshDatabase();
    await migrate(database);
    const log = await openPostgresLog(database);
    try {
      const cut = await tools(log);
      const stop = new AbortController();
      const first = await seedScale(cut, { ...size, signal: stop.signal, onProgress: () => stop.abort() });
      expect(first).toMatchObject({ status: 'interrupted', stored: 2_000 });
      const second = await seedScale(cut, { ...size, anchor: new Date() });
      expect(second.stored).toBe(second.events - 2_000);
      expect(await ids(log)).toEqual(await ids(whole.log));
      expect(await seedScale(cut, size)).toMatchObject({ status: 'made', stored: 0 });
      expect(await ids(log)).toHaveLength(second.events);
    } finally {
      await log.close();
    }
  });

  test('of another seed stands beside it', async () => {
    const all = await tools();
    const { events: first } = await seedScale(all, size);
    const { stored } = await seedScale(all, { ...size, seed: 4 });
    expect(await everything(all.log)).toHaveLength(first + stored);
  });
});

test('a queue gives the earliest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const queue = createQueue<{ at: number }>();
      for (const at of numbers) queue.add({ at });
      expect(numbers.map(() => queue.take()?.at)).toEqual([...numbers].sort((a, b) => a - b));
      expect(queue.take()).toBeUndefined();
    }),
  );
});
