import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ArchiveFault, type Limits, readZulipArchive } from '../../src/adapters/zulip-archive/index.ts';
import {
  anExport,
  type Entry,
  type Export,
  entriesOf,
  tarOf,
  writeFolder,
  writeTarball,
} from '../support/zulip-export.ts';

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabre-zulip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const fresh = () => join(folder, `archive-${++count}`);

const reading = async (entries: readonly Entry[], limits?: Partial<Limits>) =>
  readZulipArchive(await writeTarball(fresh(), entries), limits ? { limits } : {});

const readingBytes = async (bytes: Buffer, limits?: Partial<Limits>) => {
  const path = fresh();
  await writeFile(path, bytes);
  return readZulipArchive(path, limits ? { limits } : {});
};

const changed = (change: (made: Export) => void) => {
  const made = anExport();
  change(made);
  return entriesOf(made);
};

const refused = async (reads: Promise<unknown>, ...words: (string | RegExp)[]) => {
  const error = await reads.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ArchiveFault);
  for (const word of words) expect((error as ArchiveFault).message).toMatch(word);
};

describe('an export', () => {
  test('reads the same as an archive, as the folder unpacked from it, and as the folder around that', async () => {
    const entries = entriesOf(anExport());
    const packed = await reading(entries);
    const around = await writeFolder(fresh(), entries);
    expect(await readZulipArchive(join(around, 'zulip-export-acacia'))).toEqual(packed);
    expect(await readZulipArchive(around)).toEqual(packed);
    expect(await reading(entriesOf(anExport(), ''))).toEqual(packed);
    expect(await reading(entriesOf(anExport(), './zulip-export-acacia/'))).toEqual(packed);
    expect(packed.messages.map(({ id }) => id)).toEqual([1001, 1002, 1003]);
  });

  test('has its messages in the order of time, then of id, whatever file they stand in', async () => {
    const { messages } = await reading(
      changed(({ files }) => {
        for (const message of files.flat()) message.date_sent = message.id === 1001 ? 1_700_000_500.9 : 1_700_000_500.5;
      }),
    );
    expect(messages.map(({ id }) => id)).toEqual([1002, 1003, 1001]);
  });

  test('keeps fractions of a second to the millisecond, and nothing moves to the next one', async () => {
    const { messages } = await reading(
      changed(({ files }) => {
        for (const message of files.flat())
          message.date_sent = message.id === 1001 ? 1_700_000_000.123456 : 1_700_000_001.999999;
      }),
    );
    expect(messages.map(({ sentAt }) => sentAt).slice(0, 2)).toEqual([1_700_000_000_123, 1_700_000_001_999]);
  });

  test('may hold uploads, further tables and further fields: they are counted', async () => {
    const entries = changed(({ realm, files }) => {
      realm.zerver_poll = [{ id: 1 }, { id: 2 }];
      for (const message of files.flat()) message.rendered_content = '<p>';
    });
    const { leftOut } = await reading([...entries, { path: 'zulip-export-acacia/uploads/7/cat.png', body: 'cat' }]);
    expect(leftOut).toContainEqual(expect.objectContaining({ what: 'rows of zerver_poll', count: 2 }));
    expect(leftOut).toContainEqual(expect.objectContaining({ what: 'other files', count: 1 }));
  });

  test('counts private messages, inboxes and ended subscriptions, and leaves them out', async () => {
    const { messages, leftOut } = await reading(
      changed(({ realm, files }) => {
        if (files[1]?.[0]) files[1][0].recipient = 33;
        if (realm.zerver_subscription?.[1]) realm.zerver_subscription[1].active = false;
      }),
    );
    expect(messages).toHaveLength(2);
    expect(leftOut.map(({ what }) => what)).toEqual(['ended subscriptions', 'inboxes', 'private messages']);
  });
});

