import type { ArgBuilder } from '@pothos/core';
import { type CommunityRow, communities } from '../projections/communities.ts';
import {
  BY_JOINING,
  countMembersOfEach,
  type MembershipRow,
  memberships,
  membersOfEach,
} from '../projections/memberships.ts';
import { commands } from '../src/domain/index.ts';
import { builder, type Types } from './builder.ts';
import { communityOrdering } from './community.ts';
import { type Connection, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type PageArguments, pageOf } from './cursor.ts';
import { PART_ID, partId } from './global-id.ts';
import { aboutNode, commandField, idIn, repeatable } from './mutation.ts';
import { DateTimeFilter, orderingOf, placeIn, spanOf } from './ordering.ts';
import { textIn } from './sealed.ts';
import { ownMemberships, sees, visibleCommunity } from './sight.ts';
import { pageOfSorted } from './sorted.ts';
import { Community, CommunityConnection, Member, MemberConnection } from './types.ts';

const MembershipStatus = builder.enumType('MembershipStatus', {
  description: 'How a member belongs to a community.',
  values: {
    INVITED: { description: 'Asked to join, and has not answered.' },
    REQUESTED: { description: 'Has asked to be let in, and waits for an answer.' },
    JOINED: { description: 'A member of the community.' },
    REFUSED: { description: 'Asked to be let in, and was refused.' },
    DECLINED: { description: 'Was invited, and declined.' },
  },
});

const Membership = builder.objectRef<MembershipRow>('Membership').implement({
  description: 'How somebody belongs to a community.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ communityId, memberId }) => partId('Membership', communityId, memberId),
    }),
    status: t.field({
      type: MembershipStatus,
      description: 'Whether the member has joined.',
      resolve: ({ status }) => status as 'JOINED',
    }),
    since: t.field({ type: 'DateTime', description: 'Since when it is so.', resolve: ({ since }) => since }),
    reason: t.string({
      nullable: true,
      description: 'Why it was refused or declined; null where nobody said so, and for what is neither.',
      resolve: ({ status, sealed }, _, context) =>
        sealed && (status === 'REFUSED' || status === 'DECLINED') ? textIn(context, sealed, 'reason') : null,
    }),
  }),
});

const joining = orderingOf(
  'Membership',
  'the members of a community',
  { JOINED_AT: { description: 'When they joined the community.', columns: BY_JOINING, parts: ['time', 'position'] } },
  { field: 'JOINED_AT', direction: 'ASC' },
);

const MembershipFilter = builder.inputType('MembershipFilter', {
  description: 'Which members of a community; all conditions given must hold.',
  fields: (t) => ({
    joinedAt: t.field({ type: DateTimeFilter, description: 'Only those who joined in this span.' }),
  }),
});

builder.objectFields(Community, (t) => ({
  viewerMembership: t.field({
    type: Membership,
    nullable: true,
    description: 'How the viewer belongs to it, or that they were refused or declined; null for everybody else.',
    resolve: async ({ id }, _, context) =>
      (await ownMemberships(context)).find(({ communityId, status }) => communityId === id && status !== 'LEFT') ??
      null,
  }),
  members: t.field({
    type: MemberConnection,
    authScopes: { may: 'members:read' },
    description: 'Its members, whoever joined first coming first unless ordered otherwise.',
    args: {
      ...pageArguments(t.arg),
      orderBy: t.arg({ type: joining.input, description: 'Whoever joined first comes first, unless given.' }),
      filter: t.arg({ type: MembershipFilter, description: 'Which of them: all unless given.' }),
    },
    resolve: async ({ id }, args, context) => {
      const { order, by } = joining.choose(args.orderBy, id);
      const page = pageOf(order, args);
      const joined = spanOf(args.filter?.joinedAt);
      const db = context.read.from(memberships);
      const { each, member } = context.loaders;
      const load = (ids: readonly string[]) => membersOfEach(db, ids, by, page, joined);
      const count = (ids: readonly string[]) => countMembersOfEach(db, ids, joined);
      const paged = await each(`members ${JSON.stringify(args)}`, load).load(id);
      const rows = await member().loadMany(paged.rows.map(({ memberId }) => memberId));
      const known = new Map(rows.flatMap((row) => (row && !(row instanceof Error) ? [[row.id, row]] : [])));
      return toConnection({
        order,
        page,
        paged,
        place: placeIn<MembershipRow>(by),
        node: ({ memberId }) => known.get(memberId) ?? null,
        count: () => each(`member count ${JSON.stringify(args.filter)}`, count).load(id),
      });
    },
  }),
}));

