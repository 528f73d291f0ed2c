import { createHash, randomBytes } from 'node:crypto';
import type { MachineKeyStore } from '../../core/machine-keys.ts';
import type { Principals } from '../../core/principals.ts';
import type { Viewer } from '../../core/viewer.ts';
import { Unauthenticated } from './bearer.ts';

/** Scanners for secrets look for this. */
const PREFIX = 'pal_';
const BYTES = 32;
const FORM = /^pal_[A-Za-z0-9_-]{43}$/;

const hashOf = (secret: string) => createHash('sha256').update(secret).digest();

export const newMachineKeySecret = () => {
  const secret = PREFIX + randomBytes(BYTES).toString('base64url');
  return { secret, hash: hashOf(secret) };
};

export const isMachineKey = (token: string): boolean => token.startsWith(PREFIX);

/** How often one process notes that a key is used. */
const NOTE_EVERY_MS = 5 * 60_000;

/** Who comes with a machine key, looked up each time: a key that was revoked is good nowhere. */
export const createMachineIdentity = (
  keys: Pick<MachineKeyStore, 'byHash' | 'used'>,
  principals: Pick<Principals, 'viewerByKey'>,
  onTrouble: (error: unknown) => void,
) => {
  const noted = new Map<string, number>();
  const note = (id: string) => {
    const now = Date.now();
    if (now - (noted.get(id) ?? 0) < NOTE_EVERY_MS) return;
    noted.set(id, now);
    keys.used(id).catch(onTrouble);
  };

  return async (token: string): Promise<Viewer> => {
    const shown = FORM.test(token) ? await keys.byHash(hashOf(token)) : null;
    if (!shown) throw new Unauthenticated();
    const { id, ownerId, ownerKind, roles, scopes } = shown.key;
    const viewer = await principals.viewerByKey({ memberId: ownerId, kind: ownerKind, roles, scopes, keyId: id });
    if (!viewer) throw new Unauthenticated();
    note(id);
    return { ...viewer, expiresAt: shown.secretExpiresAt };
  };
};
