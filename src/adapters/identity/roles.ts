import type { Role } from '../../core/viewer.ts';
import type { Claims } from './verify.ts';

const ROLES: readonly Role[] = ['MEMBER', 'ADMIN', 'ANALYST'];
/** Only ASCII letters are folded: Unicode upper-casing would make ADMIN of `admın`. */
const asciiUpperCase = (name: string): string => name.replace(/[a-z]/g, (letter) => letter.toUpperCase());

/** Which claim names the roles, and which subject is an admin whatever it says. */
export type RoleSettings = { readonly rolesClaim: string; readonly adminSubject: string | null };

/** The roles that a token gives. Names that are not ours are passed over; a token that names none of ours is a member's. */
export const rolesOf = (claims: Claims, { rolesClaim, adminSubject }: RoleSettings): ReadonlySet<Role> => {
  const named = namesIn(claimAt(claims, rolesClaim)).map(asciiUpperCase);
  const roles = new Set(ROLES.filter((role) => named.includes(role)));
  if (roles.size === 0) roles.add('MEMBER');
  if (adminSubject !== null && claims.sub === adminSubject) roles.add('ADMIN');
  return roles;
};

/** The names in a claim: a text with spaces or commas, or a list of texts. */
export const namesIn = (value: unknown): string[] => {
  if (typeof value === 'string') return value.split(/[\s,]+/);
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
};

/** A claim by its own name first, since a name may have dots in it (`https://example.org/roles`); else by its path. */
const claimAt = (claims: Claims, name: string): unknown => {
  if (Object.hasOwn(claims, name)) return claims[name];
  let value: unknown = claims;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
};
