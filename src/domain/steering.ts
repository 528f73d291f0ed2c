import { z } from 'zod';
import { defineCommand } from '../core/decider.ts';
import { assertOpen, assertSteers, community, description } from './community.ts';
import { joinPolicy, visibility } from './community-events.ts';
import { id, name, reason, slug } from './words.ts';

// What those who steer a community say of it: how it is called, what it is for, who may come in.

const communityId = id;

export const renameCommunity = defineCommand({
  type: 'RenameCommunity',
  input: z.strictObject({ communityId, name, slug: slug.optional() }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  claims: ({ slug }, state) => (slug && slug !== state.slug ? [{ kind: 'slug', key: slug }] : []),
  decide: ({ communityId, name, slug }, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    const renamed = { communityId, name, slug: slug ?? state.slug };
    if (state.name === renamed.name && state.slug === renamed.slug) return [];
    return [{ type: 'CommunityRenamed', data: renamed }];
  },
  releases: ({ slug }, state) => (slug && slug !== state.slug ? [{ kind: 'slug', key: state.slug }] : []),
});

export const describeCommunity = defineCommand({
  type: 'DescribeCommunity',
  input: z.strictObject({ communityId, description }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: (input, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    return state.description === input.description ? [] : [{ type: 'CommunityDescribed', data: input }];
  },
});

export const changeCommunityAccess = defineCommand({
  type: 'ChangeCommunityAccess',
  input: z.strictObject({ communityId, visibility, joinPolicy }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: (input, state, { actor }) => {
    assertSteers(state, actor);
    assertOpen(state);
    if (state.visibility === input.visibility && state.joinPolicy === input.joinPolicy) return [];
    return [{ type: 'CommunityAccessChanged', data: input }];
  },
});

export const archiveCommunity = defineCommand({
  type: 'ArchiveCommunity',
  input: z.strictObject({ communityId }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  decide: ({ communityId }, state, { actor }) => {
    assertSteers(state, actor);
    if (state.status === 'archived') return [];
    return [{ type: 'CommunityArchived', data: { communityId } }];
  },
  releases: (_, state) => (state.status === 'archived' ? [] : [{ kind: 'slug', key: state.slug }]),
});

/** Takes an archiving back. Its address may belong to another community by now: it then needs a new one. */
export const reopenCommunity = defineCommand({
  type: 'ReopenCommunity',
  input: z.strictObject({ communityId, slug: slug.optional(), reason }),
  aggregate: community,
  id: ({ communityId }) => communityId,
  claims: ({ slug }, state) => (state.archived ? [{ kind: 'slug', key: slug ?? state.slug }] : []),
  decide: ({ communityId, slug, reason }, state, { actor }) => {
    assertSteers(state, actor);
    if (!state.archived) return [];
    const data = { communityId, slug: slug ?? state.slug, status: state.archived.was, reopenedBy: actor.memberId };
    return [{ type: 'CommunityReopened', data, personal: { reason } }];
  },
});
