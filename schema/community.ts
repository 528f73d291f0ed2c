import {
  type CommunityRow,
  communities,
  countVisibleCommunities,
  keptSlugs,
  visibleCommunities,
} from '../projections/communities.ts';
import { builder } from './builder.ts';
import { pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { pageOf } from './cursor.ts';
import { fault } from './fault.ts';
import { globalId, localId } from './global-id.ts';
import { knownMember } from './member.ts';
import { DateTimeFilter, orderingOf, placeIn, spanOf } from './ordering.ts';
import { sees, sightOf, visibleCommunity } from './sight.ts';
import { Community, CommunityConnection, Member, Node } from './types.ts';

export const Visibility = builder.enumType('Visibility', {
  description: 'Who sees a community.',
  values: {
    PUBLIC: { description: 'Everybody of the organisation.' },
    PRIVATE: { description: 'Its members and whoever is invited; to the others it is not there.' },
  },
});

const CommunityStatus = builder.enumType('CommunityStatus', {
  description: 'How far a community is.',
  values: {
    FORMING: { description: 'It waits to be activated, and is there for its founder and who holds a role in it.' },
    ACTIVE: { description: 'Members take part in it.' },
    ARCHIVED: { description: 'It stays readable, and nothing can be added to it.' },
  },
});

export const JoinPolicy = builder.enumType('JoinPolicy', {
  description: 'How one becomes a member of a community.',
  values: {
    OPEN: { description: 'By joining, nobody being asked.' },
    ON_REQUEST: {
      description: 'By a request, which a facilitator answers, or by an invitation of one of its members.',
    },
    BY_INVITATION: { description: 'By an invitation of one of its members.' },
  },
});

const totalsOf = async ({ loaders }: Context, { id }: CommunityRow) => loaders.communityTotals().load(id);

Community.implement({
  description: 'A place where members talk.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({ type: 'ID', description: 'Opaque and permanent.', resolve: ({ id }) => globalId('Community', id) }),
    name: t.exposeString('name', { description: 'How it is called: 1 to 120 characters.' }),
    slug: t.exposeString('slug', {
      description: 'How it is called in addresses: lower-case letters, digits and dashes. Free again once archived.',
    }),
    description: t.exposeString('description', {
      description: 'What it is for: at most 2,000 characters, may be empty.',
    }),
    visibility: t.field({
      type: Visibility,
      description: 'Whether everybody sees it, or only those who belong to it.',
      resolve: ({ visibility }) => visibility as 'PUBLIC' | 'PRIVATE',
    }),
    joinPolicy: t.field({
      type: JoinPolicy,
      description: 'How one becomes a member.',
      resolve: ({ joinPolicy }) => joinPolicy as 'OPEN' | 'ON_REQUEST' | 'BY_INVITATION',
    }),
    status: t.field({
      type: CommunityStatus,
      description: 'Whether it is forming, active or archived.',
      resolve: ({ status }) => status as 'FORMING' | 'ACTIVE' | 'ARCHIVED',
    }),
    isArchived: t.boolean({
      description: 'Whether nothing can be added to it any more.',
      resolve: ({ archivedAt }) => archivedAt !== null,
    }),
    foundedAt: t.field({
      type: 'DateTime',
      description: 'When it was founded, or when it began in an archive.',
      resolve: ({ foundedAt }) => foundedAt,
    }),
    founder: t.field({
      type: Member,
      nullable: true,
      description: 'Who founded it; null where an archive does not say.',
      resolve: ({ founderId }, _, context) => (founderId === null ? null : knownMember(context, founderId)),
    }),
    memberCount: t.int({
      description: 'How many members it has, service accounts included.',
      resolve: async (community, _, context) => Number((await totalsOf(context, community))?.members ?? 0),
    }),
    postCount: t.int({
      description: 'How many posts stand in it, without those taken back.',
      resolve: async (community, _, context) => Number((await totalsOf(context, community))?.posts ?? 0),
    }),
    commentCount: t.int({
      description: 'How many comments and answers stand in it, without those taken back.',
      resolve: async (community, _, context) => Number((await totalsOf(context, community))?.comments ?? 0),
    }),
    lastActivityAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When somebody last published a post or a comment; null before the first.',
      resolve: async (community, _, context) => (await totalsOf(context, community))?.activityAt ?? null,
    }),
    revision: t.int({
      description: 'Which state of it this is: send it as `expectedRevision` when you change it.',
      resolve: ({ revision }) => Number(revision),
    }),
  }),
});

