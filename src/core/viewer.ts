import type { Principal } from './decider.ts';
import type { Scope } from './scopes.ts';

export type Role = 'MEMBER' | 'ADMIN' | 'ANALYST';

/** Who asks, as a valid credential says. The one notion of it on every door: people and machines alike. */
export type Viewer = {
  /** Null for a login that is nobody's member yet: reading as an analyst or admin makes nobody a member. */
  readonly memberId: string | null;
  readonly kind: 'MEMBER' | 'SERVICE';
  /** What the viewer sees: analysts and admins see everything. */
  readonly roles: ReadonlySet<Role>;
  /** What the viewer may ask for: never more than the roles allow, and less where the credential is for less. */
  readonly scopes: ReadonlySet<Scope>;
  /** When the credential ends, and with it whatever it holds open; null for one that has no end. */
  readonly expiresAt: Date | null;
  /** The machine key that the viewer came with; null for a person with a token. */
  readonly keyId: string | null;
  /** Under which name budgets and open streams are counted: the member's id; issuer and subject of a login without a member. */
  readonly account: string;
  /** Who acts, for `execute`. Registers a login without a member. */
  actor(): Promise<Principal>;
};

/** What a viewer may see and ask for, and not who it is: the same text for all with the same rights. */
export const rightsOf = ({ kind, roles, scopes }: Viewer): string =>
  [kind, [...roles].sort(), [...scopes].sort()].map(String).join(' ');

/** The same viewer, which tells when somebody wants to know who it is. */
export const watched = (viewer: Viewer, onAsked: () => void): Viewer => ({
  kind: viewer.kind,
  roles: viewer.roles,
  scopes: viewer.scopes,
  get memberId() {
    onAsked();
    return viewer.memberId;
  },
  get keyId() {
    onAsked();
    return viewer.keyId;
  },
  get expiresAt() {
    onAsked();
    return viewer.expiresAt;
  },
  get account() {
    onAsked();
    return viewer.account;
  },
  actor: () => {
    onAsked();
    return viewer.actor();
  },
});