describe('a message file that is wrong names the file, the place and what to do', () => {
  const inFile37 = (body: string) => {
    const made = anExport();
    made.files = Array.from({ length: 37 }, (_, index) => (index === 0 ? (made.files[0] ?? []) : []));
    return entriesOf(made).map((entry) => (entry.path.endsWith('000037.json') ? { ...entry, body } : entry));
  };

  test.each([
    ['{"zerver_message": [\n  {"id": 1,, "sender": 2}]}', 'line 2, column 12 (byte 32)'],
    ['{"zerver_message": [', 'line 1, column 21 (byte 20): the file ends too early'],
    ['', 'line 1, column 1 (byte 0): the file ends too early'],
    ['{"zerver_message": []}}', 'line 1, column 23'],
    ['{"zerver_message": [1 2]}', 'column 23'],
    ['{"zerver_message": ["\u0007"]}', 'column 22'],
    ['{"zerver_message": ["\\x"]}', 'column 22'],
    ["{'zerver_message': []}", 'column 2'],
    ['{"zerver_message": [01]}', 'column 22'],
    ['{"zerver_message": nul}', 'column 20'],
    ['{"zerver_message": [}', 'column 21'],
    ['{"zerver_message": [1,]}', 'column 23'],
    ['{"zerver_message"}', 'column 18'],
  ])('broken JSON: %j', async (body, place) => {
    await refused(reading(inFile37(body)), 'messages-000037.json: broken JSON at', place);
  });

  test('text that is not UTF-8', async () => {
    const body = Buffer.concat([Buffer.from('{"zerver_message": "'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    await refused(
      reading(inFile37(body as never)),
      /messages-000037.json: is not UTF-8 text \(from about character 20\)/,
    );
  });

  test.each([
    ['sender', undefined, '"sender" is missing'],
    ['sender', 'Amina', '"sender" must be a number, not text'],
    ['sender', 1.5, '"sender" must be a whole number, not 1.5'],
    ['content', null, '"content" must be text, not null'],
    ['content', 'a\0b', 'NUL character'],
    ['content', '\ud800', 'half a surrogate pair'],
    ['content', 'x'.repeat(200_000), 'more than 180,000 bytes'],
    ['date_sent', 1_700_000_000_000, 'not milliseconds'],
    ['date_sent', -1, 'seconds since 1970'],
    ['recipient', 999, 'its recipient 999 is not in zerver_recipient'],
    ['id', 1001, 'stands already in messages-000001.json'],
  ])('a message with a wrong %s', async (field, value, words) => {
    const entries = changed(({ files }) => {
      if (files[0]?.[1]) files[0][1][field] = value;
    });
    const place = field === 'id' ? 'id 1001' : 'id 1002';
    await refused(reading(entries), `messages-000001.json: message 2 (${place})`, words);
  });

  test('a message to a channel that is in no table', async () => {
    const entries = changed(({ realm }) => realm.zerver_stream?.shift());
    await refused(reading(entries), /message 1 \(id 1001\): its recipient is the channel 21/);
  });

  test('a table row that lacks a field, an id that stands twice, two organisations in one', async () => {
    const without = changed(({ realm }) => delete realm.zerver_userprofile?.[2]?.is_bot);
    await refused(reading(without), /realm.json: zerver_userprofile, row 3 \(id 103\): "is_bot" is missing/);
    const twice = changed(({ realm }) => realm.zerver_userprofile_crossrealm?.push({ id: 101, email: 'x@zulip.com' }));
    await refused(reading(twice), /realm.json: the user 101 stands in it twice/);
    const two = changed(({ realm }) => realm.zerver_realm?.push({ ...realm.zerver_realm[0], id: 8 }));
    await refused(reading(two), /"zerver_realm" must have one row and has 2/);
  });

  test('a file that is missing in the sequence, or is there twice', async () => {
    const all = entriesOf(anExport());
    await refused(reading(all.slice(1)), /messages-000001.json: is missing, and messages-000002.json is there/);
    await refused(reading([...all, ...all.slice(0, 1)]), /messages-000001.json: stands in the archive twice/);
    await refused(reading(all.filter(({ path }) => !/messages/.test(path))), /has no messages-000001.json/);
  });
});

describe('a file that is no such archive is told so', () => {
  test.each([
    ['no gzip', Buffer.from('PK\u0003\u0004 a zip'), 'is not a gzip archive'],
    ['nothing', Buffer.alloc(0), 'is empty'],
    ['a gzip of text', gzipSync('x'.repeat(2_000)), 'is not a readable tar'],
    ['a gzip of nothing', gzipSync(''), 'not a readable tar'],
  ])('%s', async (_, bytes, words) => {
    await refused(readingBytes(bytes), words, /Give a Zulip organisation export|copy or download/);
  });

  test('the export of another program', async () => {
    await refused(reading([{ path: 'slack/channels.json', body: '[]' }]), /no realm.json/, /Give a Zulip/);
    await refused(reading([{ path: 'x/realm.json', body: '[]' }]), /realm.json: has no "zerver_realm"/);
    await refused(readZulipArchive(join(folder, 'nowhere')), /cannot be read \(ENOENT\)/);
  });

  test('two exports in one archive or folder', async () => {
    const both = [...entriesOf(anExport()), ...entriesOf(anExport(), 'other/')];
    await refused(reading(both), /several exports/);
    await refused(readZulipArchive(await writeFolder(fresh(), both)), /2 exports/);
  });

  test('an archive that was cut off anywhere', async () => {
    const whole = gzipSync(tarOf(entriesOf(anExport())));
    for (const at of [3, 20, 200, whole.length >> 1, whole.length - 20, whole.length - 1])
      await refused(readingBytes(whole.subarray(0, at)), /cut off|Give a Zulip/);
    const tar = tarOf(entriesOf(anExport()), { end: false });
    await refused(readingBytes(gzipSync(tar)), /ends before its last entry/, /cut off/);
    await refused(readingBytes(gzipSync(tar.subarray(0, 700))), /ends inside a file/);
  });

  test('an archive whose bytes were changed', async () => {
    const whole = gzipSync(tarOf(entriesOf(anExport())));
    whole.writeUInt8(whole.readUInt8(whole.length >> 1) ^ 0xff, whole.length >> 1);
    await refused(readingBytes(whole), /damaged|not a readable tar|ends/);
  });
});

describe('an archive made to do harm is refused', () => {
  const beside = (entry: Entry) => [entry, ...entriesOf(anExport())];

  test.each([
    [{ path: '../../etc/cron.d/evil', body: 'x' }, 'leads out of the archive'],
    [{ path: 'zulip-export-acacia/uploads/../../../evil', body: 'x' }, 'leads out of the archive'],
    [{ path: 'zulip-export-acacia\\..\\evil', body: 'x' }, 'leads out of the archive'],
    [{ path: '/etc/passwd', body: 'x' }, 'absolute path'],
    [{ path: 'C:/evil', body: 'x' }, 'absolute path'],
    [{ path: 'zulip-export-acacia/realm.json', type: 'SymbolicLink', linkpath: '/etc/passwd' }, 'is a link'],
    [{ path: 'zulip-export-acacia/emoji', type: 'Link', linkpath: '../x' }, 'is a link'],
    [{ path: 'zulip-export-acacia/tty', type: 'CharacterDevice' }, 'neither file nor folder'],
  ] as [Entry, string][])('%j', async (entry, words) => {
    await refused(reading(beside(entry)), words, 'do not trust');
  });

  test('a bomb: too many bytes, too high a ratio, too large a file, too many entries, packed twice', async () => {
    const zeros = { path: 'zulip-export-acacia/uploads/zeros', body: Buffer.alloc(3_000_000) };
    await refused(
      reading(beside(zeros), { totalBytes: 1_000_000 }),
      /more than 1 MiB/,
      /unpack it and give the folder/,
    );
    await refused(reading(beside(zeros), { ratioFromBytes: 1_000_000 }), /300 times its size/);
    await refused(reading(entriesOf(anExport()), { jsonBytes: 100 }), /messages-000001.json: has/);
    await refused(reading(entriesOf(anExport()), { entries: 2 }), /more than 2 entries/);
    await refused(readingBytes(gzipSync(gzipSync(tarOf(entriesOf(anExport()))))), /compressed twice/);
    const padded = Buffer.concat([tarOf(entriesOf(anExport())), Buffer.alloc(3_000_000)]);
    await refused(readingBytes(gzipSync(padded), { totalBytes: 1_000_000 }), /more than 1 MiB/);
  });

  test('JSON nested a million deep ends in an error and not in a crash', async () => {
    const body = `{"zerver_message": ${'['.repeat(1_000_000)}`;
    await refused(
      reading([...entriesOf(anExport()).slice(1), { path: 'zulip-export-acacia/messages-000001.json', body }]),
      /broken JSON/,
    );
  });

  test('a folder in which a file is a link or something else', async () => {
    const linked = await writeFolder(fresh(), entriesOf(anExport(), ''));
    await symlink('/etc/passwd', join(linked, 'messages-000003.json'));
    await refused(readZulipArchive(linked), /messages-000003.json: is a link/);
    const odd = await writeFolder(fresh(), entriesOf(anExport(), '').slice(1));
    await mkdir(join(odd, 'messages-000001.json'));
    await refused(readZulipArchive(odd), /messages-000001.json: is missing/);
  });
});
