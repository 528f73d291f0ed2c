import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ArchiveFault, type ReadOptions, readZulipArchive } from '../../src/adapters/zulip-archive/index.ts';
import type { StoredEvent } from '../../src/core/event.ts';
import { importZulip } from '../../src/imports/zulip.ts';
import { aPlaceToImport, type PlaceToImport } from '../support/importing.ts';
import { aMessage, anExport, aUser, type Export, entriesOf, writeFolder } from '../support/zulip-export.ts';

// Exports as organisations really have them: old, long-lived, of several servers, cut off, written by converters.

let root = '';
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'palabre-real-life-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));
const folder = () => join(root, `export-${++count}`);

const changed = (change: (made: Export) => void): Export => {
  const made = anExport();
  change(made);
  return made;
};
const row = (made: Export, table: string, n: number) =>
  made.realm[table]?.[n] ?? expect.fail(`no row ${n} of ${table}`);

const take = async (place: PlaceToImport, made: Export, options: ReadOptions = {}) => {
  const archive = await readZulipArchive(await writeFolder(folder(), entriesOf(made, '')), options);
  return importZulip(place, archive);
};
const ofType = async (place: PlaceToImport, ...types: string[]) =>
  (await place.events()).filter(({ type }) => types.includes(type));
const dataOf = (event: StoredEvent | undefined) => (event?.data ?? {}) as Record<string, unknown>;
const wordsOf = async (place: PlaceToImport, ...types: string[]) =>
  Promise.all((await ofType(place, ...types)).map(place.open));
const noted = (
  report: { readonly leftOut: readonly { readonly what: string; readonly count: number }[] },
  what: RegExp,
) => report.leftOut.filter((one) => what.test(one.what)).reduce((sum, one) => sum + one.count, 0);

describe('people', () => {
  test('who are in no table, and said something, are placeholders by their number', async () => {
    const place = await aPlaceToImport();
    const report = await take(
      place,
      changed(({ files }) => files[0]?.push(aMessage(1009, 77, 'Lunch', 'From a deleted account', 400))),
    );
    expect(report.stored.get('members')).toBe(3);
    expect(await wordsOf(place, 'MemberRegistered')).toContainEqual(expect.objectContaining({ name: 'unknown 77' }));
    expect(noted(report, /senders who are in no table/)).toBe(1);
  });

  test('have names that can be seen, and no longer than a name is here', async () => {
    const place = await aPlaceToImport();
    const report = await take(
      place,
      changed((made) => {
        made.realm.zerver_userprofile?.push(
          aUser(104, ''),
          aUser(105, '\u200b\u200b'),
          aUser(106, `\u202eolleh ${'x'.repeat(300)}`),
        );
      }),
    );
    const people = await wordsOf(place, 'MemberRegistered');
    expect(people.map(({ name }) => name)).toEqual([
      'Amina Diallo',
      'Bruno Costa',
      'user 104',
      'user 105',
      `olleh ${'x'.repeat(114)}`,
    ]);
    for (const { name, handle } of people) {
      expect(`${name}${handle}`).not.toMatch(/[\p{Cf}\p{Cc}]/u);
      expect([...String(name)].length).toBeLessThanOrEqual(120);
    }
    expect([noted(report, /show nothing/), noted(report, /invisible/), noted(report, /too long/)]).toEqual([2, 1, 1]);
  });

  test('whose ids, and whose channels, begin at 0, are imported', async () => {
    const place = await aPlaceToImport();
    const report = await take(
      place,
      changed((made) => {
        made.realm.zerver_userprofile?.push(aUser(0, 'Ada Zero'));
        made.realm.zerver_stream?.push({ id: 0, name: 'zero', date_created: 1_700_000_000, invite_only: false });
        made.realm.zerver_recipient?.push({ id: 0, type: 2, type_id: 0 });
        made.realm.zerver_subscription?.push({ id: 0, user_profile: 0, recipient: 0, active: true });
        made.files[0]?.push({ ...aMessage(0, 0, 'From Slack', 'hello', 0.0001), recipient: 0 });
      }),
    );
    expect([report.stored.get('members'), report.stored.get('communities'), report.stored.get('posts')]).toEqual([
      3, 3, 3,
    ]);
  });

  test('who have no account and only reacted are people, and their reactions are kept', async () => {
    const place = await aPlaceToImport();
    const report = await take(
      place,
      changed((made) => {
        made.realm.zerver_userprofile_mirrordummy = [aUser(201, 'Reacting'), aUser(202, 'Silent')];
        made.realm.zerver_reaction = [{ user_profile: 201, message: 1001, emoji_name: 'eyes', emoji_code: '1f440' }];
      }),
    );
    expect(report.stored.get('members')).toBe(3);
    expect(report.stored.get('reactions')).toBe(1);
    expect(noted(report, /placeholders/)).toBe(1);
  });
});

