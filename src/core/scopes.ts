import type { Role, Viewer } from './viewer.ts';

/** Everything that a credential can be for, by resource and verb, and what it lets its bearer do. */
export const scopes = {
  'organisation:read': "Read the organisation's name and totals.",
  'organisation:write': 'Name the organisation.',
  'members:read': 'Read who the members are.',
  'members:write': "Change one's own profile.",
  'members:admin': 'Register service accounts.',
  'communities:read': 'Read communities, memberships and invitations.',
  'communities:write': 'Found, steer, join and leave communities, and invite to them.',
  'projects:read': 'Read projects and their milestones.',
  'projects:write': 'Register projects, and say how they get on.',
  'posts:read': 'Read posts, comments, reactions and feeds, and follow them.',
  'posts:write': 'Publish, edit and take back posts and comments, accept answers, react.',
  'figures:read': 'Read the engagement figures.',
  'events:read': 'Read the log, private communities included.',
  'refusals:read': 'Read who was turned away, and why.',
  'webhooks:admin': 'Register, replay and delete webhooks, which see what one sees oneself.',
  'keys:admin': "Make, rotate and revoke machine keys: of one's own, and as an admin of service accounts.",
} as const;

export type Scope = keyof typeof scopes;

export const isScope = (name: string): name is Scope => Object.hasOwn(scopes, name);

const READING: readonly Scope[] = [
  'organisation:read',
  'members:read',
  'communities:read',
  'projects:read',
  'posts:read',
  'figures:read',
];
const WRITING: readonly Scope[] = ['members:write', 'communities:write', 'projects:write', 'posts:write'];
/** What acts for one later sees and may no more than one does oneself. */
const DELEGATING: readonly Scope[] = ['webhooks:admin', 'keys:admin'];

const ofRole: Readonly<Record<Role, readonly Scope[]>> = {
  MEMBER: [...READING, ...WRITING, ...DELEGATING],
  ANALYST: [...READING, 'events:read', ...DELEGATING],
  ADMIN: [...READING, ...WRITING, 'organisation:write', 'members:admin', 'events:read', 'refusals:read', ...DELEGATING],
};

/**
 * What roles let one do; where the credential names scopes of its own (`asked`), only what both allow. Names that are
 * not ours are passed over, so a credential that names none of ours is good for nothing.
 */
export const scopesOf = (roles: ReadonlySet<Role>, asked: readonly string[] | null): ReadonlySet<Scope> => {
  const allowed = [...roles].flatMap((role) => ofRole[role]);
  return new Set(asked ? allowed.filter((scope) => asked.includes(scope)) : allowed);
};

/** Nobody without a credential may do anything. */
export const may = (viewer: Pick<Viewer, 'scopes'> | null, scope: Scope): boolean => viewer?.scopes.has(scope) ?? false;
