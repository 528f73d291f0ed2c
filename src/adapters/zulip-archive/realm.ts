import type { z } from 'zod';
import { type Channel, milliseconds, type Reaction, type Realm, type Subscription, type User } from './archive.ts';
import { ArchiveFault } from './fault.ts';
import type { LeftOutCounts } from './left-out.ts';
import { shownName } from './names.ts';
import * as rows from './rows.ts';
import { joinTimes, subscriptionsOf } from './subscriptions.ts';

const FILE = 'realm.json';
const CHANNEL = 2;
const MEMBER = 400;
const GUEST = 600;

/** What `realm.json` says, its rows validated and their ids unique. */
export type RealmFile = {
  readonly realm: Realm;
  readonly users: ReadonlyMap<number, User>;
  readonly channels: ReadonlyMap<number, Channel>;
  /** The channel that a recipient is; null for people and groups. */
  readonly recipients: ReadonlyMap<number, { readonly channelId: number | null }>;
  readonly subscriptions: readonly Subscription[];
  readonly reactions: readonly Reaction[];
};

/** Tables of `realm.json`, and such that other versions of Zulip write into other files. */
export type Tables = Readonly<Record<string, unknown>>;

export const readRealm = (tables: Tables, leftOut: LeftOutCounts, onFault: rows.OnFault): RealmFile => {
  const table = <T extends z.ZodObject>(name: string, schema: T) =>
    rows.readRows({ file: FILE, table: name }, tables[name], schema, onFault);

  const realm = onlyRealm(
    rows.readRows({ file: FILE, table: 'zerver_realm' }, tables.zerver_realm, rows.realmRow, (fault) => {
      throw fault;
    }),
  );
  const people = table('zerver_userprofile', rows.userRow);
  const users = byId('user', onFault, [
    ...people.map((row) => userOf(row, false, leftOut)),
    ...table('zerver_userprofile_mirrordummy', rows.userRow).map((row) => userOf(row, true, leftOut)),
    ...table('zerver_userprofile_crossrealm', rows.systemBotRow).map(systemBotOf),
  ]);
  const channelRows = table('zerver_stream', rows.channelRow);
  const channels = byId(
    'channel',
    onFault,
    channelRows.map((row) => channelOf(row, leftOut)),
  );
  const recipientRows = table('zerver_recipient', rows.recipientRow);
  const recipients = new Map(
    byIdOnce('recipient', onFault, recipientRows).map(({ id, type, type_id }) => [
      id,
      { channelId: type === CHANNEL ? type_id : null },
    ]),
  );

  leftOut.add(
    'deactivated accounts',
    people.filter((row) => row.is_active === false).length,
    'members who belong to no community any more',
  );
  leftOut.add(
    'guests',
    people.filter(({ role }) => role === GUEST).length,
    'members only of what they were subscribed to',
  );
  leftOut.add(
    'roles of owners, admins and moderators',
    people.filter(({ role }) => role != null && role !== MEMBER && role !== GUEST).length,
    'roles come with a login',
  );
  const joins = joinTimes(table('zerver_realmauditlog', rows.auditRow));
  const subscriptions = subscriptionsOf(table('zerver_subscription', rows.subscriptionRow), {
    users,
    channels,
    recipients,
    joins,
    leftOut,
  });
  const peopled = new Set(subscriptions.map(({ channelId }) => channelId));
  for (const { id, name, isPrivate } of channels.values())
    if (isPrivate && !peopled.has(id))
      leftOut.add(`members of the private channel "${name}"`, 1, 'it has none: only admins can let somebody in');
  const reactions = table('zerver_reaction', rows.reactionRow).map((row) => ({
    userId: row.user_profile,
    messageId: row.message,
    name: row.emoji_name,
    code: row.reaction_type == null || row.reaction_type === 'unicode_emoji' ? (row.emoji_code ?? null) : null,
  }));
  return { realm, users, channels, recipients, subscriptions, reactions };
};

