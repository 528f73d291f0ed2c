import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { list } from 'tar';
import type { Told } from '../projections/folded-tables.ts';

export type Message = { id: number; sender: number; recipient: number; subject: string; date_sent: number };
type User = { id: number; is_bot?: boolean };
type Realm = Record<string, unknown> & {
  zerver_userprofile: User[];
  zerver_userprofile_crossrealm?: User[];
  zerver_stream: { id: number }[];
  zerver_recipient: { id: number; type: number; type_id: number }[];
};

const uuid = (kind: number, n: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const communityId = (n: number) => uuid(1, n);
export const memberId = (n: number) => uuid(2, n);

/** The history of an archive, told as events straight from its rows: no import, no log, no rules. */
export const toldFrom = async (folder: string): Promise<Told[]> => {
  const files = await filesOf(folder);
  const realm = JSON.parse(files.find(({ name }) => name === 'realm.json')?.text ?? '') as Realm;
  const messages = files
    .filter(({ name }) => name.startsWith('messages-'))
    .flatMap(({ text }) => (JSON.parse(text) as { zerver_message: Message[] }).zerver_message);
  const systemBots = new Set((realm.zerver_userprofile_crossrealm ?? []).map(({ id }) => id));
  const bots = new Set([...realm.zerver_userprofile.filter(({ is_bot }) => is_bot).map(({ id }) => id), ...systemBots]);
  const at = (seconds: number) => new Date(Math.round(seconds * 1000)).toISOString();
  const start = at(0);
  const people = [...new Set([...realm.zerver_userprofile.map(({ id }) => id), ...systemBots])].sort((a, b) => a - b);
  const channels = new Map(
    realm.zerver_recipient.filter(({ type }) => type === 2).map(({ id, type_id }) => [id, type_id]),
  );
  const topics = new Map<string, { postId: string; postAuthorId: string }>();
  const kindOf = (id: number) => (bots.has(id) ? 'SERVICE' : 'MEMBER');

  return [
    ...people.map((id) => ({
      type: bots.has(id) ? 'ServiceAccountRegistered' : 'MemberRegistered',
      at: start,
      data: { memberId: memberId(id), system: systemBots.has(id) },
    })),
    ...realm.zerver_stream.map(({ id }) => ({
      type: 'CommunityFounded',
      at: start,
      data: { communityId: communityId(id) },
    })),
    ...messages
      .sort((a, b) => a.date_sent - b.date_sent || a.id - b.id)
      .flatMap(({ id, sender, recipient, subject, date_sent }) => {
        const channel = channels.get(recipient);
        if (channel === undefined) return [];
        const name = `${channel} ${subject.toLowerCase()}`;
        const said = {
          communityId: communityId(channel),
          authorId: memberId(sender),
          authorKind: kindOf(sender),
        };
        const topic = topics.get(name);
        if (topic)
          return {
            type: 'CommentPublished',
            at: at(date_sent),
            data: { ...said, commentId: uuid(3, id), ...topic, kind: 'COMMENT', replyToMemberId: topic.postAuthorId },
          };
        const postId = uuid(3, id);
        topics.set(name, { postId, postAuthorId: said.authorId });
        const published = { type: 'PostPublished', at: at(date_sent), data: { ...said, postId, kind: 'DISCUSSION' } };
        if (!subject.startsWith('✔ ')) return published;
        return [
          published,
          { type: 'PostMarkedResolved', at: at(date_sent), data: { postId, communityId: said.communityId } },
        ];
      }),
  ];
};

const filesOf = async (folder: string): Promise<{ name: string; text: string }[]> => {
  const names = await readdir(folder, { recursive: true });
  const packed = names.find((name) => name.endsWith('.tar.gz'));
  const wanted = (path: string) => /(^|\/)(realm|messages-\d+)\.json$/.test(path);
  const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  if (!packed)
    return Promise.all(
      names
        .filter(wanted)
        .map(async (path) => ({ name: nameOf(path), text: await readFile(join(folder, path), 'utf8') })),
    );
  const files: Promise<{ name: string; text: string }>[] = [];
  await list({
    file: join(folder, packed),
    onReadEntry: (entry) => {
      if (!wanted(entry.path)) return entry.resume();
      files.push(entry.concat().then((bytes) => ({ name: nameOf(entry.path), text: bytes.toString('utf8') })));
    },
  });
  return Promise.all(files);
};
