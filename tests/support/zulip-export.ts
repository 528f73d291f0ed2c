import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';

/** A small Zulip organisation export, made here: rows by table, to be changed by a test and written. */
export type Export = {
  realm: Record<string, Row[]>;
  /** One list of messages a file. */
  files: Row[][];
};
// biome-ignore lint/suspicious/noExplicitAny: a test may put anything into a row
export type Row = Record<string, any>;

export type Entry = {
  readonly path: string;
  readonly body?: string | Buffer;
  readonly type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice';
  readonly linkpath?: string;
};

const START = 1_700_000_000;

/** Two people, one bot, a channel and a private one; three messages in two files. */
export const anExport = (): Export => ({
  realm: {
    zerver_realm: [{ id: 7, name: 'Acacia', string_id: 'acacia', date_created: START + 0.25 }],
    zerver_userprofile: [
      aUser(101, 'Amina Diallo'),
      aUser(102, 'Bruno Costa'),
      { ...aUser(103, 'Weather'), is_bot: true },
    ],
    zerver_userprofile_mirrordummy: [],
    zerver_userprofile_crossrealm: [{ id: 11, email: 'notification-bot@zulip.com' }],
    zerver_stream: [
      { id: 21, name: 'general', date_created: START, invite_only: false, creator: 101 },
      { id: 22, name: 'Steering', date_created: START, invite_only: true },
    ],
    zerver_recipient: [
      { id: 31, type: 2, type_id: 21 },
      { id: 32, type: 2, type_id: 22 },
      { id: 33, type: 1, type_id: 101 },
    ],
    zerver_subscription: [
      { id: 41, user_profile: 101, recipient: 31, active: true },
      { id: 42, user_profile: 102, recipient: 31, active: true },
      { id: 43, user_profile: 101, recipient: 32, active: true },
      { id: 44, user_profile: 101, recipient: 33, active: true },
    ],
    zerver_reaction: [],
  },
  files: [
    [aMessage(1001, 101, 'Lunch', 'Where to?', 0), aMessage(1002, 102, 'lunch', 'The river.', 60)],
    [aMessage(1003, 101, 'Budget', 'It is @**Bruno Costa**’s turn.', 120)],
  ],
});

export const aUser = (id: number, name: string): Row => ({
  id,
  full_name: name,
  email: `user${id}@example.invalid`,
  delivery_email: `user${id}@example.invalid`,
  is_bot: false,
  is_active: true,
  role: 400,
  date_joined: START,
});

/** `after`: seconds after the first message. */
export const aMessage = (id: number, sender: number, subject: string, content: string, after: number): Row => ({
  id,
  sender,
  recipient: 31,
  subject,
  content,
  date_sent: START + 1_000 + after,
  last_edit_time: null,
  has_attachment: false,
});

/** The files of an export as entries under one top folder. */
export const entriesOf = ({ realm, files }: Export, top = 'zulip-export-acacia/'): Entry[] => [
  ...files.map((messages, index) => ({
    path: `${top}messages-${String(index + 1).padStart(6, '0')}.json`,
    body: JSON.stringify({ zerver_message: messages, zerver_usermessage: [] }),
  })),
  { path: `${top}realm.json`, body: JSON.stringify(realm) },
  { path: `${top}attachment.json`, body: JSON.stringify({ zerver_attachment: [] }) },
];

export const writeFolder = async (folder: string, entries: readonly Entry[]): Promise<string> => {
  for (const { path, body = '' } of entries) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
  }
  return folder;
};

/** A tar with exactly these entries, whatever their paths and kinds; no tool would write some of them. */
export const tarOf = (entries: readonly Entry[], { end = true } = {}): Buffer => {
  const blocks = entries.flatMap(({ path, body = '', type = 'File', linkpath }) => {
    const bytes = Buffer.from(body);
    const header = new Header({ path, size: bytes.length, type, mode: 0o644, mtime: new Date(0), linkpath });
    header.encode();
    return [header.block ?? Buffer.alloc(512), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(end ? 1024 : 0)]);
};

export const writeTarball = async (file: string, entries: readonly Entry[]): Promise<string> => {
  await writeFile(file, gzipSync(tarOf(entries)));
  return file;
};
