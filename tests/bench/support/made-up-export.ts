import { join } from 'node:path';
import { aMessage, anExport, aUser, entriesOf, writeTarball } from '../../support/zulip-export.ts';

const WORDS = 'the tree of our village gives shade to whoever comes to talk about what is next for all of us'.split(
  ' ',
);
const MEMBERS = 1_500;
const CHANNELS = 40;
const TOPICS = 5_000;
const FILE = 1_000;

/** A Zulip export of so many messages, the same every time; texts of some 600 characters. */
export const writeMadeUpExport = async (folder: string, messages: number): Promise<string> => {
  const made = anExport();
  made.realm.zerver_userprofile = Array.from({ length: MEMBERS }, (_, n) => aUser(1_000 + n, `Member ${n}`));
  const channels = Array.from({ length: CHANNELS }, (_, n) => ({ id: 100 + n, name: `Channel ${n}` }));
  made.realm.zerver_stream = channels;
  made.realm.zerver_recipient = channels.map(({ id }) => ({ id: id + 1_000, type: 2, type_id: id }));
  made.realm.zerver_subscription = [];
  const all = Array.from({ length: messages }, (_, n) => {
    const topic = (n * 7_919) % TOPICS;
    return {
      ...aMessage(10_000 + n, 1_000 + ((n * 104_729) % MEMBERS), `Topic ${topic}`, text(n), 60 * n),
      recipient: 1_100 + (topic % CHANNELS),
    };
  });
  made.files = Array.from({ length: Math.ceil(messages / FILE) }, (_, n) => all.slice(n * FILE, (n + 1) * FILE));
  return writeTarball(join(folder, 'made-up.tar.gz'), entriesOf(made));
};

const text = (n: number) =>
  Array.from({ length: 40 + ((n * 31) % 160) }, (_, i) => WORDS[(n * 17 + i * 13) % WORDS.length]).join(' ');
