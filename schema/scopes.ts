import type { Role, Viewer } from '../src/core/viewer.ts';

/** What a root field asks for, by resource and verb. */
export type Scope =
  | 'organisation:read'
  | 'organisation:write'
  | 'members:read'
  | 'members:write'
  | 'members:admin'
  | 'communities:read'
  | 'communities:write'
  | 'posts:read'
  | 'posts:write'
  | 'figures:read'
  | 'events:read';

const READING: readonly Scope[] = [
  'organisation:read',
  'members:read',
  'communities:read',
  'posts:read',
  'figures:read',
];
const WRITING: readonly Scope[] = ['members:write', 'communities:write', 'posts:write'];

const scopes: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  MEMBER: new Set([...READING, ...WRITING]),
  ANALYST: new Set([...READING, 'events:read']),
  ADMIN: new Set([...READING, ...WRITING, 'organisation:write', 'members:admin', 'events:read']),
};

/** Whether one of the viewer's roles has the scope. Nobody without a token may do anything. */
export const may = (viewer: Viewer | null, scope: Scope): boolean => {
  for (const role of viewer?.roles ?? []) if (scopes[role].has(scope)) return true;
  return false;
};
