import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMemoryLog } from '../../src/adapters/memory-log.ts';
import type { StoredEvent } from '../../src/core/event.ts';
import type { AppendOutcome, EventLog } from '../../src/core/event-log.ts';
import { derivedId } from '../../src/core/ids.ts';
import { ImportInterrupted } from '../../src/imports/zulip.ts';
import { aPlaceToImport, type PlaceToImport, toldBy } from '../support/importing.ts';
import { aMessage, anExport, aUser, type Export } from '../support/zulip-export.ts';

let root = '';
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabre-import-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = () => join(root, `export-${++count}`);

const ofType = (events: readonly StoredEvent[], ...types: string[]) =>
  events.filter(({ type }) => types.includes(type));
const dataOf = (event: StoredEvent | undefined) => event?.data as Record<string, unknown>;
const messagesOf = (made: Export) => made.files.flat();
const textsOf = async (place: PlaceToImport, ...types: string[]) =>
  Promise.all(ofType(await place.events(), ...types).map(place.open));

/** An export changed from the usual one. */
const changed = (change: (made: Export) => void): Export => {
  const made = anExport();
  change(made);
  return made;
};

describe('an import', () => {
  test('makes people members, bots service accounts, channels communities, topics posts with comments', async () => {
    const place = await aPlaceToImport();
    const report = await place.take(folder(), anExport());
    const events = await place.events();
    expect(Object.fromEntries(report.stored)).toEqual({
      'organisation names': 1,
      members: 2,
      'service accounts': 2,
      communities: 2,
      memberships: 3,
      posts: 2,
      comments: 1,
    });
    const [bot] = ofType(events, 'ServiceAccountRegistered').map(dataOf);
    expect(bot?.system).toBe(true);
    expect(ofType(events, 'CommunityFounded').map(dataOf)).toMatchObject([
      { name: 'general', slug: 'general', visibility: 'PUBLIC', joinPolicy: 'OPEN' },
      { name: 'Steering', slug: 'steering', visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION', founderId: null },
    ]);
    const [lunch, budget] = ofType(events, 'PostPublished');
    const [reply] = ofType(events, 'CommentPublished');
    expect(dataOf(reply)).toMatchObject({ postId: dataOf(lunch)?.postId, parentId: null, depth: 1, kind: 'COMMENT' });
    expect(dataOf(reply)?.replyToMemberId).toBe(dataOf(lunch)?.authorId);
    expect(await place.open(lunch as StoredEvent)).toEqual({ title: 'Lunch', body: 'Where to?' });
    const bruno = ofType(events, 'MemberRegistered').map(dataOf)[1]?.memberId;
    expect(await place.open(budget as StoredEvent)).toMatchObject({ body: `It is @[member:${bruno}]’s turn.` });
    expect(new Set(events.map(({ metadata }) => metadata.source))).toEqual(new Set(['IMPORT']));
  });

  test('leaves no name, address or text in clear', async () => {
    const place = await aPlaceToImport();
    await place.take(folder(), anExport());
    const stored = JSON.stringify(await place.events(), (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    for (const word of ['Amina', 'amina', 'Bruno', 'user101', 'example.invalid', 'Lunch', 'river', 'Where to'])
      expect(stored).not.toContain(word);
  });

  test('registers members by ascending id of the archive, and stores messages in the order of time', async () => {
    const place = await aPlaceToImport();
    const made = changed(({ realm, files }) => {
      realm.zerver_userprofile?.reverse();
      files[1]?.push(
        aMessage(1000, 102, 'Early', 'First of all', -60),
        aMessage(1004, 101, 'Early', 'Same second', -60),
      );
    });
    await place.take(folder(), made);
    const names = (await textsOf(place, 'MemberRegistered')).map(({ name }) => name);
    expect(names).toEqual(['Amina Diallo', 'Bruno Costa']);
    const bodies = (await textsOf(place, 'PostPublished', 'CommentPublished')).map(({ body }) => body);
    expect(bodies.slice(0, 3)).toEqual(['First of all', 'Same second', 'Where to?']);
  });

  test('strips the mark of a resolved topic from its title and says it in an event', async () => {
    const place = await aPlaceToImport();
    await place.take(
      folder(),
      changed(({ files }) => {
        for (const message of files[0] ?? []) message.subject = `✔ ${message.subject}`;
      }),
    );
    const events = await place.events();
    const [post] = ofType(events, 'PostPublished');
    expect(await place.open(post as StoredEvent)).toMatchObject({ title: 'Lunch' });
    expect(ofType(events, 'PostMarkedResolved').map(dataOf)).toEqual([
      { postId: dataOf(post)?.postId, communityId: dataOf(post)?.communityId },
    ]);
  });

  test('keeps reactions, dated by what they react to', async () => {
    const place = await aPlaceToImport();
    const made = changed(({ realm }) => {
      realm.zerver_reaction = [
        { id: 1, user_profile: 102, message: 1001, emoji_name: '+1' },
        { id: 2, user_profile: 102, message: 1001, emoji_name: 'tada' },
        { id: 3, user_profile: 101, message: 1002, emoji_name: 'ünïcode' },
        { id: 4, user_profile: 101, message: 9999, emoji_name: '+1' },
      ];
    });
    const report = await place.take(folder(), made);
    const events = await place.events();
    const [post] = ofType(events, 'PostPublished');
    const reactions = ofType(events, 'ReactionAdded');
    expect(reactions.map(dataOf).map(({ kind }) => kind)).toEqual(['+1', 'tada']);
    expect(new Set(reactions.map(({ metadata }) => metadata.occurredAt))).toEqual(new Set([post?.metadata.occurredAt]));
    expect(report.leftOut.filter(({ what }) => /reaction/.test(what)).map(({ count }) => count)).toEqual([1, 1]);
    expect((await place.take(folder(), made)).events).toBe(0);
  });

  test('gives people of one name different handles, and slugs to channels whose names have none', async () => {
    const place = await aPlaceToImport();
    await place.take(
      folder(),
      changed(({ realm }) => {
        realm.zerver_userprofile?.push(aUser(104, 'Amina  Diallo'), aUser(105, '🌳'));
        realm.zerver_stream?.push({ id: 23, name: '会議' }, { id: 24, name: 'General!' });
      }),
    );
    const handles = (await textsOf(place, 'MemberRegistered')).map(({ handle }) => handle);
    expect(handles).toEqual(['amina-diallo', 'bruno-costa', 'amina-diallo-2', 'member-105']);
    const slugs = ofType(await place.events(), 'CommunityFounded').map((event) => dataOf(event).slug);
    expect(slugs).toEqual(['general', 'steering', 'community-23', 'general-2']);
  });

  test('counts a placeholder as a member only if they wrote', async () => {
    const place = await aPlaceToImport();
    await place.take(
      folder(),
      changed(({ realm, files }) => {
        realm.zerver_userprofile_mirrordummy = [aUser(201, 'Wrote once'), aUser(202, 'Never wrote')];
        files[1]?.push(aMessage(1004, 201, 'Hello', 'From elsewhere', 200));
      }),
    );
    const names = (await textsOf(place, 'MemberRegistered')).map(({ name }) => name);
    expect(names).toEqual(['Amina Diallo', 'Bruno Costa', 'Wrote once']);
  });

  test('of a person who is a member already under the same address speaks of that member', async () => {
    const place = await aPlaceToImport();
    const first = anExport();
    await place.take(folder(), first);
    const other = changed(({ realm }) => {
      Object.assign(realm.zerver_realm?.[0] ?? {}, { id: 8, name: 'Baobab' });
    });
    await place.take(folder(), other);
    expect(ofType(await place.events(), 'MemberRegistered')).toHaveLength(2);
    expect(ofType(await place.events(), 'PostPublished')).toHaveLength(4);
    expect(ofType(await place.events(), 'OrganisationNamed')).toHaveLength(1);
    const slugs = ofType(await place.events(), 'CommunityFounded').map((event) => dataOf(event).slug);
    expect(slugs).toEqual(['general', 'steering', 'general-2', 'steering-2']);
  });

  test('stores nothing of a member who was erased', async () => {
    const place = await aPlaceToImport();
    await place.take(folder(), anExport());
    const amina = String(dataOf(ofType(await place.events(), 'MemberRegistered')[0])?.memberId);
    await place.sealing.destroy(amina);
    const report = await place.take(
      folder(),
      changed(({ files }) =>
        files[1]?.push(aMessage(1004, 101, 'Lunch', 'Again?', 200), aMessage(1005, 102, 'Lunch', 'Yes', 201)),
      ),
    );
    expect(report.events).toBe(1);
    expect(report.leftOut).toContainEqual(
      expect.objectContaining({ what: 'messages of members who were erased', count: 1 }),
    );
  });
});

describe('the same archive again', () => {
  test('appends nothing', async () => {
    const place = await aPlaceToImport();
    await place.take(folder(), anExport());
    const before = await place.log.head();
    const report = await place.take(folder(), anExport());
    expect(report.events).toBe(0);
    expect(await place.log.head()).toEqual(before);
    expect(report.last).toEqual(before);
    expect(report.present.get('posts')).toBe(2);
  });

  test('appends nothing under another name of the organisation', async () => {
    const place = await aPlaceToImport();
    await place.take(folder(), anExport());
    const renamed = changed(({ realm }) =>
      Object.assign(realm.zerver_realm?.[0] ?? {}, { name: 'Baobab', string_id: 'baobab' }),
    );
    expect((await place.take(folder(), renamed)).events).toBe(0);
  });
});

describe('a newer export of the same organisation', () => {
  const add = (made: Export, ...messages: ReturnType<typeof aMessage>[]) => made.files.at(-1)?.push(...messages);
  const rename = (made: Export, from: string, to: string) => {
    for (const message of messagesOf(made)) if (message.subject.toLowerCase() === from) message.subject = to;
  };

  const importedWith = async (change: (made: Export) => void) => {
    const place = await aPlaceToImport();
    await place.take(folder(), anExport());
    const { length } = await place.events();
    const newer = changed(change);
    const report = await place.take(folder(), newer);
    const events = (await place.events()).slice(length);
    expect((await place.take(folder(), newer)).events).toBe(0);
    return { place, report, events, types: events.map(({ type }) => type) };
  };
  const lunch = async (place: PlaceToImport) => dataOf(ofType(await place.events(), 'PostPublished')[0])?.postId;

  test('adds new messages to the posts that their topics are', async () => {
    const { place, events, types } = await importedWith((made) => add(made, aMessage(1004, 102, 'LUNCH', 'Late', 300)));
    expect(types).toEqual(['CommentPublished']);
    expect(dataOf(events[0])?.postId).toBe(await lunch(place));
  });

  test('does so when the topic was renamed and resolved since, and marks the post', async () => {
    const { place, events, types } = await importedWith((made) => {
      rename(made, 'lunch', '✔ Where to eat');
      add(made, aMessage(1004, 102, '✔ where to eat', 'Late', 300));
    });
    expect(types).toEqual(['PostEdited', 'CommentPublished', 'PostMarkedResolved']);
    for (const event of events) expect(dataOf(event)?.postId).toBe(await lunch(place));
  });

  test('does so when two topics were made one: what was a post stays one', async () => {
    const { place, events, types, report } = await importedWith((made) => {
      rename(made, 'budget', 'Lunch');
      add(made, aMessage(1004, 102, 'lunch', 'Late', 300));
    });
    expect(types).toEqual(['CommentPublished']);
    expect(dataOf(events[0])?.postId).toBe(await lunch(place));
    expect(report.leftOut).toContainEqual(
      expect.objectContaining({ what: 'messages that have moved to another topic since', count: 1 }),
    );
  });

  test('does so when the opening message is gone', async () => {
    const { place, events, types } = await importedWith((made) => {
      made.files[0]?.shift();
      add(made, aMessage(1004, 101, 'lunch', 'Late', 300));
    });
    expect(types).toEqual(['CommentPublished']);
    expect(dataOf(events[0])?.postId).toBe(await lunch(place));
  });

  test('opens a post for what goes on in a topic that was split off', async () => {
    const { place, types, report } = await importedWith((made) => {
      const reply = made.files[0]?.[1];
      if (reply) reply.subject = 'Rivers';
      add(made, aMessage(1004, 101, 'Rivers', 'Which one?', 300));
    });
    expect(types).toEqual(['PostPublished']);
    expect((await textsOf(place, 'PostPublished')).at(-1)).toEqual({ title: 'Rivers', body: 'Which one?' });
    expect(report.leftOut).toContainEqual(
      expect.objectContaining({ what: 'messages that have moved to another topic since', count: 1 }),
    );
  });

  test('never says in a public community what was written after the topic went to a private one', async () => {
    const { events, types } = await importedWith((made) => {
      for (const message of made.files[0] ?? []) message.recipient = 32;
      add(made, { ...aMessage(1004, 101, 'Lunch', 'Secret', 300), recipient: 32 });
    });
    expect(types).toEqual(['PostPublished']);
    const founded = ofType(events, 'CommunityFounded');
    expect(founded).toEqual([]);
    const steering = events[0];
    expect(dataOf(steering)?.communityId).not.toBeNull();
  });

  test('adds new people, channels, memberships and reactions', async () => {
    const { types } = await importedWith(({ realm }) => {
      realm.zerver_userprofile?.push(aUser(104, 'Chiara Neri'));
      realm.zerver_stream?.push({ id: 25, name: 'Garden' });
      realm.zerver_recipient?.push({ id: 35, type: 2, type_id: 25 });
      realm.zerver_subscription?.push({ id: 51, user_profile: 104, recipient: 35, active: true });
      realm.zerver_reaction?.push({ id: 1, user_profile: 104, message: 1001, emoji_name: 'heart' });
    });
    expect(types.filter((type) => type !== 'KeyClaimed')).toEqual([
      'MemberRegistered',
      'CommunityFounded',
      'MemberJoined',
      'ReactionAdded',
    ]);
  });

  test('gives nothing back that somebody took back here: a reaction, a membership', async () => {
    const place = await aPlaceToImport();
    const made = changed(({ realm }) =>
      realm.zerver_reaction?.push({ id: 1, user_profile: 102, message: 1001, emoji_name: 'tada' }),
    );
    await place.take(folder(), made);
    const [added] = ofType(await place.events(), 'ReactionAdded');
    const [joined] = ofType(await place.events(), 'MemberJoined');
    for (const [event, type] of [
      [added, 'ReactionRemoved'],
      [joined, 'MemberLeft'],
    ] as const) {
      if (!event) throw new Error('The import did not store what this test takes back.');
      const commandId = derivedId(type);
      const { via: _, memberKind: __, targetAuthorId: ___, ...data } = dataOf(event);
      const metadata = { ...event.metadata, commandId, source: 'NATIVE' as const };
      await place.log.append([
        {
          commandId,
          inputHash: '',
          stream: event.stream,
          expected: event.revision,
          events: [{ id: commandId, type, version: 1, data, metadata }],
        },
      ]);
    }
    expect((await place.take(folder(), made)).events).toBe(0);
    made.realm.zerver_reaction?.push({ id: 2, user_profile: 102, message: 1001, emoji_name: 'heart' });
    expect((await place.take(folder(), made)).events).toBe(1);
    expect(dataOf((await place.events()).at(-1))).toMatchObject({ kind: 'heart' });
  });
});

describe('an import that is cut off', () => {
  /** `files` of 1,000 messages: with more than two, an import takes several calls to the log. */
  const large = (files: number) =>
    changed((made) => {
      made.files = Array.from({ length: files }, (_, file) =>
        Array.from({ length: 1_000 }, (_, n) => {
          const subject = n % 7 === 0 ? `✔ Topic ${n % 50}` : `Topic ${n % 60}`;
          return aMessage(2_000 + 1_000 * file + n, 101 + (n % 2), subject, `Text ${n}`, 10 * n + file);
        }),
      );
    });

  const whole = new Map<number, string[]>();
  beforeAll(async () => {
    for (const files of [1, 3]) {
      const place = await aPlaceToImport();
      await place.take(folder(), large(files));
      whole.set(files, toldBy(await place.events()));
    }
  });

  test('by a signal goes on where it stopped: nothing doubled, nothing lost', async () => {
    const place = await aPlaceToImport();
    const abort = new AbortController();
    const stopped = place.take(folder(), large(3), {
      signal: abort.signal,
      onProgress: (phase, done) => {
        if (phase === 'storing' && done > 0) abort.abort();
      },
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    const { length } = await place.events();
    expect(length).toBeGreaterThan(100);
    expect(length).toBeLessThan(3_000);
    await place.take(folder(), large(3));
    expect(toldBy(await place.events())).toEqual(whole.get(3));
  });

  test('anywhere, as by a killed process, goes on where it stopped', async () => {
    for (const limit of [0, 1, 2, 5, 9, 400, 1_018]) {
      const place = await aPlaceToImport();
      await expect(place.take(folder(), large(1), {}, dyingAfter(place.log, limit))).rejects.toThrow('killed');
      expect((await place.events()).length).toBeLessThanOrEqual(limit);
      await place.take(folder(), large(1));
      expect(toldBy(await place.events())).toEqual(whole.get(1));
    }
  });

  test('by answers that get lost sends the same again and stores it once', async () => {
    const place = await aPlaceToImport();
    await place.take(folder(), large(1), {}, forgetful(place.log));
    expect(toldBy(await place.events())).toEqual(whole.get(1));
  });

  test('while another import of the same archive runs leaves one history', async () => {
    const place = await aPlaceToImport();
    await Promise.all([place.take(folder(), large(1)), place.take(folder(), large(1))]);
    expect(toldBy(await place.events())).toEqual(whole.get(1));
  });

  test('because the log refuses something says what, and what was stored stays', async () => {
    const place = await aPlaceToImport();
    const refusing: EventLog = {
      ...place.log,
      append: async (requests) =>
        Promise.all(
          requests.map(async (request) =>
            request.stream.startsWith('comment-')
              ? { status: 'refused' as const, code: 'EVENT_TOO_LARGE' as const, message: 'It is too large.' }
              : ((await place.log.append([request]))[0] ?? { status: 'conflict' as const, actual: 0 }),
          ),
        ),
    };
    const refused = place.take(folder(), anExport(), {}, refusing);
    await expect(refused).rejects.toThrow(ImportInterrupted);
    await expect(refused).rejects.toThrow(/message 1002/);
    expect(ofType(await place.events(), 'PostPublished')).toHaveLength(2);
  });
});

test('whoever takes a name while an import wants it keeps it', async () => {
  const log = await openMemoryLog();
  const place = await aPlaceToImport(log);
  const handle = place.sealing.hash('handle', 'amina-diallo');
  const somebody = derivedId('somebody');
  let taken = false;
  const racing: EventLog = {
    ...log,
    append: async (requests) => {
      if (!taken && requests.some(({ stream }) => stream === `handle-${handle}`)) {
        taken = true;
        const request = requests.find(({ stream }) => stream === `handle-${handle}`);
        if (request)
          await log.append([
            {
              ...request,
              commandId: somebody,
              events: request.events.map((event) => ({
                ...event,
                id: somebody,
                data: { ownerId: somebody, ownerStream: `member-${somebody}` },
              })),
            },
          ]);
      }
      return log.append(requests);
    },
  };
  await place.take(folder(), anExport(), {}, racing);
  expect((await textsOf(place, 'MemberRegistered')).map(({ handle }) => handle)).toEqual([
    'amina-diallo-2',
    'bruno-costa',
  ]);
  expect((await place.take(folder(), anExport())).events).toBe(0);
});

/** A log whose process dies once so many events are stored. */
const dyingAfter = (log: EventLog, limit: number): EventLog => {
  let left = limit;
  return {
    ...log,
    append: async (requests) => {
      const outcomes = [];
      for (const request of requests) {
        left -= request.events.length;
        if (left < 0) throw new Error('killed');
        outcomes.push(...(await log.append([request])));
      }
      return outcomes;
    },
  };
};

/** A log that gives every third append no answer at first, and has stored only half of those. */
const forgetful = (log: EventLog): EventLog => {
  let n = 0;
  return {
    ...log,
    append: async (requests) => {
      const outcomes: AppendOutcome[] = [];
      for (const request of requests) {
        n += 1;
        const isLost = n % 3 === 0 && n < 3_000;
        const [outcome] = isLost && n % 2 === 0 ? [] : await log.append([request]);
        outcomes.push(isLost || !outcome ? { status: 'unknown', message: 'The answer was lost.' } : outcome);
      }
      return outcomes;
    },
  };
};
