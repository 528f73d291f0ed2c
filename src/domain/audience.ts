import { z } from 'zod';
import { at, type Principal, type StreamRef } from '../core/decider.ts';
import { Rejection } from '../core/rejection.ts';
import { type Community, holds } from './community.ts';
import { roleName } from './community-events.ts';
import { type Member, member } from './member.ts';
import { id, instant } from './words.ts';

const MOST_MEMBERS = 100;

/** Whom a post is for before it is for everybody: holders of roles of its community, members by name, or both. */
export const audience = z.strictObject({ roles: z.array(roleName), memberIds: z.array(id) });
export type Audience = z.infer<typeof audience>;

/** As it stands in events. */
export const earlyAccess = z.strictObject({ opensAt: z.string(), audience });

/** As it is asked for. */
export const earlyAccessInput = z.strictObject({
  opensAt: instant,
  audience: z.strictObject({
    roles: z.array(roleName).default([]),
    memberIds: z.array(id).max(MOST_MEMBERS, `An audience names at most ${MOST_MEMBERS} members.`).default([]),
  }),
});

/** CLOSED: there for the author and the audience alone. WITHDRAWN: so for good. */
export type EarlyAccess = z.infer<typeof earlyAccess> & { readonly status: 'CLOSED' | 'OPENED' | 'WITHDRAWN' };

export const forEverybody = (path: readonly string[]) =>
  new Rejection('EARLY_ACCESS_TO_QUESTION', 'A question is for everybody at once: whoever knows may answer.', path);

/** What a post in early access begins with, or why it cannot be. */
export const earlyAccessFor = (
  kind: string,
  { opensAt, audience: { roles, memberIds } }: z.infer<typeof earlyAccessInput>,
  now: string,
): z.infer<typeof earlyAccess> => {
  if (kind === 'QUESTION') throw forEverybody(['earlyAccess']);
  if (roles.length === 0 && memberIds.length === 0)
    throw new Rejection('AUDIENCE_EMPTY', 'Say who comes first: roles of the community, members, or both.', [
      'earlyAccess',
      'audience',
    ]);
  if (Date.parse(opensAt) <= Date.parse(now))
    throw new Rejection('OPENING_IN_THE_PAST', 'A post opens to everybody at a moment that lies ahead.', [
      'earlyAccess',
      'opensAt',
    ]);
  return {
    opensAt: new Date(opensAt).toISOString(),
    audience: { roles: [...new Set(roles)], memberIds: [...new Set(memberIds)] },
  };
};

type Named = z.infer<typeof earlyAccessInput> | undefined;
type Key = `member ${string}`;

/** The streams of those whom an audience names, for whoever needs to know that they exist. */
export const membersIn = (early: Named): Readonly<Record<Key, StreamRef<typeof member>>> =>
  Object.fromEntries((early?.audience.memberIds ?? []).map((id) => [`member ${id}` as const, at(member, id)]));

export const assertMembersExist = (early: Named, members: Readonly<Record<Key, Member>>) => {
  const path = ['earlyAccess', 'audience', 'memberIds'];
  for (const id of early?.audience.memberIds ?? [])
    if (members[`member ${id}`]?.status !== 'registered')
      throw new Rejection('MEMBER_NOT_FOUND', 'There is no such member.', path);
};

type InEarlyAccess = { readonly authorId: string; readonly earlyAccess: EarlyAccess | null };

/** Whether a post is not there for everybody, and perhaps never will be. */
export const isClosed = ({ earlyAccess }: InEarlyAccess): boolean =>
  earlyAccess !== null && earlyAccess.status !== 'OPENED';

/** Whether it is not there for this one. Who belongs to the audience is judged by the roles of this moment. */
export const isClosedTo = (post: InEarlyAccess, community: Community, { memberId, isAdmin }: Principal): boolean => {
  if (!isClosed(post) || isAdmin || post.authorId === memberId) return false;
  const { roles = [], memberIds = [] } = post.earlyAccess?.audience ?? {};
  return !(memberIds.includes(memberId) || (roles.length > 0 && holds(community, memberId, ...roles)));
};
