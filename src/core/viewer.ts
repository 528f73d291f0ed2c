import type { Principal } from './decider.ts';

export type Role = 'MEMBER' | 'ADMIN' | 'ANALYST';

/** Who asks, as a valid token says. */
export type Viewer = {
  /** Null for a login that is nobody's member yet: reading as an analyst or admin makes nobody a member. */
  readonly memberId: string | null;
  readonly kind: 'MEMBER' | 'SERVICE';
  readonly roles: ReadonlySet<Role>;
  /** Who acts, for `execute`. Registers a login without a member. */
  actor(): Promise<Principal>;
};
