import { describe, expect, test } from 'vitest';
import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import { createCatalogue } from '../../src/core/catalogue.ts';
import type { Principal } from '../../src/core/decider.ts';
import type { AppendRequest, EventLog } from '../../src/core/event-log.ts';
import { createExecute, type ExecuteTools, OutcomeUnknown } from '../../src/core/execute.ts';
import { derivedId } from '../../src/core/ids.ts';
import { START } from '../../src/core/position.ts';
import { Conflict, Rejection } from '../../src/core/rejection.ts';
import { acceptAnswer } from '../../src/domain/answer.ts';
import { abandonment, claims } from '../../src/domain/claim.ts';
import { publishComment } from '../../src/domain/comment.ts';
import { foundCommunity } from '../../src/domain/founding.ts';
import { domainEvents } from '../../src/domain/index.ts';
import { changeProfile, registerMember } from '../../src/domain/member.ts';
import { joinCommunity, leaveCommunity, membershipId } from '../../src/domain/membership.ts';
import { editPost, retractPost } from '../../src/domain/post.ts';
import { publishPost } from '../../src/domain/publishing.ts';
import { addReaction, removeReaction } from '../../src/domain/reaction.ts';
import { archiveCommunity, describeCommunity, renameCommunity, reopenCommunity } from '../../src/domain/steering.ts';
import { memorySealing } from '../support/memory-keys.ts';

const person = (name: string): Principal => ({ memberId: derivedId('test', name), kind: 'MEMBER', isAdmin: false });
const [ada, bao, chloe] = [person('ada'), person('bao'), person('chloe')] as [Principal, Principal, Principal];
const garden = { name: 'Garden', slug: 'garden' };
const words = { kind: 'DISCUSSION', title: 'Spades', body: 'Which one?' } as const;

/** An execute of one process on a log that several may share. */
const process = async (more: Partial<ExecuteTools> = {}) => {
  const log = more.log ?? (await openMemoryLog());
  const sealing = more.sealing ?? (await memorySealing());
  const catalogue = createCatalogue(domainEvents, sealing);
  const aggregates = { aggregates: claims, abandonment };
  return { log, sealing, execute: createExecute({ log, sealing, catalogue, claims: aggregates, ...more }) };
};

const stored = async (log: EventLog) => (await log.readAll({ after: START, limit: 1_000 })).events;
const typesIn = async (log: EventLog, stream: string) => (await log.readStream(stream)).map(({ type }) => type);

/** A log that does something else with some appends. */
const tampered = (
  log: EventLog,
  instead: (request: AppendRequest, append: EventLog['append']) => unknown,
): EventLog => ({
  ...log,
  append: async ([request, ...others]) => {
    if (!request || others.length > 0) throw new Error('One append at a time is expected here.');
    const outcome = await instead(request, log.append);
    return (outcome ? [outcome] : log.append([request])) as never;
  },
});

