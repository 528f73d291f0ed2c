import { type Message, milliseconds, type User } from './archive.ts';
import { ArchiveFault, NOT_FROM_ZULIP } from './fault.ts';
import type { LeftOutCounts } from './left-out.ts';
import { type RealmFile, unknownUser } from './realm.ts';
import { anyMessageRow, messageRow, type OnFault, readRow, rowsOf } from './rows.ts';

const NAME = /^messages-(\d+)\.json$/;

export const isMessages = (name: string) => NAME.test(name);

/** The messages of one file as they are written, and its place in the sequence of files. */
export type MessageFile = { readonly name: string; readonly number: number; readonly rows: readonly unknown[] };

export const readMessages = (name: string, value: unknown): MessageFile => {
  if (typeof value !== 'object' || value === null || !('zerver_message' in value))
    throw new ArchiveFault(name, 'has no "zerver_message"');
  const rows = rowsOf(placeIn(name), value.zerver_message);
  return { name, number: Number(NAME.exec(name)?.[1]), rows };
};

const placeIn = (file: string) => ({ file, table: 'zerver_message', word: 'message' });

export type Joined = {
  readonly messages: Message[];
  readonly unknown: readonly User[];
  readonly heldBack: ReadonlySet<number>;
};

type Joining = {
  readonly leftOut: LeftOutCounts;
  readonly onFault: OnFault;
  readonly includesProtected: boolean;
};

/**
 * All messages sent to channels, in the order in which they happened; every recipient exists. A sender who is in no table is
 * answered as somebody unknown. What is left out anyway is counted, and nothing of it is judged.
 */
export const joinMessages = (
  files: readonly MessageFile[],
  realm: Pick<RealmFile, 'users' | 'channels' | 'recipients'>,
  { leftOut, onFault, includesProtected }: Joining,
): Joined => {
  const inOrder = [...files].sort((a, b) => a.number - b.number);
  assertSequence(inOrder);
  const places = new Map<number, string>();
  const messages: Message[] = [];
  const unknown = new Map<number, User>();
  const heldBack = new Set<number>();
  for (const { name, rows } of inOrder)
    for (const [index, written] of rows.entries()) {
      const some = readRow(placeIn(name), written, index, anyMessageRow, onFault);
      if (!some) continue;
      const fault = (problem: string) =>
        onFault(new ArchiveFault(name, `message ${index + 1} (id ${some.id}): ${problem}`));
      const before = places.get(some.id);
      if (before) {
        fault(`stands already in ${before}`);
        continue;
      }
      places.set(some.id, name);
      const recipient = realm.recipients.get(some.recipient);
      if (recipient?.channelId === null || (!recipient && some.is_channel_message === false)) {
        leftOut.add('private messages', 1, 'only what was said in channels is imported');
        continue;
      }
      if (!recipient) {
        fault(`its recipient ${some.recipient} is not in zerver_recipient of realm.json`);
        continue;
      }
      const { channelId } = recipient;
      const channel = realm.channels.get(channelId);
      if (!channel) {
        fault(`its recipient is the channel ${channelId}, which is not in zerver_stream of realm.json`);
        continue;
      }
      if (channel.hasProtectedHistory && !includesProtected) {
        heldBack.add(some.id);
        leftOut.add(`messages of the channel "${channel.name}"`, 1, PROTECTED);
        continue;
      }
      const row = readRow(placeIn(name), written, index, messageRow, onFault);
      if (!row) continue;
      if (!realm.users.has(row.sender)) unknown.set(row.sender, unknownUser(row.sender));
      messages.push({
        id: row.id,
        senderId: row.sender,
        channelId,
        subject: row.subject,
        content: row.content,
        mentioned: row.rendered_content == null ? null : mentionedIn(row.rendered_content),
        editedAt: row.last_edit_time == null ? null : milliseconds(row.last_edit_time),
        dateSent: row.date_sent,
        sentAt: milliseconds(row.date_sent),
      });
      if (row.last_edit_time != null) leftOut.add('earlier versions of edited messages', 1, EDITED);
    }
  leftOut.add('senders who are in no table', unknown.size, 'placeholders stand in for them: "unknown <their number>"');
  messages.sort((a, b) => a.dateSent - b.dateSent || a.id - b.id);
  return { messages, unknown: [...unknown.values()], heldBack };
};

const EDITED = 'a message is imported as it stands, without what it said before';
const PROTECTED =
  'its members see only what was said after they had joined, and here they would see all of it: --protected-history imports it';

// Its attributes stand in either order.
const MENTION = /<span(?=[^>]*\sclass="user-mention(?: [\w-]+)*")[^>]*\sdata-user-id="(\d+)"[^>]*>@?([^<]*)<\/span>/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

const mentionedIn = (rendered: string): NonNullable<Message['mentioned']> =>
  [...rendered.matchAll(MENTION)].map(([, userId, name = '']) => ({
    userId: Number(userId),
    name: name.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, entity: string) => ENTITIES[entity] ?? ''),
  }));

const assertSequence = (files: readonly MessageFile[]) => {
  if (files.length === 0) throw new ArchiveFault(null, 'The archive has no messages-000001.json', NOT_FROM_ZULIP);
  for (const [index, { number, name }] of files.entries())
    if (number !== index + 1) {
      const missing = `messages-${String(index + 1).padStart(6, '0')}.json`;
      throw new ArchiveFault(missing, `is missing, and ${name} is there`);
    }
};
