import {
  BY_REGISTRATION,
  countMembers,
  type MemberRow,
  memberByHandle,
  members,
  membersOn,
} from '../projections/members.ts';
import { derivedId, freshId } from '../src/core/ids.ts';
import { commands } from '../src/domain/index.ts';
import { handleKey } from '../src/domain/words.ts';
import { builder } from './builder.ts';
import { pageArguments, toConnection } from './connection.ts';
import type { Context } from './context.ts';
import { pageOf } from './cursor.ts';
import { fault } from './fault.ts';
import { globalId, localId } from './global-id.ts';
import { commandField, repeatable } from './mutation.ts';
import { DateTimeFilter, orderingOf, placeIn, spanOf } from './ordering.ts';
import { isErased, textIn } from './sealed.ts';
import { Member, MemberConnection, Node } from './types.ts';

const MemberKind = builder.enumType('MemberKind', {
  description: 'Who speaks: a person or a program.',
  values: {
    MEMBER: { description: 'A person of the organisation.' },
    SERVICE: { description: 'A bot or an integration: it speaks, but counts as nobody in the figures.' },
  },
});

Member.implement({
  description:
    'A person of the organisation, or a service account. Whoever was erased keeps the id and loses name and handle.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'Opaque and permanent: it outlives an erasure.',
      resolve: ({ id }) => globalId('Member', id),
    }),
    name: t.string({
      nullable: true,
      description: 'How the member wants to be called; null once erased.',
      resolve: ({ profile, sealed }, _, context) => textIn(context, profile ?? sealed, 'name'),
    }),
    handle: t.string({
      nullable: true,
      description: 'How the member is mentioned, unique in the organisation; null once erased.',
      resolve: ({ sealed }, _, context) => textIn(context, sealed, 'handle'),
    }),
    kind: t.field({
      type: MemberKind,
      description: 'A person, or a service account.',
      resolve: ({ kind }) => kind as 'MEMBER' | 'SERVICE',
    }),
    registeredAt: t.field({
      type: 'DateTime',
      description: 'Since when the member is here.',
      resolve: ({ registeredAt }) => registeredAt,
    }),
    isErased: t.boolean({
      description: "Whether the member's personal data is gone for ever, with every text that the member wrote.",
      resolve: ({ sealed }, _, context) => isErased(context, sealed),
    }),
  }),
});

builder.queryField('member', (t) =>
  t.field({
    type: Member,
    nullable: true,
    authScopes: { may: 'members:read' },
    description: 'A member by id or by handle: give exactly one. Null when there is none.',
    args: {
      id: t.arg.id({ description: "The member's id, as it was given out." }),
      handle: t.arg.string({ description: "The member's handle, in any case." }),
    },
    resolve: async (_, { id, handle }, context) => {
      if ((id == null) === (handle == null)) throw fault('BAD_USER_INPUT', 'Give either the id or the handle.');
      if (id != null) return memberById(context, localId('Member', id));
      const find = (key: string) => memberByHandle(context.read.from(members), context.hash('handle', key));
      // What was registered before handles were compared without case is found as it was written.
      return (await find(handleKey(handle ?? ''))) ?? (await find(handle ?? '')) ?? null;
    },
  }),
);

const ordering = orderingOf(
  'Member',
  'members',
  {
    REGISTERED_AT: { description: 'Since when they are here.', columns: BY_REGISTRATION, parts: ['time', 'position'] },
  },
  { field: 'REGISTERED_AT', direction: 'ASC' },
);

const MemberFilter = builder.inputType('MemberFilter', {
  description: 'Which members; all conditions given must hold.',
  fields: (t) => ({
    kind: t.field({ type: MemberKind, description: 'Only persons, or only service accounts.' }),
    registeredAt: t.field({ type: DateTimeFilter, description: 'Only those who came in this span.' }),
  }),
});

builder.queryField('members', (t) =>
  t.field({
    type: MemberConnection,
    nullable: true,
    authScopes: { may: 'members:read' },
    description:
      'Everybody of the organisation, service accounts too; the first to come is the first, unless ordered otherwise.',
    args: {
      ...pageArguments(t.arg),
      orderBy: t.arg({ type: ordering.input, description: 'Whoever came first is the first, unless given.' }),
      filter: t.arg({ type: MemberFilter, description: 'Which of them: all unless given.' }),
    },
    resolve: async (_, { orderBy, filter, ...args }, context) => {
      const db = context.read.from(members);
      const { order, by } = ordering.choose(orderBy, context.log.identity.logId);
      const page = pageOf(order, args);
      const condition = { kind: filter?.kind ?? undefined, registered: spanOf(filter?.registeredAt) };
      return toConnection({
        order,
        page,
        paged: await membersOn(db, by, page, condition),
        place: placeIn<MemberRow>(by),
        node: (row) => row,
        count: () => countMembers(db, condition),
      });
    },
  }),
);

const memberById = async ({ loaders }: Context, id: string | null): Promise<MemberRow | null> =>
  (id && (await loaders.member().load(id))) || null;

/** Who is named by something that can be read already: the member's own row may come a moment later. */
export const knownMember = async (context: Context, id: string): Promise<MemberRow> => {
  const row = (await context.loaders.member().load(id)) ?? (await memberLater(context, id));
  if (!row) throw fault('STALE_READ', 'This member cannot be read yet: read again.');
  return row;
};

const memberLater = async (context: Context, id: string) => {
  await context.waitFor([members.name], await context.log.head());
  return context.loaders.member().clear(id).load(id);
};

commandField({
  command: commands.changeProfile,
  description: "Changes the viewer's own name.",
  scope: 'members:write',
  input: builder.inputType('ChangeProfileInput', {
    description: 'What `changeProfile` asks for.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'The new name: 1 to 120 characters.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: ({ name }) => ({ name }),
  reads: [members.name],
  answers: {
    member: { type: Member, description: 'The viewer.', load: ({ id }, context) => memberById(context, id) },
  },
});

commandField({
  command: commands.registerServiceAccount,
  description: 'Registers a bot or an integration. For admins.',
  scope: 'members:admin',
  input: builder.inputType('RegisterServiceAccountInput', {
    description: 'What `registerServiceAccount` asks for.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'How it is called: 1 to 120 characters.' }),
      handle: t.string({
        required: true,
        description: 'How it is mentioned: letters, digits, dots, dashes, underscores.',
      }),
      email: t.string({ description: 'An address at which its keepers are reached.' }),
      ...repeatable(t),
    }),
  }),
  toCommand: async ({ name, handle, email, idempotencyKey }, { viewer }) => ({
    // The account stands in a stream of its own: a repeated mutation must name the same one.
    memberId:
      idempotencyKey == null
        ? freshId()
        : derivedId('service account', (await viewer?.actor())?.memberId ?? '', idempotencyKey),
    name,
    handle,
    email: email ?? null,
  }),
  reads: [members.name],
  answers: {
    member: { type: Member, description: 'The service account.', load: ({ id }, context) => memberById(context, id) },
  },
});
