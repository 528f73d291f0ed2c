import type { PostWithTotals } from '../projections/posts/queries.ts';
import type { RoleName } from '../src/domain/community-events.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import { PART_ID, partId } from './global-id.ts';
import { knownMember } from './member.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { aboutPost, postNow } from './post.ts';
import { CommunityRole } from './role.ts';
import { Member, Post } from './types.ts';

const AudienceInput = builder.inputType('AudienceInput', {
  description:
    'Whom a post is for before it is for everybody: roles, members, or both. Who belongs to it is judged whenever somebody looks.',
  fields: (t) => ({
    roles: t.field({ type: [CommunityRole], description: 'Whoever holds one of these roles of its community.' }),
    memberIds: t.idList({ description: 'These members: at most 100.' }),
  }),
});

export const EarlyAccessInput = builder.inputType('EarlyAccessInput', {
  description: 'Who has a post first, and when everybody has it. Not for questions.',
  fields: (t) => ({
    opensAt: t.field({ type: 'DateTime', required: true, description: 'When it is for everybody, in the future.' }),
    audience: t.field({ type: AudienceInput, required: true, description: 'Who has it first: never nobody.' }),
  }),
});

/** As the command takes it. */
export const earlyAccessIn = ({ opensAt, audience }: typeof EarlyAccessInput.$inferInput) => ({
  opensAt: opensAt.toISOString(),
  audience: {
    roles: [...(audience.roles ?? [])],
    memberIds: (audience.memberIds ?? []).map((id) => idIn('Member', { memberIds: id }, 'memberIds')),
  },
});

/** Of a post that is not open yet: the author's key, then those of whom it is for. */
type Closed = { readonly closedTo: string };

const keysOf = ({ closedTo }: Closed) => closedTo.split(' ').slice(1);

export const Audience = builder.objectRef<Closed>('Audience').implement({
  description: 'Whom a post is for while it is not for everybody.',
  fields: (t) => ({
    roles: t.field({
      type: [CommunityRole],
      description: 'Whoever holds one of these roles of its community.',
      resolve: (closed) => keysOf(closed).flatMap((key) => (key.split('/')[1] as RoleName | undefined) ?? []),
    }),
    members: t.field({
      type: [Member],
      description: 'These members: at most 100.',
      resolve: (closed, _, context) =>
        keysOf(closed)
          .filter((key) => !key.includes('/'))
          .map((id) => knownMember(context, id)),
    }),
  }),
});

const EarlyAccess = builder.objectRef<PostWithTotals>('EarlyAccess').implement({
  description: 'That a post was for an audience first.',
  fields: (t) => ({
    id: t.field({ type: 'ID', description: PART_ID, resolve: ({ id }) => partId('EarlyAccess', id) }),
    opensAt: t.field({
      type: 'DateTime',
      description: 'When it is for everybody, as its author set it.',
      resolve: ({ opensAt }) => opensAt ?? '',
    }),
    openedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when it is for everybody; null while it is not.',
      resolve: ({ openedAt }) => openedAt,
    }),
    withdrawnAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when it stays with its audience for good; null when that is not so.',
      resolve: ({ withdrawnAt }) => withdrawnAt,
    }),
    audience: t.field({
      type: Audience,
      nullable: true,
      description: 'Whom it is for. Once it is for everybody, whom it was for: for its author alone, null for others.',
      resolve: async ({ id, authorId, closedTo }, _, { viewer, loaders }) => {
        if (closedTo !== null || viewer?.memberId !== authorId) return closedTo === null ? null : { closedTo };
        const { audience } = await loaders.access().load(id);
        return audience === null ? null : { closedTo: audience };
      },
    }),
  }),
});

builder.objectField(Post, 'earlyAccess', (t) =>
  t.field({
    type: EarlyAccess,
    nullable: true,
    description: 'Who has or had it before everybody; null where it was for everybody from the beginning.',
    resolve: (post) => (post.opensAt === null ? null : post),
  }),
);

commandField({
  command: commands.withdrawEarlyAccess,
  description:
    'Says that a post in early access stays with its audience: it is never opened, and the others never hear of it. For its author, and for facilitators and admins who see it. Not once it is open.',
  scope: 'posts:write',
  input: builder.inputType('WithdrawEarlyAccessInput', {
    description: 'What `withdrawEarlyAccess` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The post in early access.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId') }),
  about: aboutPost,
  reads: ['posts', 'communities', 'memberships', 'members'],
  answers: {
    post: {
      type: Post,
      description: 'The post as it is now.',
      load: postNow,
    },
  },
});

commandField({
  command: commands.moveEarlyAccess,
  description:
    'Moves the moment at which a post in early access opens to everybody. For its author, and for facilitators and admins who see it. Not once it is open, or withdrawn.',
  scope: 'posts:write',
  input: builder.inputType('MoveEarlyAccessInput', {
    description: 'What `moveEarlyAccess` asks for.',
    fields: (t) => ({
      postId: t.id({ required: true, description: 'The post in early access.' }),
      opensAt: t.field({ type: 'DateTime', required: true, description: 'When it is for everybody, in the future.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({ postId: idIn('Post', input, 'postId'), opensAt: input.opensAt.toISOString() }),
  about: aboutPost,
  reads: ['posts', 'communities', 'memberships', 'members'],
  answers: {
    post: {
      type: Post,
      description: 'The post as it is now.',
      load: postNow,
    },
  },
});
