import { at, streamName } from '../core/decider.ts';
import { membership, membershipId } from '../domain/membership.ts';
import { endOf } from './changes.ts';
import type { Draft } from './draft.ts';
import type { People } from './people.ts';
import { NOBODY, type Planning } from './plan.ts';

/**
 * Memberships that an import began and that the archive does not tell of any more: whoever has left a channel since, was removed from
 * it, is in its table no longer, or whose account was deactivated or is gone. Channels that are gone keep their members.
 */
export const planEndedMemberships = (planning: Planning, people: People): Draft[] => {
  const { archive, ids, stored } = planning;
  const streamOf = (communityId: string, memberId: string) =>
    streamName(at(membership, membershipId(communityId, memberId)));
  const live = new Set(
    [...archive.subscriptions, ...archive.heldBack.subscriptions].flatMap(({ userId, channelId }) => {
      const memberId = people.memberIdOf(userId);
      return memberId ? [streamOf(ids.community(channelId), memberId)] : [];
    }),
  );
  const told = new Set([...archive.channels, ...archive.heldBack.channels].map(({ id }) => ids.community(id)));
  return [...stored.joinedByImport].flatMap(([stream, { communityId, memberId }]): Draft[] =>
    live.has(stream) || !told.has(communityId)
      ? []
      : [
          {
            noun: 'memberships ended',
            origin: `the membership ${stream}, which the archive does not tell of`,
            to: at(membership, membershipId(communityId, memberId)),
            expected: 'exists',
            commandId: ids.command('leave', stream, endOf(planning)),
            actor: NOBODY,
            at: endOf(planning),
            events: [{ type: 'MemberLeft', data: { communityId, memberId } }],
          },
        ],
  );
};
