import { canonical } from './command-input.ts';
import { commandIdOf } from './ids.ts';
import { Rejection } from './rejection.ts';
import type { Scope } from './scopes.ts';
import type { Role } from './viewer.ts';

// What integrations run on is not in the log: it is kept beside it, and changed by commands that are known by an id as well.

/** As whom something acts when nobody is there: the principal that made it, with what that principal could do then. */
export type Grant = {
  readonly memberId: string;
  readonly kind: 'MEMBER' | 'SERVICE';
  readonly roles: readonly Role[];
  readonly scopes: readonly Scope[];
  /** The machine key that it was made with: it ends with the key. */
  readonly keyId: string | null;
};

/** A change of one of these tables. The same id is the same change; with another input it is refused. */
export type OperationCommand = { readonly id: string; readonly inputHash: string };

/** What became of a change: done, done by an earlier call, or refused because the id came with another input. */
export type Settled = 'done' | 'repeated' | 'reused';

export type Hash = (purpose: string, text: string) => string;

const MAX_KEY = 255;

/** The command of a change, by who asks, what is asked, and the key that makes a repetition the same. */
export const operationOf = (
  hash: Hash,
  memberId: string,
  type: string,
  idempotencyKey: string | undefined,
  input: object,
): OperationCommand => {
  if (idempotencyKey !== undefined && (idempotencyKey === '' || idempotencyKey.length > MAX_KEY))
    throw new Rejection('INVALID_INPUT', `An idempotency key has 1 to ${MAX_KEY} characters.`, ['idempotencyKey']);
  return { id: commandIdOf(memberId, type, idempotencyKey, ''), inputHash: hash('input', canonical(input)) };
};

/** Whether an earlier call did it; throws where the id came with another input. */
export const isRepeated = (settled: Settled): boolean => {
  if (settled === 'reused')
    throw new Rejection('IDEMPOTENCY_KEY_REUSED', 'This idempotency key came with another input: take a new key.', [
      'idempotencyKey',
    ]);
  return settled === 'repeated';
};

/** A page of a list whose newest rows come first, by their numbers. */
export type NumberedPage = {
  readonly size: number;
  readonly fromEnd?: boolean;
  readonly after?: bigint;
  readonly before?: bigint;
};

export type NumberedRows<R> = { readonly rows: readonly R[]; readonly more: boolean };
