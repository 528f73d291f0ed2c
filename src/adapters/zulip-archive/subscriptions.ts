import type { z } from 'zod';
import { milliseconds, type Subscription } from './archive.ts';
import type { LeftOutCounts } from './left-out.ts';
import type { RealmFile } from './realm.ts';
import type * as rows from './rows.ts';

const SUBSCRIBED = 301;

/** When the audit log says that somebody was subscribed to a channel: the latest time, by user and channel. */
export const joinTimes = (audits: readonly z.infer<typeof rows.auditRow>[]) =>
  new Map(
    audits
      .filter(({ event_type, modified_stream }) => Number(event_type) === SUBSCRIBED && modified_stream != null)
      .sort((a, b) => a.event_time - b.event_time)
      .map((row) => [`${row.modified_user} ${row.modified_stream}`, milliseconds(row.event_time)]),
  );

/** Who is in which channel; what has ended is counted. */
export const subscriptionsOf = (
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
): Subscription[] => {
  const subscriptions: Subscription[] = [];
  for (const { user_profile: userId, recipient, active, is_user_active } of found) {
    const to = recipients.get(recipient);
    const user = users.get(userId);
    if (!to || !user || (to.channelId !== null && !channels.has(to.channelId)))
      leftOut.add('subscriptions', 1, 'of an account or a channel that the archive does not hold');
    else if (to.channelId === null) leftOut.add('inboxes', 1, 'private conversations are not imported');
    else if (active && user.isActive && is_user_active !== false)
      subscriptions.push({ userId, channelId: to.channelId, since: joins.get(`${userId} ${to.channelId}`) ?? null });
    else
      leftOut.add(
        active ? 'subscriptions of deactivated accounts' : 'ended subscriptions',
        1,
        active ? 'they belong to nothing any more' : 'who has left a channel is not its member',
      );
  }
  return subscriptions;
};
