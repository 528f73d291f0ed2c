import type { MachineKeyStore, Standings } from './machine-keys.ts';
import type { Grant } from './operations.ts';
import { scopesOf } from './scopes.ts';
import type { Viewer } from './viewer.ts';

export type Principals = {
  /** Who acts by a grant now; null when nobody does any more. Never more than the grant, and never more than its principal. */
  viewerOf(grant: Grant): Promise<Viewer | null>;
  /** The same for a key that is known to be alive at this moment. */
  viewerByKey(grant: Grant): Promise<Viewer | null>;
};

type Tools = {
  readonly byId: (memberId: string) => Promise<{ readonly kind: 'MEMBER' | 'SERVICE' } | null>;
  readonly keys: Pick<MachineKeyStore, 'isAlive'>;
  readonly standings: Pick<Standings, 'rolesOf'>;
};

export const createPrincipals = ({ byId, keys, standings }: Tools): Principals => {
  const viewerByKey: Principals['viewerByKey'] = async ({ memberId, kind, roles: granted, scopes: asked, keyId }) => {
    const [known, told] = await Promise.all([
      byId(memberId),
      // Nobody's token tells the roles of a service account: whoever made its key did.
      kind === 'MEMBER' ? standings.rolesOf(memberId) : null,
    ]);
    const roles = new Set(granted.filter((role) => told === null || told.includes(role)));
    const scopes = scopesOf(roles, asked);
    if (!known || scopes.size === 0) return null;
    return {
      memberId,
      kind,
      roles,
      scopes,
      keyId,
      expiresAt: null,
      account: memberId,
      actor: async () => ({ memberId, kind, isAdmin: roles.has('ADMIN') }),
    };
  };

  return {
    viewerByKey,
    viewerOf: async (grant) => {
      if (grant.keyId !== null && !(await keys.isAlive(grant.keyId))) return null;
      return viewerByKey(grant);
    },
  };
};