const belonging = (t: ArgBuilder<Types>) => ({
  ...pageArguments(t),
  orderBy: t({ type: communityOrdering.input, description: 'By name, A to Z, unless given.' }),
});

type Belonging = PageArguments & { readonly orderBy?: typeof communityOrdering.input.$inferInput | null | undefined };

/** A page of the communities that somebody belongs to, of which `of` is the member's id. */
const pageOfCommunities = (
  rows: readonly CommunityRow[],
  { orderBy, ...args }: Belonging,
  of: string,
): Connection<CommunityRow> => {
  const { order, by } = communityOrdering.choose(orderBy, of);
  const page = pageOf(order, args);
  const place = placeIn<CommunityRow>(by);
  const paged = pageOfSorted(rows, place, page, by.direction);
  return toConnection({ order, page, paged, place, node: (row) => row, count: () => rows.length });
};

builder.objectField(Member, 'communities', (t) =>
  t.field({
    type: CommunityConnection,
    authScopes: { may: 'communities:read' },
    description:
      'The communities that the member joined, as far as the viewer sees them, by name unless ordered otherwise.',
    args: belonging(t.arg),
    resolve: async ({ id }, args, context) => pageOfCommunities(await joinedBy(context, id, 'JOINED'), args, id),
  }),
);

builder.queryField('invitations', (t) =>
  t.field({
    type: CommunityConnection,
    nullable: true,
    authScopes: { may: 'communities:read' },
    description: 'The communities that the viewer is invited to and has not joined, by name unless ordered otherwise.',
    args: belonging(t.arg),
    resolve: async (_, args, context) => {
      const { viewer, log } = context;
      const invited = viewer?.memberId ? await joinedBy(context, viewer.memberId, 'INVITED') : [];
      return pageOfCommunities(invited, args, `invitations ${viewer?.memberId ?? log.identity.logId}`);
    },
  }),
);

/** A member belongs to so many communities as a person has time for: all of them are read at once. */
const joinedBy = async (context: Context, memberId: string, status: string): Promise<readonly CommunityRow[]> => {
  const own = (await context.loaders.memberships().load(memberId)).filter((one) => one.status === status);
  const rows = await Promise.all(own.map(({ communityId }) => context.loaders.community().load(communityId)));
  const seen = await Promise.all(rows.map((row) => row !== undefined && sees(context, row)));
  return rows.flatMap((row, n) => (row && seen[n] ? [row] : []));
};

const reads = [communities.name, memberships.name];
const about = aboutNode('Community', 'communityId', visibleCommunity);
/** The community that an input names. */
export const communityOf = {
  type: Community,
  description: 'The community as it is now.',
  load: async ({ input }: { readonly input: { readonly communityId: string } }, context: Context) =>
    visibleCommunity(context, idIn('Community', input, 'communityId')),
};

commandField({
  command: commands.joinCommunity,
  description: 'Makes the viewer a member of a community: one that is open, or that the viewer is invited to.',
  scope: 'communities:write',
  input: builder.inputType('JoinCommunityInput', {
    description: 'What `joinCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId') }),
  about,
  reads,
  answers: { community: communityOf },
});

commandField({
  command: commands.leaveCommunity,
  description:
    "Ends the viewer's membership of a community, or takes back the request for it. What the viewer wrote there stays. The last facilitator must assign a successor first (`LAST_FACILITATOR`).",
  scope: 'communities:write',
  input: builder.inputType('LeaveCommunityInput', {
    description: 'What `leaveCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId') }),
  reads,
  answers: { community: communityOf },
});
