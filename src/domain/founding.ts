import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { community, description, joinPolicy, visibility } from './community.ts';
import { membership, membershipId } from './membership.ts';
import { name, slug } from './words.ts';

/** Founds a community; its founder is its first member. */
export const foundCommunity = defineCommand({
  type: 'FoundCommunity',
  input: z.strictObject({
    name,
    slug,
    description: description.default(''),
    visibility: visibility.default('PUBLIC'),
    joinPolicy: joinPolicy.default('OPEN'),
  }),
  aggregate: community,
  creates: true,
  id: (_, { newId }) => newId,
  claims: ({ slug }) => [{ kind: 'slug', key: slug }],
  decide: (input, _state, { id, actor }) => [
    { type: 'CommunityFounded', data: { communityId: id, ...input, founderId: actor.memberId } },
  ],
  beside: (_, { id, actor }) => [
    {
      to: at(membership, membershipId(id, actor.memberId)),
      events: [{ type: 'MemberJoined', data: { communityId: id, memberId: actor.memberId, via: 'FOUNDING' } }],
    },
  ],
});
