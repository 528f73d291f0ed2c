import { type Message, milliseconds } from './archive.ts';
import { ArchiveFault, NOT_FROM_ZULIP } from './fault.ts';
import type { LeftOutCounts } from './left-out.ts';
import type { RealmFile } from './realm.ts';
import { type MessageRow, messageRow, readRows } from './rows.ts';

const NAME = /^messages-(\d+)\.json$/;

export const isMessages = (name: string) => NAME.test(name);

/** The messages of one file, and its place in the sequence of files. */
export type MessageFile = { readonly name: string; readonly number: number; readonly rows: readonly MessageRow[] };

export const readMessages = (name: string, value: unknown, leftOut: LeftOutCounts): MessageFile => {
  if (typeof value !== 'object' || value === null || !('zerver_message' in value))
    throw new ArchiveFault(name, 'has no "zerver_message"');
  const tables = value as Readonly<Record<string, unknown>>;
  leftOut.tables(tables);
  const rows = readRows({ file: name, table: 'zerver_message', word: 'message' }, tables.zerver_message, messageRow);
  return { name, number: Number(NAME.exec(name)?.[1]), rows };
};

/** All messages sent to channels, in the order in which they happened; every sender and recipient exists. */
export const joinMessages = (
  files: readonly MessageFile[],
  realm: Pick<RealmFile, 'users' | 'channels' | 'recipients'>,
  leftOut: LeftOutCounts,
): Message[] => {
  const inOrder = [...files].sort((a, b) => a.number - b.number);
  assertSequence(inOrder);
  assertOnce(inOrder);
  const messages: Message[] = [];
  for (const { name, rows } of inOrder)
    for (const [index, row] of rows.entries()) {
      const fault = (problem: string) => new ArchiveFault(name, `message ${index + 1} (id ${row.id}): ${problem}`);
      if (!realm.users.has(row.sender)) throw fault(`its sender ${row.sender} is in no user table of realm.json`);
      const recipient = realm.recipients.get(row.recipient);
      if (!recipient) throw fault(`its recipient ${row.recipient} is not in zerver_recipient of realm.json`);
      const { channelId } = recipient;
      if (channelId === null) {
        leftOut.add('private messages', 1, 'only what was said in channels is imported');
        continue;
      }
      if (!realm.channels.has(channelId))
        throw fault(`its recipient is the channel ${channelId}, which is not in zerver_stream of realm.json`);
      messages.push({
        id: row.id,
        senderId: row.sender,
        channelId,
        subject: row.subject,
        content: row.content,
        dateSent: row.date_sent,
        sentAt: milliseconds(row.date_sent),
      });
      if (row.last_edit_time != null) leftOut.add('earlier versions of edited messages', 1, EDITED);
    }
  return messages.sort((a, b) => a.dateSent - b.dateSent || a.id - b.id);
};

const EDITED = 'a message is imported as it stands at the time of its first import';

const assertSequence = (files: readonly MessageFile[]) => {
  if (files.length === 0) throw new ArchiveFault(null, 'The archive has no messages-000001.json', NOT_FROM_ZULIP);
  for (const [index, { number, name }] of files.entries())
    if (number !== index + 1) {
      const missing = `messages-${String(index + 1).padStart(6, '0')}.json`;
      throw new ArchiveFault(missing, `is missing, and ${name} is there`);
    }
};

const assertOnce = (files: readonly MessageFile[]) => {
  const places = new Map<number, string>();
  for (const { name, rows } of files)
    for (const [index, { id }] of rows.entries()) {
      const before = places.get(id);
      if (before) throw new ArchiveFault(name, `message ${index + 1} (id ${id}) stands already in ${before}`);
      places.set(id, name);
    }
};