builder.queryField('community', (t) =>
  t.field({
    type: Community,
    nullable: true,
    authScopes: { may: 'communities:read' },
    description: 'A community by slug or by id: give exactly one. Null when there is none that the viewer sees.',
    args: {
      slug: t.arg.string({ description: 'How it is called in addresses.' }),
      id: t.arg.id({ description: "The community's id." }),
    },
    resolve: async (_, { slug, id }, context) => {
      if ((slug == null) === (id == null)) throw fault('BAD_USER_INPUT', 'Give either the slug or the id.');
      if (id != null) return communityById(context, localId('Community', id));
      if (!SLUG.test(slug ?? '')) return null;
      const row = (await context.read.kept(keptSlugs, [slug ?? ''])).get(slug ?? '');
      if (!row || !(await sees(context, row))) return null;
      context.loaders.community().prime(row.id, row);
      return row;
    },
  }),
);

const communityById = async (context: Context, id: string | null) =>
  id === null ? null : visibleCommunity(context, id);

/** What cannot be a slug is nobody's, and is never sent to the database. */
const SLUG = /^[a-z0-9-]{1,80}$/;

export const communityOrdering = orderingOf(
  'Community',
  'communities',
  {
    NAME: { description: 'Their names, by code point.', columns: ['name', 'id'], parts: ['text', 'uuid'] },
    FOUNDED_AT: { description: 'When they were founded.', columns: ['foundedAt', 'id'], parts: ['time', 'uuid'] },
  },
  { field: 'NAME', direction: 'ASC' },
);

const CommunityFilter = builder.inputType('CommunityFilter', {
  description: 'Which communities; all conditions given must hold.',
  fields: (t) => ({
    includeArchived: t.boolean({ description: 'Archived ones too. False unless said otherwise.' }),
    visibility: t.field({ type: Visibility, description: 'Only those that are seen by so many.' }),
    joinPolicy: t.field({ type: JoinPolicy, description: 'Only those that are joined so.' }),
    foundedAt: t.field({ type: DateTimeFilter, description: 'Only those that began in this span.' }),
  }),
});

builder.queryField('communities', (t) =>
  t.field({
    type: CommunityConnection,
    nullable: true,
    authScopes: { may: 'communities:read' },
    description: 'The communities that the viewer sees, by name unless ordered otherwise.',
    args: {
      ...pageArguments(t.arg),
      orderBy: t.arg({ type: communityOrdering.input, description: 'By name, A to Z, unless given.' }),
      filter: t.arg({ type: CommunityFilter, description: 'Which of them: all unless given.' }),
    },
    resolve: async (_, { filter, orderBy, ...args }, context) => {
      const db = context.read.from(communities);
      const { order, by } = communityOrdering.choose(orderBy, context.log.identity.logId);
      const page = pageOf(order, args);
      const condition = {
        archived: filter?.includeArchived ?? false,
        visibility: filter?.visibility ?? undefined,
        joinPolicy: filter?.joinPolicy ?? undefined,
        founded: spanOf(filter?.foundedAt),
      };
      const sight = await sightOf(context);
      const paged = await visibleCommunities(db, sight, by, page, condition);
      return toConnection({
        order,
        page,
        paged,
        place: placeIn<CommunityRow>(by),
        node: (row) => row,
        count: () => countVisibleCommunities(db, sight, condition),
      });
    },
  }),
);