describe('access', () => {
  const madePrivate = (made: Export) => {
    row(made, 'zerver_stream', 0).invite_only = true;
    row(made, 'zerver_subscription', 1).active = false;
    made.files[1]?.push(aMessage(1010, 101, 'Salaries', 'SECRET', 900));
  };

  test('a channel that was made private since is private before anything that was said in it afterwards', async () => {
    const place = await aPlaceToImport();
    await take(place, anExport());
    const before = (await place.events()).length;
    const report = await take(place, changed(madePrivate));
    const events = (await place.events()).slice(before);
    const types = events.map(({ type }) => type);
    expect(types.indexOf('CommunityAccessChanged')).toBeLessThan(types.indexOf('PostPublished'));
    expect(types.indexOf('MemberLeft')).toBeLessThan(types.indexOf('PostPublished'));
    expect(dataOf(events.find(({ type }) => type === 'CommunityAccessChanged'))).toMatchObject({
      visibility: 'PRIVATE',
      joinPolicy: 'BY_INVITATION',
    });
    expect(report.stored.get('communities made private')).toBe(1);
    expect(report.stored.get('memberships ended')).toBe(1);
    const again = await take(place, changed(madePrivate));
    expect(again.events).toBe(0);
  });

  test.each([
    ['a subscription that is in its table no longer', (made: Export) => made.realm.zerver_subscription?.splice(1, 1)],
    ['an account that is gone', (made: Export) => made.realm.zerver_userprofile?.splice(1, 1)],
  ])('%s ends a membership that an import began', async (_, gone) => {
    const place = await aPlaceToImport();
    await take(place, anExport());
    const later = changed((made) => void gone(made));
    expect((await take(place, later)).stored.get('memberships ended')).toBeGreaterThan(0);
    expect((await take(place, later)).events).toBe(0);
  });

  test('deactivated accounts belong to nothing, whether they were here before or not', async () => {
    const gone = (made: Export) => {
      row(made, 'zerver_userprofile', 1).is_active = false;
    };
    const fresh = await aPlaceToImport();
    const report = await take(fresh, changed(gone));
    expect(report.stored.get('memberships')).toBe(2);
    expect(noted(report, /subscriptions of deactivated accounts/)).toBe(1);
    const later = await aPlaceToImport();
    await take(later, anExport());
    await take(later, changed(gone));
    expect(await ofType(later, 'MemberLeft')).toHaveLength(1);
  });

  test('guests are told of, and belong only to what they were subscribed to', async () => {
    const place = await aPlaceToImport();
    const report = await take(
      place,
      changed((made) => made.realm.zerver_userprofile?.push({ ...aUser(104, 'Guest'), role: 600 })),
    );
    expect(noted(report, /^guests$/)).toBe(1);
    expect(report.stored.get('memberships')).toBe(3);
  });

  const protectedHistory = (made: Export) => {
    Object.assign(row(made, 'zerver_stream', 1), { history_public_to_subscribers: false });
    made.files[1]?.push({ ...aMessage(1011, 101, 'Early', 'SECRET of before', 500), recipient: 32 });
  };

  test('a private channel with protected history is left out by name, unless it is asked for', async () => {
    const without = await aPlaceToImport();
    const report = await take(without, changed(protectedHistory));
    expect(report.stored.get('communities')).toBe(1);
    expect(report.stored.get('memberships')).toBe(2);
    expect(report.leftOut).toContainEqual(
      expect.objectContaining({
        what: 'messages of the channel "Steering"',
        why: expect.stringContaining('--protected-history'),
      }),
    );
    const whole = await aPlaceToImport();
    expect((await take(whole, changed(protectedHistory), { protectedHistory: true })).stored.get('communities')).toBe(
      2,
    );
  });

  test('a channel that was made private with protected history since is private here, though the rest of it is left out', async () => {
    const later = (made: Export) =>
      Object.assign(row(made, 'zerver_stream', 0), { invite_only: true, history_public_to_subscribers: false });
    const place = await aPlaceToImport();
    await take(place, anExport());
    const before = (await place.events()).length;
    const report = await take(place, changed(later));
    const events = (await place.events()).slice(before);
    expect(events.map(({ type }) => type)).toEqual(['CommunityAccessChanged']);
    expect(dataOf(events[0])).toMatchObject({ visibility: 'PRIVATE', joinPolicy: 'BY_INVITATION' });
    expect(report.stored.get('communities made private')).toBe(1);
    expect((await take(place, changed(later))).events).toBe(0);
  });

  test('deactivated channels arrive archived, under their own names; a private one without members is told of', async () => {
    const place = await aPlaceToImport();
    const report = await take(
      place,
      changed((made) => {
        made.realm.zerver_stream?.push(
          { id: 23, name: '!DEACTIVATED:old', date_created: 1_700_000_000, deactivated: true },
          { id: 24, name: 'closed', date_created: 1_700_000_000, deactivated: true },
          { id: 25, name: 'nobody', date_created: 1_700_000_000, invite_only: true },
        );
        made.realm.zerver_recipient?.push({ id: 34, type: 2, type_id: 23 });
        made.files[0]?.push({ ...aMessage(1012, 101, 't', 'in the old one', 700), recipient: 34 });
      }),
    );
    const founded = await ofType(place, 'CommunityFounded');
    expect(founded.map((event) => dataOf(event).name)).toEqual(['general', 'Steering', 'old', 'closed', 'nobody']);
    const archived = await ofType(place, 'CommunityArchived');
    expect(archived.map((event) => dataOf(event).communityId)).toEqual(
      founded.slice(2, 4).map((event) => dataOf(event).communityId),
    );
    const events = await place.events();
    expect(events.findLastIndex(({ type }) => type === 'PostPublished')).toBeLessThan(
      events.findIndex(({ type }) => type === 'CommunityArchived'),
    );
    expect(noted(report, /members of the private channel "nobody"/)).toBe(1);
    expect(report.stored.get('communities archived')).toBe(2);
  });
});

