import type { MemberRow } from '../projections/members.ts';
import type { Role } from '../src/core/viewer.ts';
import { builder } from './builder.ts';
import { knownMember } from './member.ts';
import { Member } from './types.ts';

export const RoleType = builder.enumType('Role', {
  description: 'What a token lets its bearer do.',
  values: {
    MEMBER: { description: 'Takes part: reads what members see, and writes.' },
    ANALYST: { description: 'Reads everything, the events too, and writes nothing.' },
    ADMIN: { description: 'Reads everything, writes, and decides for the organisation.' },
  },
});

builder.queryField('viewer', (t) =>
  t.field({
    type: Member,
    nullable: true,
    authScopes: { may: 'members:read' },
    description: "The member who asks; null for a token of an analyst or admin who is nobody's member yet.",
    resolve: (_, __, context): Promise<MemberRow> | null =>
      context.viewer?.memberId ? knownMember(context, context.viewer.memberId) : null,
  }),
);

builder.queryField('viewerRoles', (t) =>
  t.field({
    type: [RoleType],
    nullable: { list: true, items: false },
    authScopes: { may: 'members:read' },
    description: "The roles that the viewer's token gives.",
    resolve: (_, __, { viewer }): readonly Role[] => [...(viewer?.roles ?? [])].sort(),
  }),
);
