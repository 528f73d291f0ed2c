import type { NumberedPage, NumberedRows, OperationCommand, Settled } from './operations.ts';
import type { Scope } from './scopes.ts';
import type { Role } from './viewer.ts';

/** A credential of a machine: whose it is, and what it is good for. Its secret is not here, only its hash is kept. */
export type MachineKeyRow = {
  readonly id: string;
  readonly number: bigint;
  readonly name: string;
  /** As whom its bearer acts: a service account, or the member who made it. */
  readonly ownerId: string;
  readonly ownerKind: 'MEMBER' | 'SERVICE';
  readonly madeBy: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  /** When the newest of its secrets ends. */
  readonly expiresAt: Date;
  /** To within five minutes; null when never. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
};

export type NewMachineKey = Pick<
  MachineKeyRow,
  'id' | 'name' | 'ownerId' | 'ownerKind' | 'madeBy' | 'roles' | 'scopes'
>;

/** A secret as it is kept. */
export type KeptSecret = { readonly hash: Buffer; readonly expiresAt: Date };

/** A key that was shown, and when the secret that was shown ends. */
export type ShownKey = { readonly key: MachineKeyRow; readonly secretExpiresAt: Date };

export interface MachineKeyStore {
  create(command: OperationCommand, key: NewMachineKey, secret: KeptSecret): Promise<Settled>;
  /** Two secrets at a time: the one before lives on until `oldUntil`, older ones end now. */
  rotate(command: OperationCommand, keyId: string, secret: KeptSecret, oldUntil: Date): Promise<Settled>;
  revoke(command: OperationCommand, keyId: string): Promise<Settled>;
  find(id: string): Promise<MachineKeyRow | null>;
  /** The key of a secret that is good now: not expired, not revoked. */
  byHash(hash: Buffer): Promise<ShownKey | null>;
  /** Whether a key has a secret that is good now. */
  isAlive(id: string): Promise<boolean>;
  /** Notes that a key is used, at most once in five minutes. */
  used(id: string): Promise<void>;
  list(ownerId: string | null, page: NumberedPage): Promise<NumberedRows<MachineKeyRow>>;
  count(ownerId: string | null): Promise<number>;
  /** How many of an owner are not revoked. */
  countKept(ownerId: string): Promise<number>;
}

/** The roles that people's newest tokens told: what acts for somebody never has others. */
export interface Standings {
  tell(memberId: string, roles: readonly Role[], toldAt: Date): Promise<void>;
  /** Null for somebody of whom no token told anything. */
  rolesOf(memberId: string): Promise<readonly Role[] | null>;
}