describe('a later export', () => {
  const later = (made: Export) => {
    row(made, 'zerver_userprofile', 0).full_name = 'Amina Renamed';
    row(made, 'zerver_stream', 0).name = 'general renamed';
    made.files = [
      [
        aMessage(1001, 101, '✔ Lunch', 'Where to?', 0),
        { ...aMessage(1002, 102, '✔ lunch', 'The lake.', 60), last_edit_time: 1_700_001_500 },
        aMessage(1004, 101, 'New', 'Something new.', 300),
      ],
    ];
  };

  test('brings new names, edits by their own time and new messages, tells what is missing, and brings nothing twice', async () => {
    const place = await aPlaceToImport();
    await take(place, anExport());
    const report = await take(place, changed(later));
    expect(await wordsOf(place, 'ProfileChanged')).toEqual([{ name: 'Amina Renamed' }]);
    expect(dataOf((await ofType(place, 'CommunityRenamed'))[0])).toMatchObject({
      name: 'general renamed',
      slug: 'general',
    });
    const [edit] = await ofType(place, 'CommentEdited');
    expect(await place.open(edit as StoredEvent)).toEqual({ body: 'The lake.' });
    expect(edit?.metadata).toMatchObject({ occurredAt: '2023-11-14T22:38:20.000Z', source: 'IMPORT' });
    expect(await ofType(place, 'PostMarkedResolved')).toHaveLength(1);
    expect(report.stored.get('posts')).toBe(1);
    expect(noted(report, /no longer in the export/)).toBe(1);
    expect(await ofType(place, 'PostRetracted', 'CommentRetracted')).toEqual([]);
    expect((await take(place, changed(later))).events).toBe(0);
  });

  test('of an edited message that was imported as it is brings nothing', async () => {
    const edited = changed(later);
    const place = await aPlaceToImport();
    await take(place, edited);
    expect((await take(place, edited)).events).toBe(0);
  });

  test('tells of accounts that were deleted there, and keeps them with what they said', async () => {
    const place = await aPlaceToImport();
    await take(place, anExport());
    const before = (await place.events()).length;
    const report = await take(
      place,
      changed((made) => {
        made.realm.zerver_userprofile?.splice(1, 1);
        made.realm.zerver_userprofile_mirrordummy = [aUser(102, 'Deleted User 102')];
      }),
    );
    expect(noted(report, /accounts that were deleted there/)).toBe(1);
    expect((await place.events()).slice(before).map(({ type }) => type)).toEqual([]);
  });
});