/** A process that dies instead of appending to such a stream. */
class Killed extends Error {}
const killedAt = (log: EventLog, category: string) =>
  tampered(log, ({ stream }) => {
    if (stream.startsWith(category)) throw new Killed();
  });

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a command sent twice', () => {
  test('publishes once and answers the same', async () => {
    const { log, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const publish = () => execute(publishPost, { communityId, ...words }, { actor: ada, idempotencyKey: 'k' });
    const first = await publish();
    expect(await publish()).toEqual({ ...first, repeated: true });
    expect(await typesIn(log, `post-${first.id}`)).toEqual(['PostPublished']);
  });

  test('twenty times at once is the same', async () => {
    const { log, execute } = await process();
    const found = () => execute(foundCommunity, garden, { actor: ada, idempotencyKey: 'k' });
    const answers = await Promise.all(Array.from({ length: 20 }, found));
    expect(
      new Set(answers.map(({ id, revision, events, last }) => `${id} ${revision} ${events} ${last?.eventId}`)).size,
    ).toBe(1);
    expect((await stored(log)).map(({ type }) => type).sort()).toEqual([
      'CommunityFounded',
      'KeyClaimed',
      'MemberJoined',
    ]);
  });

  test('from two processes at once as well', async () => {
    const one = await process();
    const two = await process({ log: one.log, sealing: one.sealing });
    const { id: communityId } = await one.execute(foundCommunity, garden, { actor: ada });
    const options = { actor: bao, idempotencyKey: 'k' };
    const answers = await Promise.all(
      [one, two, one, two].map(({ execute }) => execute(joinCommunity, { communityId }, options)),
    );
    expect(new Set(answers.map(({ last }) => last?.eventId)).size).toBe(1);
    expect(await typesIn(one.log, `membership-${membershipId(communityId, bao.memberId)}`)).toEqual(['MemberJoined']);
  });

  test('answers the first result even where a rule would now say no, or nothing is left to do', async () => {
    const { execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const publish = () => execute(publishPost, { communityId, ...words }, { actor: ada, idempotencyKey: 'p' });
    const { id: postId, last } = await publish();
    const edit = () => execute(editPost, { postId, title: 'T', body: 'B' }, { actor: ada, idempotencyKey: 'e' });
    const edited = await edit();
    await execute(retractPost, { postId }, { actor: ada });
    expect(await edit()).toEqual({ ...edited, repeated: true });
    await execute(archiveCommunity, { communityId }, { actor: ada });
    expect(await publish()).toMatchObject({ id: postId, last, repeated: true });
  });

  test('with an answer that was taken off since, does not put it on again', async () => {
    const { log, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const { id: postId } = await execute(publishPost, { communityId, ...words }, { actor: ada });
    const like = { targetId: postId, targetType: 'POST', kind: 'heart' } as const;
    const add = () => execute(addReaction, like, { actor: ada, idempotencyKey: 'k' });
    const first = await add();
    await execute(removeReaction, like, { actor: ada });
    expect(await add()).toEqual({ ...first, repeated: true });
    expect(await typesIn(log, `reaction-${postId}-${ada.memberId}`)).toEqual(['ReactionAdded', 'ReactionRemoved']);
  });

  test('with another input is refused, and claims nothing', async () => {
    const { log, execute } = await process();
    const options = { actor: ada, idempotencyKey: 'k' };
    const { id: communityId } = await execute(foundCommunity, garden, options);
    await expect(execute(foundCommunity, { ...garden, slug: 'orchard' }, options)).rejects.toEqual(
      code('IDEMPOTENCY_KEY_REUSED'),
    );
    expect(await typesIn(log, 'slug-orchard')).toEqual([]);
    const describe = (description: string) => execute(describeCommunity, { communityId, description }, options);
    await describe('One');
    await expect(describe('Two')).rejects.toEqual(code('IDEMPOTENCY_KEY_REUSED'));
    const publish = (title: string) => execute(publishPost, { communityId, ...words, title }, options);
    await publish('One');
    await expect(publish('Two')).rejects.toEqual(
      expect.objectContaining({ code: 'IDEMPOTENCY_KEY_REUSED', path: ['idempotencyKey'] }),
    );
  });

  test('by two people under the same key is two commands', async () => {
    const { execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    await execute(joinCommunity, { communityId }, { actor: bao });
    const publish = (actor: Principal) =>
      execute(publishPost, { communityId, ...words }, { actor, idempotencyKey: 'k' });
    expect((await publish(ada)).id).not.toBe((await publish(bao)).id);
  });

  test('without a key is two commands', async () => {
    const { execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const publish = () => execute(publishPost, { communityId, ...words }, { actor: ada });
    expect((await publish()).id).not.toBe((await publish()).id);
  });

  test('a rejection is not remembered', async () => {
    const { execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const publish = () => execute(publishPost, { communityId, ...words }, { actor: bao, idempotencyKey: 'k' });
    await expect(publish()).rejects.toEqual(code('NOT_A_MEMBER'));
    await execute(joinCommunity, { communityId }, { actor: bao });
    expect(await publish()).toMatchObject({ repeated: false });
  });

  test('is the same whatever the order of its fields and the defaults that it leaves out', async () => {
    const { execute } = await process();
    const options = { actor: ada, idempotencyKey: 'k' };
    const first = await execute(foundCommunity, garden, options);
    const again = {
      visibility: 'PUBLIC',
      description: '',
      slug: 'garden',
      joinPolicy: 'OPEN',
      name: 'Garden',
    } as const;
    expect(await execute(foundCommunity, again, options)).toEqual({ ...first, repeated: true });
  });
});

describe('a founding', () => {
  test('that died between claim and community is made whole by its repeat', async () => {
    const { log, sealing, execute } = await process();
    const dying = await process({ log: killedAt(log, 'community-'), sealing });
    const options = { actor: ada, idempotencyKey: 'k' };
    await expect(dying.execute(foundCommunity, garden, options)).rejects.toBeInstanceOf(Killed);
    expect(await typesIn(log, 'slug-garden')).toEqual(['KeyClaimed']);
    const { id } = await execute(foundCommunity, garden, options);
    expect(await typesIn(log, 'slug-garden')).toEqual(['KeyClaimed']);
    expect(await typesIn(log, `community-${id}`)).toEqual(['CommunityFounded']);
    expect(await typesIn(log, `membership-${membershipId(id, ada.memberId)}`)).toEqual(['MemberJoined']);
  });

  test('that died before its founder was a member is made whole by its repeat', async () => {
    const { log, sealing, execute } = await process();
    const dying = await process({ log: killedAt(log, 'membership-'), sealing });
    const options = { actor: ada, idempotencyKey: 'k' };
    await expect(dying.execute(foundCommunity, garden, options)).rejects.toBeInstanceOf(Killed);
    const { id, last } = await execute(foundCommunity, garden, options);
    const [joined] = await log.readStream(`membership-${membershipId(id, ada.memberId)}`);
    expect(joined?.type).toBe('MemberJoined');
    expect(last?.eventId).toBe(joined?.id);
  });

  test('that was given up frees its slug after a minute, and can no longer happen', async () => {
    const { log, sealing, execute } = await process();
    const dying = await process({ log: killedAt(log, 'community-'), sealing });
    const options = { actor: ada, idempotencyKey: 'k' };
    await expect(dying.execute(foundCommunity, garden, options)).rejects.toBeInstanceOf(Killed);
    await expect(execute(foundCommunity, garden, { actor: bao })).rejects.toEqual(code('SLUG_TAKEN'));

    const later = await process({ log, sealing, clock: () => new Date(Date.now() + 61_000).toISOString() });
    const { id } = await later.execute(foundCommunity, garden, { actor: bao });
    expect(await typesIn(log, `community-${id}`)).toEqual(['CommunityFounded']);
    await expect(execute(foundCommunity, garden, options)).rejects.toEqual(code('SLUG_TAKEN'));
    expect((await stored(log)).filter(({ type }) => type === 'CommunityFounded')).toHaveLength(1);
  });

  test('that was given up by one who died before claiming the slug does not lock it for ever', async () => {
    const { log, sealing } = await process();
    const dying = await process({ log: killedAt(log, 'community-'), sealing });
    await expect(dying.execute(foundCommunity, garden, { actor: ada })).rejects.toBeInstanceOf(Killed);
    const clock = () => new Date(Date.now() + 61_000).toISOString();
    let isAbandoned = false;
    const closing = tampered(log, async ({ stream, events }) => {
      if (isAbandoned && stream.startsWith('slug-')) throw new Killed();
      isAbandoned ||= events[0]?.type === 'FoundingAbandoned';
    });
    const second = await process({ log: closing, sealing, clock });
    await expect(second.execute(foundCommunity, garden, { actor: bao })).rejects.toBeInstanceOf(Killed);
    const third = await process({ log, sealing, clock });
    await expect(third.execute(foundCommunity, garden, { actor: chloe })).resolves.toMatchObject({ events: 1 });
  });

  test('of twenty for one slug, one succeeds', async () => {
    const { log, execute } = await process();
    const founders = Array.from({ length: 20 }, (_, n) => execute(foundCommunity, garden, { actor: person(`${n}`) }));
    const settled = await Promise.allSettled(founders);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(reasons).toEqual(reasons.map(() => code('SLUG_TAKEN')));
    expect((await stored(log)).filter(({ type }) => type === 'CommunityFounded')).toHaveLength(1);
  });
});

describe('a slug', () => {
  const orchard = (communityId: string) => ({ communityId, name: 'Orchard', slug: 'orchard' });

  test('is claimed again by a reopening, which another owner makes impossible', async () => {
    const { log, sealing, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    await execute(archiveCommunity, { communityId }, { actor: ada });
    const reopen = { communityId, reason: 'We go on.' };
    const options = { actor: ada, idempotencyKey: 'r' };
    const dying = await process({ log: killedAt(log, 'community-'), sealing });
    await expect(dying.execute(reopenCommunity, reopen, options)).rejects.toBeInstanceOf(Killed);
    // The reopening may still be under way: its claim holds, and its repeat goes through.
    await expect(execute(foundCommunity, garden, { actor: bao })).rejects.toEqual(code('SLUG_TAKEN'));
    await expect(execute(reopenCommunity, reopen, options)).resolves.toMatchObject({ events: 1 });
    await expect(execute(foundCommunity, garden, { actor: bao })).rejects.toEqual(code('SLUG_TAKEN'));

    await execute(archiveCommunity, { communityId }, { actor: ada });
    await execute(foundCommunity, garden, { actor: bao });
    await expect(execute(reopenCommunity, reopen, { actor: ada })).rejects.toEqual(code('SLUG_TAKEN'));
    await expect(execute(reopenCommunity, { ...reopen, slug: 'orchard' }, { actor: ada })).resolves.toMatchObject({
      events: 1,
    });
  });

  test('that a reopening claimed and never took is free after a minute', async () => {
    const { log, sealing, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    await execute(archiveCommunity, { communityId }, { actor: ada });
    const dying = await process({ log: killedAt(log, 'community-'), sealing });
    const reopen = { communityId, reason: 'We go on.' };
    await expect(dying.execute(reopenCommunity, reopen, { actor: ada })).rejects.toBeInstanceOf(Killed);
    const later = await process({ log, sealing, clock: () => new Date(Date.now() + 61_000).toISOString() });
    await expect(later.execute(foundCommunity, garden, { actor: bao })).resolves.toMatchObject({ events: 1 });
    await expect(execute(reopenCommunity, reopen, { actor: ada })).rejects.toEqual(code('SLUG_TAKEN'));
  });

  test('is freed by a rename and by an archiving', async () => {
    const { execute } = await process();
    const { id: first } = await execute(foundCommunity, garden, { actor: ada });
    await execute(renameCommunity, orchard(first), { actor: ada });
    const { id: second } = await execute(foundCommunity, garden, { actor: bao });
    await execute(archiveCommunity, { communityId: second }, { actor: bao });
    await expect(execute(foundCommunity, garden, { actor: chloe })).resolves.toMatchObject({ events: 1 });
    await expect(execute(foundCommunity, { ...garden, slug: 'orchard' }, { actor: chloe })).rejects.toEqual(
      code('SLUG_TAKEN'),
    );
  });

  test('whose release was cut off is released by the repeat of the rename', async () => {
    const { log, sealing, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const options = { actor: ada, idempotencyKey: 'k' };
    const dying = await process({ log: killedAt(log, 'slug-garden'), sealing });
    await expect(dying.execute(renameCommunity, orchard(communityId), options)).rejects.toBeInstanceOf(Killed);
    expect(await typesIn(log, 'slug-garden')).toEqual(['KeyClaimed']);
    await execute(renameCommunity, orchard(communityId), options);
    expect(await typesIn(log, 'slug-garden')).toEqual(['KeyClaimed', 'KeyReleased']);
  });

  test('of an archived community is free even where its release was cut off', async () => {
    const { log, sealing, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const dying = await process({ log: killedAt(log, 'slug-'), sealing });
    await expect(dying.execute(archiveCommunity, { communityId }, { actor: ada })).rejects.toBeInstanceOf(Killed);
    await expect(execute(foundCommunity, garden, { actor: bao })).resolves.toMatchObject({ events: 1 });
  });

  test('taken back while the first rename was still to release it stays with its community', async () => {
    const { log, sealing, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const back = () => execute(renameCommunity, { communityId, ...garden }, { actor: ada });
    const slow = tampered(log, async ({ stream, events }) => {
      if (stream === 'slug-garden' && events[0]?.type === 'KeyReleased') await back();
    });
    const other = await process({ log: slow, sealing });
    await other.execute(renameCommunity, orchard(communityId), { actor: ada });
    await expect(execute(foundCommunity, garden, { actor: bao })).rejects.toEqual(code('SLUG_TAKEN'));
    await expect(execute(foundCommunity, { ...garden, slug: 'orchard' }, { actor: bao })).resolves.toMatchObject({
      events: 1,
    });
  });

  test('of a rename that a rule forbids is not claimed', async () => {
    const { log, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    await expect(execute(renameCommunity, orchard(communityId), { actor: bao })).rejects.toEqual(code('NOT_ALLOWED'));
    expect(await typesIn(log, 'slug-orchard')).toEqual([]);
  });
});

describe('two processes on one log', () => {
  test('a no from a memory that is out of date is decided again', async () => {
    const one = await process();
    const two = await process({ log: one.log, sealing: one.sealing });
    const { id: communityId } = await one.execute(foundCommunity, garden, { actor: ada });
    const publish = () => two.execute(publishPost, { communityId, ...words }, { actor: bao });
    await expect(publish()).rejects.toEqual(code('NOT_A_MEMBER'));
    await one.execute(joinCommunity, { communityId }, { actor: bao });
    await expect(publish()).resolves.toMatchObject({ events: 1 });
  });

  test('“it is so already” is never said from memory either', async () => {
    const one = await process();
    const two = await process({ log: one.log, sealing: one.sealing });
    const { id: communityId } = await one.execute(foundCommunity, garden, { actor: ada });
    await two.execute(joinCommunity, { communityId }, { actor: bao });
    await one.execute(leaveCommunity, { communityId }, { actor: bao });
    expect(await two.execute(joinCommunity, { communityId }, { actor: bao })).toMatchObject({ events: 1, revision: 2 });
  });

  test('a race for one stream is decided again by the one who lost it', async () => {
    const one = await process();
    const two = await process({ log: one.log, sealing: one.sealing });
    const { id: communityId } = await one.execute(foundCommunity, garden, { actor: ada });
    const describe = (n: number) =>
      (n % 2 ? one : two).execute(describeCommunity, { communityId, description: `${n}` }, { actor: ada });
    await describe(0);
    await describe(1);
    const answers = await Promise.all([2, 3].map(describe));
    expect(answers.map(({ revision }) => revision).sort()).toEqual([3, 4]);
  });

  test('a stream that never stands still ends in a conflict', async () => {
    const { log, sealing, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    let n = 0;
    const restless = tampered(log, async ({ stream }) => {
      n += 1;
      if (stream.startsWith('community-'))
        await execute(describeCommunity, { communityId, description: `${n}` }, { actor: ada });
    });
    const other = await process({ log: restless, sealing });
    const wish = other.execute(describeCommunity, { communityId, description: 'Mine' }, { actor: ada });
    await expect(wish).rejects.toBeInstanceOf(Conflict);
    expect(n).toBe(5);
  });
});

describe('an expected revision', () => {
  test('that the stream has left is a conflict, and a memory that lags is not', async () => {
    const one = await process();
    const two = await process({ log: one.log, sealing: one.sealing });
    const { id: communityId } = await one.execute(foundCommunity, garden, { actor: ada });
    const describe = (by: typeof one, expectedRevision: number) =>
      by.execute(describeCommunity, { communityId, description: `${Math.random()}` }, { actor: ada, expectedRevision });
    await describe(one, 0);
    await describe(two, 1);
    await expect(describe(one, 2)).resolves.toMatchObject({ revision: 3 });
    await expect(describe(two, 2)).rejects.toEqual(code('REVISION_CONFLICT'));
  });
});

describe('an append without an answer', () => {
  const unknown = { status: 'unknown', message: 'The line went dead.' } as const;

  test('is repeated as it was until the answer comes', async () => {
    const log = await openMemoryLog();
    const seen: AppendRequest[] = [];
    const flaky = tampered(log, async (request, append) => {
      seen.push(request);
      if (seen.length === 1) await append([request]);
      return seen.length < 3 ? unknown : undefined;
    });
    const { execute } = await process({ log: flaky });
    await execute(
      registerMember,
      { memberId: ada.memberId, name: 'Ada', handle: 'ada', email: null, login: null },
      { actor: ada },
    );
    expect(seen[1]).toBe(seen[0]);
    expect(seen[2]).toBe(seen[0]);
    expect((await stored(log)).map(({ type }) => type)).toEqual(['KeyClaimed', 'MemberRegistered']);
  });

  test('that never comes ends in OUTCOME_UNKNOWN, and the same key then settles it', async () => {
    const { log, sealing, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const dead = tampered(log, async (request, append) => {
      await append([request]);
      return unknown;
    });
    const other = await process({ log: dead, sealing, patienceMs: 120 });
    const publish = (by: typeof other) =>
      by.execute(publishPost, { communityId, ...words }, { actor: ada, idempotencyKey: 'k' });
    await expect(publish(other)).rejects.toBeInstanceOf(OutcomeUnknown);
    const { id, repeated } = await publish({ log, sealing, execute });
    expect(repeated).toBe(true);
    expect(await typesIn(log, `post-${id}`)).toEqual(['PostPublished']);
  });
});

describe('what cannot be stored', () => {
  test('a NUL or half a surrogate pair is refused before anything is sealed, with its place', async () => {
    const { log, execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    for (const bad of ['a\0b', 'half \ud83d a pair']) {
      const wish = execute(publishPost, { communityId, ...words, body: bad }, { actor: ada });
      await expect(wish).rejects.toEqual(expect.objectContaining({ code: 'TEXT_NOT_STORABLE', path: ['body'] }));
    }
    await expect(
      execute(publishPost, { communityId, ...words, body: 'whole 😀' }, { actor: ada }),
    ).resolves.toBeDefined();
    expect((await stored(log)).filter(({ type }) => type === 'PostPublished')).toHaveLength(1);
  });

  test('an input that its schema does not allow is rejected with everything that is wrong', async () => {
    const { execute } = await process();
    const wish = execute(foundCommunity, { name: '', slug: 'No Slug' }, { actor: ada });
    const error = await wish.catch((thrown: Rejection) => thrown);
    expect(error).toBeInstanceOf(Rejection);
    expect([error, ...(error as Rejection).others]).toMatchObject([
      { code: 'INVALID_INPUT', path: ['name'] },
      { code: 'INVALID_INPUT', path: ['slug'] },
    ]);
  });

  test('a text that grows too large when sealed is refused by the log’s own code', async () => {
    const { execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    const body = '\u0001'.repeat(39_998);
    await expect(execute(publishPost, { communityId, ...words, body: `x${body}x` }, { actor: ada })).rejects.toEqual(
      code('EVENT_TOO_LARGE'),
    );
  });
});

describe('what an event says of itself', () => {
  test('who, when, why and by which command; a seed may date back', async () => {
    const { log, execute } = await process({ clock: () => '2026-01-02T03:04:05.678Z' });
    const { id, commandId } = await execute(foundCommunity, garden, { actor: ada, correlationId: 'story' });
    const [founded] = await log.readStream(`community-${id}`);
    expect(founded?.metadata).toMatchObject({
      actor: ada.memberId,
      occurredAt: '2026-01-02T03:04:05.678Z',
      commandId,
      correlationId: 'story',
      causationId: commandId,
      source: 'NATIVE',
    });
    const dated = { actor: ada, source: 'SEED', occurredAt: '2020-01-01T00:00:00.000Z' } as const;
    const { id: postId } = await execute(publishPost, { communityId: id, ...words }, dated);
    const [published] = await log.readStream(`post-${postId}`);
    expect(published?.metadata).toMatchObject({ source: 'SEED', occurredAt: '2020-01-01T00:00:00.000Z' });
  });

  test('one’s own changes are what the next command decides on', async () => {
    const { execute } = await process();
    const { id: communityId } = await execute(foundCommunity, garden, { actor: ada });
    await execute(joinCommunity, { communityId }, { actor: bao });
    const { id: postId } = await execute(publishPost, { communityId, ...words, kind: 'QUESTION' }, { actor: ada });
    const answer = { postId, kind: 'ANSWER', body: 'The flat one.' } as const;
    const { id: commentId } = await execute(publishComment, answer, { actor: bao });
    expect(await execute(acceptAnswer, { postId, commentId }, { actor: ada })).toMatchObject({ revision: 1 });
    expect(await execute(acceptAnswer, { postId, commentId }, { actor: ada })).toMatchObject({
      events: 0,
      revision: 1,
    });
  });

  test('a command on somebody who is not there is rejected', async () => {
    const { execute } = await process();
    await expect(execute(changeProfile, { name: 'Ada' }, { actor: ada })).rejects.toEqual(code('MEMBER_NOT_FOUND'));
  });
});
