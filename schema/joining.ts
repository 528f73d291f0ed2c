import { communities } from '../projections/communities.ts';
import { members } from '../projections/members.ts';
import {
  BY_INVITATION,
  BY_SENIORITY,
  countInvitationsInEach,
  countRequestsInEach,
  invitationsInEach,
  type MembershipRow,
  memberships,
  requestsInEach,
} from '../projections/memberships.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { connectionOf, pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { type ListOrder, pageOf } from './cursor.ts';
import { localId, PART_ID, partId } from './global-id.ts';
import { knownMember } from './member.ts';
import { communityOf } from './membership.ts';
import { aboutNode, commandField, idIn, repeatable } from './mutation.ts';
import { NOBODY } from './operation.ts';
import { textIn } from './sealed.ts';
import { facilitates, visibleCommunity } from './sight.ts';
import { Community, Member } from './types.ts';

// Invitations and requests: whatever opens the door, going in is the member's own act.

const MembershipRequest = builder.objectRef<MembershipRow>('MembershipRequest').implement({
  description: 'Somebody who asks to be let into a community.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ communityId, memberId }) => partId('MembershipRequest', communityId, memberId),
    }),
    member: t.field({
      type: Member,
      description: 'The member who asks.',
      resolve: ({ memberId }, _, context) => knownMember(context, memberId),
    }),
    message: t.string({
      nullable: true,
      description: 'What they say of it; null where they said nothing, and once they were erased.',
      resolve: ({ sealed }, _, context) => (sealed ? textIn(context, sealed, 'message') : null),
    }),
    requestedAt: t.field({ type: 'DateTime', description: 'Since when they wait.', resolve: ({ since }) => since }),
  }),
});

const MembershipRequestConnection = connectionOf(MembershipRequest, 'requests');
const byRequest = (of: string): ListOrder => ({ name: 'requests', of, parts: ['position'] });

builder.objectField(Community, 'membershipRequests', (t) =>
  t.field({
    type: MembershipRequestConnection,
    authScopes: { may: 'members:read' },
    nullable: true,
    description: 'Who asks to be let in, whoever waits longest coming first. Null for who does not facilitate it.',
    args: pageArguments(t.arg),
    resolve: async ({ id }, args, context) => {
      if (!(await facilitates(context, id))) return null;
      const order = byRequest(id);
      const page = pageOf(order, args);
      const db = context.read.from(memberships);
      const { each } = context.loaders;
      const load = (ids: readonly string[]) => requestsInEach(db, ids, page);
      return toConnection({
        order,
        page,
        paged: await each(`requests ${JSON.stringify(args)}`, load).load(id),
        place: (row: MembershipRow) => BY_SENIORITY.columns.map((column) => row[column]),
        node: (row) => row,
        count: () => each('request count', (ids) => countRequestsInEach(db, ids)).load(id),
      });
    },
  }),
);

const Invitation = builder.objectRef<MembershipRow>('Invitation').implement({
  description: 'An invitation to a community that was not accepted, or not yet.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ communityId, memberId }) => partId('Invitation', communityId, memberId),
    }),
    member: t.field({
      type: Member,
      description: 'Who is invited.',
      resolve: ({ memberId }, _, context) => knownMember(context, memberId),
    }),
    invitedBy: t.field({
      type: Member,
      nullable: true,
      description: 'Who invited them; null for an invitation of the first release.',
      resolve: ({ invitedBy }, _, context) => (invitedBy === null ? null : knownMember(context, invitedBy)),
    }),
    isDeclined: t.boolean({ description: 'Whether they declined it.', resolve: ({ status }) => status === 'DECLINED' }),
    since: t.field({
      type: 'DateTime',
      description: 'Since when they are invited, or when they declined.',
      resolve: ({ since }) => since,
    }),
    reason: t.string({
      nullable: true,
      description: 'Why they declined; null where they did not say, and once they were erased.',
      resolve: ({ status, sealed }, _, context) =>
        sealed && status === 'DECLINED' ? textIn(context, sealed, 'reason') : null,
    }),
  }),
});