describe('reactions', () => {
  const reaction = (
    user_profile: number,
    message: number,
    emoji_name: string,
    emoji_code?: string,
    reaction_type?: string,
  ) => ({
    user_profile,
    message,
    emoji_name,
    ...(emoji_code && { emoji_code }),
    ...(reaction_type && { reaction_type }),
  });

  test('are counted by emoji: a repeated row is one, a picture has its name, who or what is not there is told', async () => {
    const place = await aPlaceToImport();
    const report = await take(
      place,
      changed((made) => {
        made.realm.zerver_reaction = [
          reaction(101, 1001, '+1', '1f44d', 'unicode_emoji'),
          reaction(101, 1001, '+1', '1f44d', 'unicode_emoji'),
          reaction(101, 1001, 'thumbs_up', '1f44d', 'unicode_emoji'),
          reaction(102, 1001, 'Party_Parrot', '55', 'realm_emoji'),
          reaction(102, 1001, 'zulip', 'zulip', 'zulip_extra_emoji'),
          reaction(103, 1001, 'thumbs up', '1f44d', 'unicode_emoji'),
          reaction(11, 1001, '+1', '1f44d', 'unicode_emoji'),
          reaction(77, 1001, '+1', '1f44d', 'unicode_emoji'),
          reaction(102, 999, '+1', '1f44d', 'unicode_emoji'),
        ];
      }),
    );
    const kinds = (await ofType(place, 'ReactionAdded')).map((event) => dataOf(event).kind).sort();
    expect(kinds).toEqual(['party_parrot', 'thumbs_up', 'thumbs_up', 'thumbs_up', 'zulip']);
    expect(report.stored.get('reactions')).toBe(5);
    expect(noted(report, /^reactions$/)).toBe(2);
  });

  test('that an import of the first release called as they were typed are not added again', async () => {
    const place = await aPlaceToImport();
    const typed = changed((made) => {
      // Without the code of the emoji, a reaction is called as it was typed.
      made.realm.zerver_reaction = [reaction(101, 1001, '+1', '', 'unicode_emoji')];
    });
    await take(place, typed);
    expect((await ofType(place, 'ReactionAdded')).map((event) => dataOf(event).kind)).toEqual(['+1']);
    const again = await take(
      place,
      changed((made) => {
        made.realm.zerver_reaction = [reaction(101, 1001, '+1', '1f44d', 'unicode_emoji')];
      }),
    );
    expect([again.events, again.stored.get('reactions')]).toEqual([0, undefined]);
  });

  test('are read in whatever file the table stands', async () => {
    const place = await aPlaceToImport();
    const made = anExport();
    delete made.realm.zerver_reaction;
    const entries = entriesOf(made, '').map((entry) =>
      entry.path === 'messages-000001.json'
        ? {
            ...entry,
            body: JSON.stringify({
              ...JSON.parse(String(entry.body)),
              zerver_reaction: [reaction(101, 1002, 'tada', '1f389'), reaction(102, 1001, 'eyes', '1f440')],
            }),
          }
        : entry,
    );
    const report = await importZulip(place, await readZulipArchive(await writeFolder(folder(), entries)));
    expect(report.stored.get('reactions')).toBe(2);
  });
});