const onlyRealm = ([realm, ...others]: z.infer<typeof rows.realmRow>[]): Realm => {
  if (!realm || others.length > 0)
    throw new ArchiveFault(FILE, `"zerver_realm" must have one row and has ${realm ? 1 + others.length : 0}`);
  const { id, name, date_created } = realm;
  return {
    id,
    name: shownName(name, name).name,
    createdAt: milliseconds(date_created),
    createdKey: Math.round(date_created * 1e6),
  };
};

const userOf = (row: z.infer<typeof rows.userRow>, isPlaceholder: boolean, leftOut: LeftOutCounts): User => ({
  id: row.id,
  name: named(row.full_name, `user ${row.id}`, leftOut),
  writtenName: row.full_name.trim(),
  // `email` can be a stand-in that reveals nothing; `delivery_email` is where mail arrives.
  email: row.delivery_email || row.email || null,
  isBot: row.is_bot,
  isActive: row.is_active !== false,
  isGuest: row.role === GUEST,
  isSystem: false,
  isPlaceholder,
  joinedAt: milliseconds(row.date_joined),
});

/** A name that people can read, with a note where it is not the one that is written. */
const named = (written: string, otherwise: string, leftOut: LeftOutCounts): string => {
  const { name, wasReplaced, hadInvisible, wasCut } = shownName(written, otherwise);
  if (wasReplaced) leftOut.add('names that show nothing', 1, 'replaced by what they are the name of, and its number');
  if (hadInvisible) leftOut.add('names with invisible characters', 1, 'these characters are left out');
  if (wasCut) leftOut.add('names that are too long', 1, 'cut to 120 characters');
  return name;
};

/** Somebody who is in no table any more, and who said something: a deleted account, or one of another server. */
export const unknownUser = (id: number): User => ({
  id,
  name: `unknown ${id}`,
  writtenName: '',
  email: null,
  isBot: false,
  isActive: false,
  isGuest: false,
  isSystem: false,
  isPlaceholder: true,
  joinedAt: null,
});

const systemBotOf = ({ id, email }: z.infer<typeof rows.systemBotRow>): User => ({
  id,
  name: email.split('@')[0] || `bot ${id}`,
  writtenName: email.split('@')[0] ?? '',
  email,
  isBot: true,
  isActive: true,
  isGuest: false,
  isSystem: true,
  isPlaceholder: false,
  joinedAt: null,
});

/** What Zulip puts before the name of a channel that was deactivated. */
const DEACTIVATED = /^!+DEACTIVATED:/;

const channelOf = (row: z.infer<typeof rows.channelRow>, leftOut: LeftOutCounts): Channel => ({
  id: row.id,
  name: named(row.name.replace(DEACTIVATED, ''), `channel ${row.id}`, leftOut),
  description: row.description ?? '',
  isPrivate: row.invite_only ?? false,
  hasProtectedHistory: row.invite_only === true && row.history_public_to_subscribers === false,
  isArchived: row.deactivated === true || DEACTIVATED.test(row.name),
  creatorId: row.creator ?? null,
  createdAt: row.date_created == null ? null : milliseconds(row.date_created),
});

const byId = <T extends { readonly id: number }>(noun: string, onFault: rows.OnFault, all: readonly T[]) =>
  new Map(byIdOnce(noun, onFault, all).map((one) => [one.id, one]));

/** In ascending id; the same id twice is a fault of the later row. */
const byIdOnce = <T extends { readonly id: number }>(noun: string, onFault: rows.OnFault, all: readonly T[]): T[] => {
  const seen = new Set<number>();
  const once = all.filter(({ id }) => {
    if (seen.has(id)) onFault(new ArchiveFault(FILE, `the ${noun} ${id} stands in it twice`));
    return !seen.has(id) && seen.add(id);
  });
  return once.sort((a, b) => a.id - b.id);
};
