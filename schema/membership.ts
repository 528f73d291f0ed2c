import type { CommunityRow } from '../projections/communities.ts';
import {
  BY_SENIORITY,
  countMembersOfEach,
  type MembershipRow,
  memberships,
  membersOfEach,
} from '../projections/memberships.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { COMMUNITIES_BY_NAME, placeByName } from './community.ts';
import { pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { localId } from './global-id.ts';
import { aboutNode, commandField, idIn, repeatable } from './mutation.ts';
import { ownMemberships, sees, visibleCommunity } from './sight.ts';
import { pageOfSorted } from './sorted.ts';
import { Community, CommunityConnection, Member, MemberConnection } from './types.ts';

const MembershipStatus = builder.enumType('MembershipStatus', {
  description: 'How a member belongs to a community.',
  values: {
    INVITED: { description: 'Asked to join, and has not answered.' },
    JOINED: { description: 'A member of the community.' },
  },
});

const Membership = builder.objectRef<MembershipRow>('Membership').implement({
  description: 'How somebody belongs to a community.',
  fields: (t) => ({
    status: t.field({
      type: MembershipStatus,
      description: 'Whether the member has joined.',
      resolve: ({ status }) => status as 'INVITED' | 'JOINED',
    }),
    since: t.field({ type: 'DateTime', description: 'Since when it is so.', resolve: ({ since }) => since }),
  }),
});

const BY_JOINING: ListOrder = { name: 'members', parts: ['position'] };

builder.objectFields(Community, (t) => ({
  viewerMembership: t.field({
    type: Membership,
    nullable: true,
    description: 'How the viewer belongs to it; null for somebody who neither joined nor is invited.',
    resolve: async ({ id }, _, context) =>
      (await ownMemberships(context)).find(({ communityId }) => communityId === id) ?? null,
  }),
  members: t.field({
    type: MemberConnection,
    description: 'Its members, whoever joined first coming first.',
    args: pageArguments(t.arg),
    resolve: async ({ id }, args, context) => {
      const page = pageOf(BY_JOINING, args);
      const db = context.read.from(memberships);
      const load = (ids: readonly string[]) => membersOfEach(db, ids, page);
      const paged = await context.loaders.each(`members ${JSON.stringify(args)}`, load).load(id);
      const rows = await context.loaders.member().loadMany(paged.rows.map(({ memberId }) => memberId));
      const known = new Map(rows.flatMap((row) => (row && !(row instanceof Error) ? [[row.id, row]] : [])));
      return toConnection({
        order: BY_JOINING,
        page,
        paged,
        place: (row) => BY_SENIORITY.columns.map((column) => row[column]),
        node: ({ memberId }) => known.get(memberId) ?? null,
        count: () => context.loaders.each('member count', (ids) => countMembersOfEach(db, ids)).load(id),
      });
    },
  }),
}));

builder.objectField(Member, 'communities', (t) =>
  t.field({
    type: CommunityConnection,
    description: 'The communities that the member joined, as far as the viewer sees them, by name.',
    args: pageArguments(t.arg),
    resolve: async ({ id }, args, context) => {
      const page = pageOf(COMMUNITIES_BY_NAME, args);
      const joined = await joinedBy(context, id, 'JOINED');
      const paged = pageOfSorted(joined, placeByName, page);
      return toConnection({
        order: COMMUNITIES_BY_NAME,
        page,
        paged,
        place: placeByName,
        node: (row) => row,
        count: () => joined.length,
      });
    },
  }),
);

builder.queryField('invitations', (t) =>
  t.field({
    type: CommunityConnection,
    nullable: true,
    authScopes: { may: 'communities:read' },
    description: 'The communities that the viewer is invited to and has not joined, by name.',
    args: pageArguments(t.arg),
    resolve: async (_, args, context) => {
      const page = pageOf(COMMUNITIES_BY_NAME, args);
      const { viewer } = context;
      const invited = viewer?.memberId ? await joinedBy(context, viewer.memberId, 'INVITED') : [];
      return toConnection({
        order: COMMUNITIES_BY_NAME,
        page,
        paged: pageOfSorted(invited, placeByName, page),
        place: placeByName,
        node: (row) => row,
        count: () => invited.length,
      });
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

const reads = ['communities', 'memberships'];
const about = aboutNode('Community', 'communityId', visibleCommunity);
const communityOf = {
  type: Community,
  description: 'The community.',
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
      communityId: t.id({ required: true, description: 'The community.' }),
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
  description: "Ends the viewer's membership of a community. What the viewer wrote there stays.",
  scope: 'communities:write',
  input: builder.inputType('LeaveCommunityInput', {
    description: 'What `leaveCommunity` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The community.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId') }),
  reads,
  answers: { community: communityOf },
});

commandField({
  command: commands.inviteMember,
  description: 'Invites somebody to a community that the viewer is a member of.',
  scope: 'communities:write',
  input: builder.inputType('InviteMemberInput', {
    description: 'What `inviteMember` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The community.' }),
      memberId: t.id({ required: true, description: 'Whom to invite.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    memberId: idIn('Member', input, 'memberId'),
  }),
  about,
  reads: [...reads, 'members'],
  answers: {
    community: communityOf,
    member: {
      type: Member,
      description: 'Whom the viewer invited.',
      load: async ({ input }, { loaders }) =>
        (await loaders.member().load(localId('Member', input.memberId) ?? '')) ?? null,
    },
  },
});