describe('mentions', () => {
  const span = (id: number, name: string) => `<span class="user-mention" data-user-id="${id}">@${name}</span>`;
  const bodyOf = async (content: string, rendered: string | null) => {
    const place = await aPlaceToImport();
    await take(
      place,
      changed((made) => {
        row(made, 'zerver_userprofile', 1).full_name = 'Bruno Costa (left)';
        made.realm.zerver_userprofile?.push(aUser(104, 'Bruno Costa'));
        made.files = [[{ ...aMessage(1001, 101, 'Lunch', content, 0), rendered_content: rendered }]];
      }),
    );
    const ids = new Map(
      await Promise.all(
        (await ofType(place, 'MemberRegistered')).map(
          async (event) => [dataOf(event).memberId, String((await place.open(event)).name)] as const,
        ),
      ),
    );
    const [post] = await wordsOf(place, 'PostPublished');
    return String(post?.body).replace(/\[member:([\w-]+)\]/g, (_, id) => `[${ids.get(id)}]`);
  };

  test('are read from what Zulip showed, in whatever order the attributes stand', async () => {
    const turned = (id: number, name: string) =>
      `<span data-user-id="${id}" class="user-mention silent">@${name}</span>`;
    for (const shown of [span, turned])
      expect(await bodyOf('@**Bruno Costa** please', `<p>${shown(102, 'Bruno Costa')} please</p>`)).toBe(
        '@[Bruno Costa (left)] please',
      );
  });

  test('are of the person of that time, whatever they and others are called by now', async () => {
    expect(await bodyOf('thanks @**Bruno Costa**', `<p>thanks ${span(102, 'Bruno Costa')}</p>`)).toBe(
      'thanks @[Bruno Costa (left)]',
    );
  });
  test('are of a name without regard to case, where the archive does not tell of whom', async () => {
    expect(await bodyOf('thanks @**amina DIALLO**', null)).toBe('thanks @[Amina Diallo]');
  });
  test('are none where Zulip shows none', async () => {
    const text = 'see `@**Amina Diallo**` and @**Amina Diallo**';
    expect(await bodyOf(text, `<p>see <code>@**Amina Diallo**</code> and ${span(101, 'Amina Diallo')}</p>`)).toBe(
      'see `@**Amina Diallo**` and @[Amina Diallo]',
    );
    expect(await bodyOf('@**Amina Diallo** as text', '<p>@**Amina Diallo** as text</p>')).toBe(
      '@**Amina Diallo** as text',
    );
  });
  test('are there wherever Zulip shows them, also where we would take them for code', async () => {
    expect(await bodyOf('a ` b @**Amina Diallo** `` c `', `<p>a ${span(101, 'Amina Diallo')}</p>`)).toContain(
      '@[Amina Diallo]',
    );
  });
});

