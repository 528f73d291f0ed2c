import { z } from 'zod';
import { defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { id, name, slug } from './words.ts';

export const visibility = z.enum(['PUBLIC', 'PRIVATE']);
export const joinPolicy = z.enum(['OPEN', 'BY_INVITATION']);
export const description = z.string().trim().max(2_000, 'A description has at most 2,000 characters.');

// Events. These names and shapes are a file format: add, never edit.
export const communityEvents = defineEvents({
  CommunityFounded: {
    version: 1,
    data: z.strictObject({
      communityId: id,
      name: z.string(),
      slug: z.string(),
      description: z.string(),
      visibility,
      joinPolicy,
      founderId: id.nullable(),
    }),
  },
  CommunityRenamed: { version: 1, data: z.strictObject({ communityId: id, name: z.string(), slug: z.string() }) },
  CommunityDescribed: { version: 1, data: z.strictObject({ communityId: id, description: z.string() }) },
  CommunityAccessChanged: { version: 1, data: z.strictObject({ communityId: id, visibility, joinPolicy }) },
  CommunityArchived: { version: 1, data: z.strictObject({ communityId: id }) },
  /** A founding that claimed its slug and never happened: the slug is free again. */
  FoundingAbandoned: { version: 1, data: z.strictObject({ communityId: id }) },
});

export type Community = {
  readonly status: 'none' | 'open' | 'archived' | 'abandoned';
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  readonly visibility: z.infer<typeof visibility>;
  readonly joinPolicy: z.infer<typeof joinPolicy>;
  readonly founderId: string | null;
};

export const community = defineAggregate<Community>()({
  category: 'community',
  events: communityEvents,
  initial: {
    status: 'none',
    name: '',
    slug: '',
    description: '',
    visibility: 'PUBLIC',
    joinPolicy: 'OPEN',
    founderId: null,
  },
  evolve: {
    CommunityFounded: (_, { communityId: _id, ...data }) => ({ status: 'open', ...data }),
    CommunityRenamed: (state, { name, slug }) => ({ ...state, name, slug }),
    CommunityDescribed: (state, { description }) => ({ ...state, description }),
    CommunityAccessChanged: (state, { visibility, joinPolicy }) => ({ ...state, visibility, joinPolicy }),
    CommunityArchived: (state) => ({ ...state, status: 'archived' }),
    FoundingAbandoned: (state) => ({ ...state, status: 'abandoned' }),
  },
});

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
  releases: (_, state) => (state.status === 'open' ? [{ kind: 'slug', key: state.slug }] : []),
});

export const assertFounded = ({ status }: Community) => {
  if (status === 'none' || status === 'abandoned')
    throw new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.');
};

export const assertOpen = (state: Community) => {
  assertFounded(state);
  if (state.status === 'archived')
    throw new Rejection('COMMUNITY_ARCHIVED', 'This community is archived: nothing can be added to it.');
};

/** Founder and admins steer a community. A private one is not there for anybody else. */
const assertSteers = (state: Community, actor: { memberId: string; isAdmin: boolean }) => {
  assertFounded(state);
  if (actor.isAdmin || state.founderId === actor.memberId) return;
  if (state.visibility === 'PRIVATE') throw new Rejection('COMMUNITY_NOT_FOUND', 'There is no such community.');
  throw new Rejection('NOT_ALLOWED', 'Only the founder of this community or an admin may do this.');
};