const InvitationConnection = connectionOf(Invitation, 'invitations');
const byInvitation = (of: string): ListOrder => ({ name: 'sent invitations', of, parts: ['position'] });

builder.objectField(Community, 'invitations', (t) =>
  t.field({
    type: InvitationConnection,
    authScopes: { may: 'members:read' },
    description:
      'Invitations to it that were not accepted, the latest first: for its facilitators and admins all, for others those that they sent.',
    args: pageArguments(t.arg),
    resolve: async ({ id }, args, context) => {
      const sender = (await facilitates(context, id)) ? null : (context.viewer?.memberId ?? NOBODY);
      const order = byInvitation(`${id} ${sender}`);
      const page = pageOf(order, args);
      const db = context.read.from(memberships);
      const { each } = context.loaders;
      const load = (ids: readonly string[]) => invitationsInEach(db, ids, page, sender);
      return toConnection({
        order,
        page,
        paged: await each(`invitations ${JSON.stringify(args)} ${sender}`, load).load(id),
        place: (row: MembershipRow) => BY_INVITATION.columns.map((column) => row[column]),
        node: (row) => row,
        count: () => each(`invitation count ${sender}`, (ids) => countInvitationsInEach(db, ids, sender)).load(id),
      });
    },
  }),
);

/** Those whom the requests are addressed to: facilitators of the community, and admins. */
const reads = [communities.name, memberships.name];
const about = aboutNode('Community', 'communityId', visibleCommunity);

const memberOf = async ({ input }: { readonly input: { readonly memberId: string } }, { loaders }: Context) =>
  (await loaders.member().load(localId('Member', input.memberId) ?? '')) ?? null;

commandField({
  command: commands.inviteMember,
  description: 'Invites somebody to a community that the viewer is a member of.',
  scope: 'communities:write',
  input: builder.inputType('InviteMemberInput', {
    description: 'What `inviteMember` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      memberId: t.id({ required: true, description: 'Whom to invite.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    memberId: idIn('Member', input, 'memberId'),
  }),
  about,
  reads: [...reads, members.name],
  answers: {
    community: communityOf,
    member: {
      type: Member,
      description: 'Whom the viewer invited.',
      load: memberOf,
    },
  },
});

commandField({
  command: commands.answerInvitation,
  description: 'Accepts an invitation of the viewer, who is a member from then on, or declines it.',
  scope: 'communities:write',
  input: builder.inputType('AnswerInvitationInput', {
    description: 'What `answerInvitation` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      accept: t.boolean({ required: true, description: 'Whether the viewer joins.' }),
      reason: t.string({
        description: 'Why not: at most 2,000 characters. Kept only where the invitation is declined.',
      }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    accept: input.accept,
    reason: input.reason ?? null,
  }),
  about,
  reads,
  answers: { community: communityOf },
});

commandField({
  command: commands.requestMembership,
  description: 'Asks to be let into a community that is joined on request. A facilitator answers.',
  scope: 'communities:write',
  input: builder.inputType('RequestMembershipInput', {
    description: 'What `requestMembership` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      message: t.string({ description: 'What its facilitators should know: at most 2,000 characters.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ communityId: idIn('Community', input, 'communityId'), message: input.message ?? null }),
  about,
  reads,
  answers: { community: communityOf },
});

commandField({
  command: commands.answerMembershipRequest,
  description: 'Lets in who asks for it, or says no and why. For facilitators of the community and admins.',
  scope: 'communities:write',
  input: builder.inputType('AnswerMembershipRequestInput', {
    description: 'What `answerMembershipRequest` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      memberId: t.id({ required: true, description: 'The member who asks.' }),
      accept: t.boolean({ required: true, description: 'Whether they become a member.' }),
      reason: t.string({ description: 'Why not: at most 2,000 characters. Kept only where the request is refused.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    memberId: idIn('Member', input, 'memberId'),
    accept: input.accept,
    reason: input.reason ?? null,
  }),
  about,
  reads: [...reads, members.name],
  answers: {
    community: communityOf,
    member: { type: Member, description: 'Who asked.', load: memberOf },
  },
});
