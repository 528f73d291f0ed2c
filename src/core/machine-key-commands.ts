import { createdIdOf } from './ids.ts';
import type { MachineKeyRow, MachineKeyStore } from './machine-keys.ts';
import { type Hash, isRepeated, operationOf } from './operations.ts';
import { Rejection } from './rejection.ts';
import { isScope, type Scope, scopesOf } from './scopes.ts';
import type { Role } from './viewer.ts';
import type { Asking, Changed } from './webhook-commands.ts';

export type MachineKeyTools = {
  readonly store: MachineKeyStore;
  readonly hash: Hash;
  readonly newSecret: () => { readonly secret: string; readonly hash: Buffer };
  /** Who a member or a service account is; null for nobody. */
  readonly byId: (memberId: string) => Promise<{ readonly kind: 'MEMBER' | 'SERVICE' } | null>;
};

export type MachineKeyCommands = ReturnType<typeof createMachineKeyCommands>;

const DAY = 24 * 60 * 60_000;
/** A key lives for 90 days unless it says otherwise, and never longer than a year. */
export const DEFAULT_LIFE = 90 * DAY;
export const LONGEST_LIFE = 365 * DAY;
/** After a rotation the secret before goes on for a day unless the rotation says otherwise. */
export const DEFAULT_GRACE_HOURS = 24;
export const LONGEST_GRACE_HOURS = 7 * 24;
/** One owner has so many keys that are not revoked. */
export const MAX_KEYS = 50;
const MAX_NAME = 120;

export type NewKeyInput = {
  readonly name: string;
  readonly scopes: readonly string[];
  /** Null: a key of one's own. */
  readonly serviceAccountId: string | null;
  /** Null: one's own roles; of a service account, a member's. */
  readonly roles: readonly Role[] | null;
  readonly expiresAt: Date | null;
};

export const createMachineKeyCommands = ({ store, hash, newSecret, byId }: MachineKeyTools) => {
  /** A key that the asker may revoke: its owner's, or any for an admin. */
  const known = async ({ grant }: Asking, keyId: string): Promise<MachineKeyRow> => {
    const key = await store.find(keyId);
    if (!key || (key.ownerId !== grant.memberId && !grant.roles.includes('ADMIN'))) throw notFound();
    return key;
  };

  return {
    async create(asking: Asking, input: NewKeyInput): Promise<Changed> {
      assertPerson(asking);
      const { grant, idempotencyKey } = asking;
      const name = input.name.trim();
      if (name === '' || name.length > MAX_NAME)
        throw new Rejection('INVALID_INPUT', `A name has 1 to ${MAX_NAME} characters.`, ['name']);
      const owner = await ownerOf(asking, input.serviceAccountId, byId);
      const roles = rolesFor(asking, owner.kind, input.roles);
      const scopes = scopesFor(asking, roles, input.scopes);
      const expiresAt = expiryOf(input.expiresAt);
      const command = operationOf(hash, grant.memberId, 'CreateMachineKey', idempotencyKey, {
        ...input,
        expiresAt: input.expiresAt?.toISOString() ?? null,
      });
      const id = createdIdOf(command.id);
      if ((await store.find(id)) === null && (await store.countKept(owner.id)) >= MAX_KEYS)
        throw new Rejection(
          'LIMIT_REACHED',
          `There are ${MAX_KEYS} keys already, which is the most: revoke one first.`,
        );
      const made = newSecret();
      const repeated = isRepeated(
        await store.create(
          command,
          { id, name, ownerId: owner.id, ownerKind: owner.kind, madeBy: grant.memberId, roles, scopes },
          { hash: made.hash, expiresAt },
        ),
      );
      return { id, secret: repeated ? null : made.secret, isRepeated: repeated };
    },

    async rotate(
      asking: Asking,
      keyId: string,
      { expiresAt, graceHours }: { readonly expiresAt: Date | null; readonly graceHours: number | null },
    ): Promise<Changed> {
      assertPerson(asking);
      const key = await known(asking, keyId);
      assertGives(asking, key);
      if (key.revokedAt)
        throw new Rejection('MACHINE_KEY_REVOKED', 'This key was revoked: make a new one.', ['machineKeyId']);
      const grace = graceHours ?? DEFAULT_GRACE_HOURS;
      if (grace < 0 || grace > LONGEST_GRACE_HOURS)
        throw new Rejection('INVALID_INPUT', `The secret before lives on for 0 to ${LONGEST_GRACE_HOURS} hours.`, [
          'graceHours',
        ]);
      const until = expiryOf(expiresAt);
      const command = operationOf(hash, asking.grant.memberId, 'RotateMachineKey', asking.idempotencyKey, {
        keyId,
        expiresAt: expiresAt?.toISOString() ?? null,
        graceHours,
      });
      const made = newSecret();
      const oldUntil = new Date(Date.now() + grace * 60 * 60_000);
      const repeated = isRepeated(await store.rotate(command, keyId, { hash: made.hash, expiresAt: until }, oldUntil));
      return { id: keyId, secret: repeated ? null : made.secret, isRepeated: repeated };
    },

    /** A key may also revoke itself, and others of its owner. */
    async revoke(asking: Asking, keyId: string): Promise<Changed> {
      await known(asking, keyId);
      const command = operationOf(hash, asking.grant.memberId, 'RevokeMachineKey', asking.idempotencyKey, { keyId });
      return { id: keyId, secret: null, isRepeated: isRepeated(await store.revoke(command, keyId)) };
    },
  };
};