describe('what is wrong', () => {
  const refused = (reads: Promise<unknown>) =>
    reads.then(
      () => expect.fail('It was read.'),
      (error: unknown) => {
        expect(error).toBeInstanceOf(ArchiveFault);
        return (error as Error).message;
      },
    );

  test('a half-written export is refused, with its file', async () => {
    const path = await writeFolder(folder(), entriesOf(anExport(), ''));
    await writeFile(join(path, 'messages-000003.json.partial'), '{"zerver_message": [');
    expect(await refused(readZulipArchive(path))).toMatch(
      /messages-000003\.json\.partial: is half-written.*make the export again/,
    );
  });

  test('what is left out anyway is counted and not judged', async () => {
    const place = await aPlaceToImport();
    const report = await take(
      place,
      changed(({ files }) =>
        files[1]?.push(
          { ...aMessage(1020, 101, '', 'its recipient was forgotten', 0), recipient: 777, is_channel_message: false },
          { ...aMessage(1021, 101, '', 'x'.repeat(400_000), 0), recipient: 33 },
          { ...aMessage(1022, 999, '', null as never, -5e9), recipient: 33 },
        ),
      ),
    );
    expect(noted(report, /private messages/)).toBe(3);
    expect(report.stored.get('posts')).toBe(2);
  });

  const future = (made: Export) => made.files[1]?.push(aMessage(1030, 101, 'Later', 'from tomorrow', 1e9));

  test('a date in the future is refused by its place', async () => {
    const place = await aPlaceToImport();
    expect(await refused(take(place, changed(future)))).toMatch(
      /messages-000002\.json: message 2 \(id 1030\): "date_sent" lies in the future/,
    );
  });

  test('one broken row among others is left out and listed where that is asked for; everything else arrives', async () => {
    const broken = (made: Export) => {
      future(made);
      made.files[0]?.push({ ...aMessage(1031, 101, 'x', 'y', 10), content: 7 as never });
      made.realm.zerver_userprofile?.push({ ...aUser(109, 'Broken'), is_bot: 'maybe' as never });
      made.realm.zerver_reaction?.push({ user_profile: 101, emoji_name: 'eyes' });
      made.files[0]?.push({ ...aMessage(1032, 101, 'x', 'to nowhere', 20), recipient: 888 });
    };
    const place = await aPlaceToImport();
    await refused(take(place, changed(broken)));
    expect(await place.events()).toEqual([]);
    const report = await take(place, changed(broken), { skipInvalid: true });
    expect(report.invalid).toEqual([
      expect.stringMatching(/realm\.json: zerver_userprofile, row 4 \(id 109\): "is_bot"/),
      expect.stringMatching(/realm\.json: zerver_reaction, row 1.*"message" is missing/),
      expect.stringMatching(/messages-000001\.json: message 3 \(id 1031\): "content"/),
      expect.stringMatching(/messages-000001\.json: message 4 \(id 1032\): its recipient 888/),
      expect.stringMatching(/messages-000002\.json: message 2 \(id 1030\): "date_sent"/),
    ]);
    expect([report.stored.get('posts'), report.stored.get('comments')]).toEqual([2, 1]);
  });

  test('what stands twice is refused, or left out the second time and listed', async () => {
    const twice = (made: Export) => {
      made.realm.zerver_userprofile?.push(aUser(101, 'Again'));
      made.files[1]?.push(aMessage(1001, 101, 'Lunch', 'again', 30));
    };
    const place = await aPlaceToImport();
    expect(await refused(take(place, changed(twice)))).toMatch(/the user 101 stands in it twice/);
    const report = await take(place, changed(twice), { skipInvalid: true });
    expect(report.invalid).toEqual([
      expect.stringMatching(/realm\.json: the user 101 stands in it twice/),
      expect.stringMatching(/messages-000002\.json: message 2 \(id 1001\): stands already in messages-000001\.json/),
    ]);
    expect((await wordsOf(place, 'MemberRegistered')).map(({ name }) => name)).not.toContain('Again');
  });
});

test('names of the organisation and of topics have nothing invisible either', async () => {
  const place = await aPlaceToImport();
  await take(
    place,
    changed((made) => {
      row(made, 'zerver_realm', 0).name = 'Ca\u200bse\u202e';
      made.files = [[aMessage(1001, 101, 'Lun\u200bch\u2060', 'hello', 0)]];
    }),
  );
  expect((await ofType(place, 'OrganisationNamed')).map((event) => dataOf(event).name)).toEqual(['Case']);
  expect((await wordsOf(place, 'PostPublished')).map(({ title }) => title)).toEqual(['Lunch']);
});

test('an organisation of another number comes beside the one that is there, and the report says so', async () => {
  const place = await aPlaceToImport();
  expect(noted(await take(place, anExport()), /another organisation/)).toBe(0);
  const restored = changed((made) => {
    row(made, 'zerver_realm', 0).id = 77;
  });
  expect(noted(await take(place, restored), /another organisation/)).toBe(1);
});
