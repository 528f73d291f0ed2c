import { memberships, type RoleRow, rolesIn } from '../projections/memberships.ts';
import { commands } from '../src/domain/index.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { PART_ID, partId } from './global-id.ts';
import { grouped } from './loaders.ts';
import { knownMember } from './member.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { textIn } from './sealed.ts';
import { steered } from './steering.ts';
import { Community, Member } from './types.ts';

const roles = {
  FACILITATOR: 'Keeps the community going, and steers it.',
  SPONSOR: 'Of the management: answers for its time and its means.',
  CURATOR: 'Seeks, evaluates and sorts what is worth keeping.',
  EXPERT: 'Is asked for an answer that holds.',
  MENTOR: 'Helps those who dare not publish yet: whoever volunteers for it by `volunteerAsMentor`.',
  AMBASSADOR: 'Carries what happens here to where it does not happen.',
  OBSERVER: 'Looks on, and sees the community whatever its access.',
} as const;

export const CommunityRole = builder.enumType('CommunityRole', {
  description: 'What somebody does for a community beside being its member.',
  values: Object.fromEntries(Object.entries(roles).map(([role, description]) => [role, { description }])) as Record<
    keyof typeof roles,
    { description: string }
  >,
});

const RoleEnding = builder.enumType('RoleEnding', {
  description: 'Why a role ended.',
  values: {
    ENDED: { description: 'A facilitator or an admin ended it.' },
    RESIGNED: { description: 'Its holder gave it up.' },
    RENEWED: { description: 'Its holder got another term, which is a role of its own.' },
    TERM: { description: 'Its term passed.' },
    SUCCEEDED: { description: 'Its term had passed, and a successor came.' },
    LEFT: { description: 'Its holder left the community, or has no part in it since it is private.' },
  },
});

const RoleHolder = builder.objectRef<RoleRow>('RoleHolder').implement({
  description: 'Somebody in a role of a community.',
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: PART_ID,
      resolve: ({ assignmentId }) => partId('RoleHolder', assignmentId),
    }),
    role: t.field({
      type: CommunityRole,
      description: 'Which role it is.',
      resolve: ({ role }) => role as keyof typeof roles,
    }),
    member: t.field({
      type: Member,
      description: 'Who holds it.',
      resolve: ({ memberId }, _, context) => knownMember(context, memberId),
    }),
    since: t.field({ type: 'DateTime', description: 'Since when it is held.', resolve: ({ startedAt }) => startedAt }),
    until: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'The end of the term, at which the role ends by itself; null for a role without a term.',
      resolve: ({ until }) => until,
    }),
    overTerm: t.boolean({
      description: 'Whether the term has passed and the role goes on, because nobody else facilitates.',
      resolve: ({ overTermAt, endedAt }) => overTermAt !== null && endedAt === null,
    }),
    reason: t.string({
      nullable: true,
      description: 'Why this member was chosen; null for who founded the community, and once the member was erased.',
      resolve: ({ sealed }, _, context) => (sealed ? textIn(context, sealed, 'reason') : null),
    }),
    assignedBy: t.field({
      type: Member,
      nullable: true,
      description: 'Who gave it; null where nobody did.',
      resolve: ({ assignedBy }, _, context) => (assignedBy === 'system' ? null : knownMember(context, assignedBy)),
    }),
    endedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it ended; null while it goes on.',
      resolve: ({ endedAt }) => endedAt,
    }),
    ending: t.field({
      type: RoleEnding,
      nullable: true,
      description: 'Why it ended; null while it goes on.',
      resolve: ({ cause }) => cause as 'ENDED' | null,
    }),
    endReason: t.string({
      nullable: true,
      description: 'Why it was ended; null where nobody said so, while it goes on, and once its holder was erased.',
      resolve: ({ endSealed }, _, context) => (endSealed ? textIn(context, endSealed, 'reason') : null),
    }),
  }),
});

builder.objectField(Community, 'roles', (t) =>
  t.field({
    type: [RoleHolder],
    description: 'Who holds which role in it, whoever had one first coming first.',
    args: { includeEnded: t.arg.boolean({ description: 'Those that have ended too. False unless said otherwise.' }) },
    resolve: async ({ id }, { includeEnded }, context) => {
      const ended = includeEnded ?? false;
      return context.loaders.each(`roles ${ended}`, (ids) => rolesOfEach(context, ids, ended)).load(id);
    },
  }),
);

const rolesOfEach = async ({ read }: Context, ids: readonly string[], ended: boolean) =>
  grouped<RoleRow>('communityId', ids, await rolesIn(read.from(memberships), ids, { ended }));

commandField({
  command: commands.assignRole,
  description:
    'Gives somebody a role in a community, and says why. Who has it already gets the new term. Where one joins by invitation, who gets a role is invited: a role makes nobody a member. Mentors volunteer. For its facilitators and admins.',
  scope: 'communities:write',
  input: builder.inputType('AssignRoleInput', {
    description: 'What `assignRole` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      memberId: t.id({
        required: true,
        description: 'Who gets the role: a person, who need not be a member of the community.',
      }),
      role: t.field({ type: CommunityRole, required: true, description: 'Which role it is.' }),
      until: t.field({
        type: 'DateTime',
        description: 'The end of the term, in the future. Without it the role goes on until somebody ends it.',
      }),
      reason: t.string({ required: true, description: 'Why this member: 1 to 2,000 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    memberId: idIn('Member', input, 'memberId'),
    role: input.role,
    until: input.until?.toISOString() ?? null,
    reason: input.reason,
  }),
  ...steered,
});

commandField({
  command: commands.endRole,
  description: 'Ends a role: its holder gives it up, or a facilitator or an admin ends it. The last facilitator stays.',
  scope: 'communities:write',
  input: builder.inputType('EndRoleInput', {
    description: 'What `endRole` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: 'The id of the community.' }),
      memberId: t.id({ required: true, description: 'Who holds the role.' }),
      role: t.field({ type: CommunityRole, required: true, description: 'Which role it is.' }),
      reason: t.string({ description: 'Why: at most 2,000 characters.' }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    memberId: idIn('Member', input, 'memberId'),
    role: input.role,
    reason: input.reason ?? null,
  }),
  ...steered,
});
