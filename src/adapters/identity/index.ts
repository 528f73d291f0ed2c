import { LRUCache } from 'lru-cache';
import type { Principal } from '../../core/decider.ts';
import { scopesOf } from '../../core/scopes.ts';
import type { Role, Viewer } from '../../core/viewer.ts';
import { bearerToken, Unauthenticated } from './bearer.ts';
import { DEMO_ISSUER } from './demo-issuer.ts';
import { isMachineKey } from './machine-key.ts';
import { type RoleSettings, rolesOf } from './roles.ts';
import { scopesIn } from './scope-claim.ts';
import type { Claims, Verify } from './verify.ts';

export { IdentityProviderUnavailable, Unauthenticated } from './bearer.ts';
export { DEMO_AUDIENCE, DEMO_ISSUER, DEMO_MAX_SECONDS, type DemoIssuer, openDemoIssuer } from './demo-issuer.ts';
export { createMachineIdentity, newMachineKeySecret } from './machine-key.ts';
export { providerKeys } from './provider-keys.ts';
export { type Claims, createVerify, type TokenType, type Verify } from './verify.ts';

/** Someone who is registered. */
export type Known = { readonly memberId: string; readonly kind: 'MEMBER' | 'SERVICE' };

/** The organisation's people, as identity asks for them. */
export type People = {
  /** Whoever this id is registered as; null for nobody. */
  byId(memberId: string): Promise<Known | null>;
  /** Whoever this login was linked to; null for nobody. */
  byLogin(login: string): Promise<Known | null>;
  /** Makes the login somebody's: of the person with the same verified e-mail address, else of a new member. */
  enrol(login: string, claims: Claims): Promise<Known>;
};

export type Identity = {
  /** Who asks, by the `Authorization` header. Throws `Unauthenticated` or `IdentityProviderUnavailable`. */
  viewer(authorization: string | null | undefined): Promise<Viewer>;
};

/** A token is looked at anew this often: its signature does not change, but what stands behind it may. */
const REMEMBER_MS = 60_000;
const MAX_REMEMBERED = 10_000;

type Granted = Pick<Viewer, 'roles' | 'scopes'>;
type Checked = { readonly claims: Claims; readonly until: number };

export type IdentitySettings = RoleSettings & {
  /** The claim that names scopes; null: `scope`, or `scp`. */
  readonly scopeClaim: string | null;
};

/** What stands beside people's tokens. */
export type Machines = {
  /** Who comes with a machine key. Throws `Unauthenticated`. */
  viewer(secret: string): Promise<Viewer>;
  /** Hears which roles the newest token of somebody told: machines that act for them have no others. */
  tell(memberId: string, roles: readonly Role[], toldAt: Date): Promise<void>;
};

const NO_MACHINES: Machines = {
  viewer: async () => {
    throw new Unauthenticated();
  },
  tell: async () => {},
};

export const createIdentity = (
  verify: Verify,
  people: People,
  settings: IdentitySettings,
  machines: Machines = NO_MACHINES,
): Identity => {
  const checked = new LRUCache<string, Checked>({ max: MAX_REMEMBERED, ttl: REMEMBER_MS });
  const known = new LRUCache<string, Known>({ max: MAX_REMEMBERED, ttl: REMEMBER_MS });
  const told = new LRUCache<string, string>({ max: MAX_REMEMBERED });
  const enrolling = new Map<string, Promise<Known>>();
  const granted = new WeakMap<Claims, Granted>();

  /** What a token is good for: as fixed as its claims. */
  const grantedBy = (claims: Claims): Granted => {
    let known = granted.get(claims);
    if (!known) {
      const roles = rolesOf(claims, settings);
      known = { roles, scopes: scopesOf(roles, scopesIn(claims, settings.scopeClaim)) };
      granted.set(claims, known);
    }
    return known;
  };

  const claimsOf = async (token: string): Promise<Claims> => {
    const earlier = checked.get(token);
    if (earlier && earlier.until > Date.now()) return earlier.claims;
    const claims = await verify(token);
    checked.set(token, { claims, until: Number(claims.exp) * 1000 });
    return claims;
  };

  const find = async (claims: Claims, login: string): Promise<Known | null> => {
    const found = known.get(login) ?? (await lookUp(people, claims, login));
    if (found) known.set(login, found);
    return found;
  };

  // Two first requests of one login come at once: both wait for one enrolment.
  const enrol = (claims: Claims, login: string): Promise<Known> => {
    const running = enrolling.get(login);
    if (running) return running;
    const started = people.enrol(login, claims).finally(() => enrolling.delete(login));
    enrolling.set(login, started);
    return started;
  };

  /** A demo token says whatever roles one likes: that takes none away from anybody. */
  const tell = async ({ memberId }: Known, { iss, iat }: Claims, roles: ReadonlySet<Role>) => {
    const news = `${iat} ${[...roles].sort()}`;
    if (iss === DEMO_ISSUER || told.get(memberId) === news) return;
    await machines.tell(memberId, [...roles], new Date(Number(iat) * 1000));
    told.set(memberId, news);
  };

  return {
    viewer: async (authorization) => {
      const token = bearerToken(authorization);
      if (isMachineKey(token)) return machines.viewer(token);
      const claims = await claimsOf(token);
      const login = `${claims.iss} ${claims.sub}`;
      const { roles, scopes } = grantedBy(claims);
      let person = await find(claims, login);
      if (!person && roles.has('MEMBER')) person = await enrol(claims, login);
      if (person) await tell(person, claims, roles);
      return {
        memberId: person?.memberId ?? null,
        kind: person?.kind ?? 'MEMBER',
        roles,
        scopes,
        expiresAt: new Date(Number(claims.exp) * 1000),
        keyId: null,
        account: person?.memberId ?? login,
        actor: async (): Promise<Principal> => {
          person ??= (await find(claims, login)) ?? (await enrol(claims, login));
          return { ...person, isAdmin: roles.has('ADMIN') };
        },
      };
    },
  };
};

/** A demo token's subject is a member's id, or begins with `role:` and is nobody's yet. */
const lookUp = async (people: People, { iss, sub }: Claims, login: string): Promise<Known | null> => {
  if (iss !== DEMO_ISSUER || sub.startsWith('role:')) return people.byLogin(login);
  const member = await people.byId(sub);
  if (!member) throw new Unauthenticated();
  return member;
};
