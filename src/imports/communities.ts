import type { Channel } from '../adapters/zulip-archive/index.ts';
import { at, streamName } from '../core/decider.ts';
import { community } from '../domain/community.ts';
import { membership, membershipId } from '../domain/membership.ts';
import { slugOf } from '../domain/words.ts';
import type { Draft } from './draft.ts';
import type { People } from './people.ts';
import { type Keys, NOBODY, type Planning } from './plan.ts';

const SLUG_LENGTH = 80;

/** Channels become communities under their own names, in ascending id, so that the same one gets the shorter slug every time. */
export const planCommunities = (planning: Planning, keys: Keys, people: People): Draft[] =>
  planning.archive.channels.flatMap((channel) => {
    if (!planning.stored.communities.has(planning.ids.community(channel.id)))
      return founding(planning, keys, people, channel);
    planning.tally.present('communities');
    return [];
  });

const founding = ({ archive, ids }: Planning, keys: Keys, people: People, channel: Channel): Draft => {
  const communityId = ids.community(channel.id);
  const to = at(community, communityId);
  const commandId = ids.command('found', channel.id);
  const foundedAt = channel.createdAt ?? archive.realm.createdAt;
  const owner = { id: communityId, stream: streamName(to), commandId, at: foundedAt };
  const founderId = (channel.creatorId !== null && people.memberIdOf(channel.creatorId)) || null;
  const data = {
    communityId,
    name: channel.name,
    slug: keys.takeFirstFree('slug', slugOf(channel.name) || `community-${channel.id}`, SLUG_LENGTH, owner),
    description: channel.description,
    visibility: channel.isPrivate ? 'PRIVATE' : 'PUBLIC',
    joinPolicy: channel.isPrivate ? 'BY_INVITATION' : 'OPEN',
    founderId,
  };
  return {
    noun: 'communities',
    origin: `channel ${channel.id}`,
    to,
    expected: 'none',
    commandId,
    actor: founderId ?? NOBODY,
    at: foundedAt,
    events: [{ type: 'CommunityFounded', data }],
  };
};

/**
 * Subscriptions become memberships. Since when: as the archive tells; else since the member's first message there; else since
 * both were there.
 */
export const planMemberships = ({ archive, ids, stored, tally }: Planning, people: People): Draft[] => {
  const firstSpoke = new Map<string, number>();
  for (const { senderId, channelId, sentAt } of archive.messages) {
    const pair = `${senderId} ${channelId}`;
    if (!firstSpoke.has(pair)) firstSpoke.set(pair, sentAt);
  }
  const joinedAt = new Map(archive.users.map((user) => [user.id, user.joinedAt]));
  const createdAt = new Map(archive.channels.map((channel) => [channel.id, channel.createdAt]));
  const seen = new Set<string>();

  return archive.subscriptions
    .flatMap(({ userId, channelId, since }): Draft[] => {
      const memberId = people.memberIdOf(userId);
      if (!memberId) {
        tally.leftOut('subscriptions of placeholders', 'they wrote nothing');
        return [];
      }
      const to = at(membership, membershipId(ids.community(channelId), memberId));
      const stream = streamName(to);
      if (seen.has(stream)) return [];
      seen.add(stream);
      if (stored.memberships.has(stream)) {
        tally.present('memberships');
        return [];
      }
      const { createdAt: start } = archive.realm;
      const bothThere = Math.max(joinedAt.get(userId) ?? start, createdAt.get(channelId) ?? start);
      const data = { communityId: ids.community(channelId), memberId, via: 'IMPORT' };
      return [
        {
          noun: 'memberships',
          origin: `the subscription of user ${userId} to channel ${channelId}`,
          to,
          expected: 'none',
          commandId: ids.command('join', channelId, userId),
          actor: memberId,
          at: since ?? firstSpoke.get(`${userId} ${channelId}`) ?? bothThere,
          events: [{ type: 'MemberJoined', data }],
        },
      ];
    })
    .sort((a, b) => a.at - b.at);
};
