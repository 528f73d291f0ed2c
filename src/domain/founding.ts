import { z } from 'zod';
import { at, defineCommand } from '../core/decider.ts';
import { community, description } from './community.ts';
import { joinPolicy, visibility } from './community-events.ts';
import { membership, membershipId } from './membership.ts';
import { ORGANISATION_ID, organisation } from './organisation.ts';
import { name, slug } from './words.ts';

/** Founds a community; its founder is its first member. Under a strict rule it is forming until it is activated. */
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
  needs: () => ({ organisation: at(organisation, ORGANISATION_ID) }),
  decide: (input, _state, { id, actor, needs }) => {
    const data = { communityId: id, ...input, founderId: actor.memberId };
    const isStrict = needs.organisation.activationRule === 'STRICT';
    return [{ type: 'CommunityFounded', data: isStrict ? { ...data, status: 'FORMING' as const } : data }];
  },
  beside: (_, { id, actor }) => [
    {
      to: at(membership, membershipId(id, actor.memberId)),
      events: [{ type: 'MemberJoined', data: { communityId: id, memberId: actor.memberId, via: 'FOUNDING' } }],
    },
  ],
});