/** A key that could make or renew keys would outlive every expiry. */
const assertPerson = ({ grant }: Asking) => {
  if (grant.keyId !== null)
    throw new Rejection('NOT_ALLOWED', 'A machine key makes and renews no keys: sign in as a person.');
};

/**
 * A rotation shows a secret that acts with all that the key has. So the asker must have it all: a key of a person is rotated by
 * that person alone, and any key by a credential with every role and scope of the key.
 */
const assertGives = ({ grant }: Asking, { ownerId, ownerKind, roles, scopes }: MachineKeyRow) => {
  if (ownerKind === 'MEMBER' && ownerId !== grant.memberId)
    throw new Rejection(
      'NOT_ALLOWED',
      'A personal machine key can be rotated only by its owner: revoke it, or ask its owner to rotate it.',
      ['machineKeyId'],
    );
  const given: readonly string[] = [...grant.roles, ...grant.scopes, ...(ownerKind === 'SERVICE' ? ['MEMBER'] : [])];
  const missing = [...roles, ...scopes].filter((name) => !given.includes(name));
  if (missing.length > 0)
    throw new Rejection(
      'NOT_ALLOWED',
      `A machine key can be rotated only with a credential that has all its roles and scopes: this one lacks ${missing.join(', ')}.`,
      ['machineKeyId'],
    );
};

const ownerOf = async ({ grant }: Asking, serviceAccountId: string | null, byId: MachineKeyTools['byId']) => {
  if (serviceAccountId === null) return { id: grant.memberId, kind: grant.kind };
  if (!grant.roles.includes('ADMIN'))
    throw new Rejection('NOT_ALLOWED', 'Only an admin makes keys for service accounts.', ['serviceAccountId']);
  if ((await byId(serviceAccountId))?.kind !== 'SERVICE')
    throw new Rejection('MEMBER_NOT_FOUND', 'There is no such service account.', ['serviceAccountId']);
  return { id: serviceAccountId, kind: 'SERVICE' as const };
};

const rolesFor = ({ grant }: Asking, kind: 'MEMBER' | 'SERVICE', asked: readonly Role[] | null): readonly Role[] => {
  const roles = asked ?? (kind === 'SERVICE' ? (['MEMBER'] as const) : grant.roles);
  const foreign =
    kind === 'SERVICE'
      ? roles.find((role) => role !== 'MEMBER' && !grant.roles.includes(role))
      : roles.find((role) => !grant.roles.includes(role));
  if (foreign || roles.length === 0)
    throw new Rejection('NOT_ALLOWED', 'A key has at least one role, and none that you do not have yourself.', [
      'roles',
    ]);
  return [...new Set(roles)];
};

/** What the maker may do, as far as the key's roles allow it. */
const scopesFor = ({ grant }: Asking, roles: readonly Role[], asked: readonly string[]): readonly Scope[] => {
  const possible = scopesOf(new Set(roles), null);
  const scopes = [...new Set(asked)].map((name) => {
    if (!isScope(name))
      throw new Rejection('INVALID_INPUT', `There is no scope ${JSON.stringify(name.slice(0, 80))}.`, ['scopes']);
    if (!grant.scopes.includes(name) || !possible.has(name))
      throw new Rejection('NOT_ALLOWED', `The scope ${name} is beyond your own, or beyond the roles of the key.`, [
        'scopes',
      ]);
    return name;
  });
  if (scopes.length === 0) throw new Rejection('INVALID_INPUT', 'A key is for at least one scope.', ['scopes']);
  return scopes;
};

const expiryOf = (asked: Date | null): Date => {
  const now = Date.now();
  const expiresAt = asked ?? new Date(now + DEFAULT_LIFE);
  if (expiresAt.getTime() <= now) throw new Rejection('INVALID_INPUT', 'A key expires in the future.', ['expiresAt']);
  if (expiresAt.getTime() > now + LONGEST_LIFE)
    throw new Rejection('INVALID_INPUT', 'A key lives for a year at most.', ['expiresAt']);
  return expiresAt;
};

const notFound = () => new Rejection('MACHINE_KEY_NOT_FOUND', 'There is no such machine key.', ['machineKeyId']);
