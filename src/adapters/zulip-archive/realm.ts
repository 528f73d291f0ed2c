import type { z } from 'zod';
import { type Channel, milliseconds, type Reaction, type Realm, type Subscription, type User } from './archive.ts';
import { ArchiveFault, NOT_FROM_ZULIP } from './fault.ts';
import type { LeftOutCounts } from './left-out.ts';
import * as rows from './rows.ts';

const FILE = 'realm.json';
const CHANNEL = 2;
const SUBSCRIBED = 301;

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

export const readRealm = (value: unknown, leftOut: LeftOutCounts): RealmFile => {
  if (typeof value !== 'object' || value === null || !('zerver_realm' in value))
    throw new ArchiveFault(FILE, 'has no "zerver_realm"', NOT_FROM_ZULIP);
  const tables = value as Readonly<Record<string, unknown>>;
  const table = <T extends z.ZodObject>(name: string, schema: T) =>
    rows.readRows({ file: FILE, table: name }, tables[name], schema);

  const realm = onlyRealm(table('zerver_realm', rows.realmRow));
  const people = table('zerver_userprofile', rows.userRow);
  const users = byId('user', [
    ...people.map((row) => userOf(row, false)),
    ...table('zerver_userprofile_mirrordummy', rows.userRow).map((row) => userOf(row, true)),
    ...table('zerver_userprofile_crossrealm', rows.systemBotRow).map(systemBotOf),
  ]);
  const channelRows = table('zerver_stream', rows.channelRow);
  const channels = byId('channel', channelRows.map(channelOf));
  const recipientRows = table('zerver_recipient', rows.recipientRow);
  const recipients = new Map(
    byIdOnce('recipient', recipientRows).map(({ id, type, type_id }) => [
      id,
      { channelId: type === CHANNEL ? type_id : null },
    ]),
  );

  leftOut.tables(tables);
  leftOut.add(
    'deactivated accounts',
    people.filter((row) => row.is_active === false).length,
    'members like the others',
  );
  leftOut.add(
    'roles of owners, admins, moderators and guests',
    people.filter(({ role }) => role !== undefined && role !== null && role !== 400).length,
    'roles come with a login',
  );
  leftOut.add(
    'deactivated channels',
    channelRows.filter((row) => row.deactivated).length,
    'imported as open communities',
  );
  const joins = joinTimes(table('zerver_realmauditlog', rows.auditRow));
  const subscriptions = subscriptionsOf(table('zerver_subscription', rows.subscriptionRow), {
    users,
    channels,
    recipients,
    joins,
    leftOut,
  });
  const reactions = table('zerver_reaction', rows.reactionRow).map(({ user_profile, message, emoji_name }) => ({
    userId: user_profile,
    messageId: message,
    name: emoji_name,
  }));
  return { realm, users, channels, recipients, subscriptions, reactions };
};

const onlyRealm = ([realm, ...others]: z.infer<typeof rows.realmRow>[]): Realm => {
  if (!realm || others.length > 0)
    throw new ArchiveFault(FILE, `"zerver_realm" must have one row and has ${realm ? 1 + others.length : 0}`);
  const { id, name, date_created } = realm;
  return { id, name, createdAt: milliseconds(date_created), createdKey: Math.round(date_created * 1e6) };
};

const userOf = (row: z.infer<typeof rows.userRow>, isPlaceholder: boolean): User => ({
  id: row.id,
  name: row.full_name.trim() || `user ${row.id}`,
  // `email` can be a stand-in that reveals nothing; `delivery_email` is where mail arrives.
  email: row.delivery_email || row.email || null,
  isBot: row.is_bot,
  isSystem: false,
  isPlaceholder,
  joinedAt: milliseconds(row.date_joined),
});

const systemBotOf = ({ id, email }: z.infer<typeof rows.systemBotRow>): User => ({
  id,
  name: email.split('@')[0] || `bot ${id}`,
  email,
  isBot: true,
  isSystem: true,
  isPlaceholder: false,
  joinedAt: null,
});

const channelOf = (row: z.infer<typeof rows.channelRow>): Channel => ({
  id: row.id,
  name: row.name,
  description: row.description ?? '',
  isPrivate: row.invite_only ?? false,
  creatorId: row.creator ?? null,
  createdAt: row.date_created == null ? null : milliseconds(row.date_created),
});

/** When the audit log says that somebody was subscribed to a channel: the latest time, by user and channel. */
const joinTimes = (audits: readonly z.infer<typeof rows.auditRow>[]) =>
  new Map(
    audits
      .filter(({ event_type, modified_stream }) => Number(event_type) === SUBSCRIBED && modified_stream)
      .sort((a, b) => a.event_time - b.event_time)
      .map((row) => [`${row.modified_user} ${row.modified_stream}`, milliseconds(row.event_time)]),
  );

const subscriptionsOf = (
  found: readonly z.infer<typeof rows.subscriptionRow>[],
  {
    users,
    channels,
    recipients,
    joins,
    leftOut,
  }: Pick<RealmFile, 'users' | 'channels' | 'recipients'> & {
    joins: ReadonlyMap<string, number>;
    leftOut: LeftOutCounts;
  },
): Subscription[] =>
  found.flatMap(({ user_profile: userId, recipient, active }) => {
    const to = recipients.get(recipient);
    if (!to || !users.has(userId) || (to.channelId !== null && !channels.has(to.channelId)))
      leftOut.add('subscriptions', 1, 'of an account or a channel that the archive does not hold');
    else if (to.channelId === null) leftOut.add('inboxes', 1, 'private conversations are not imported');
    else if (!active) leftOut.add('ended subscriptions', 1, 'who has left a channel is not its member');
    else return [{ userId, channelId: to.channelId, since: joins.get(`${userId} ${to.channelId}`) ?? null }];
    return [];
  });

const byId = <T extends { readonly id: number }>(noun: string, all: readonly T[]): Map<number, T> =>
  new Map(byIdOnce(noun, all).map((one) => [one.id, one]));

/** In ascending id; the same id twice is a fault. */
const byIdOnce = <T extends { readonly id: number }>(noun: string, all: readonly T[]): T[] => {
  const sorted = [...all].sort((a, b) => a.id - b.id);
  const twice = sorted.find(({ id }, index) => id === sorted[index + 1]?.id);
  if (twice) throw new ArchiveFault(FILE, `the ${noun} ${twice.id} stands in it twice`);
  return sorted;
};
