import { v5, v7 } from 'uuid';

const NAMESPACE = '6f1c2a3e-9f0a-5c55-8c1e-70616c616272';

/** The same parts give the same id, on every machine and log. */
export const derivedId = (...parts: readonly (string | number)[]): string => v5(JSON.stringify(parts), NAMESPACE);

/** A fresh, time-ordered id. */
export const freshId = (): string => v7();

/** The id of a command: the same for the same key of the same actor, so that a retry is the same command. */
export const commandIdOf = (actor: string, mutation: string, idempotencyKey: string | undefined, targetId: string) =>
  idempotencyKey === undefined ? freshId() : derivedId('command', actor, mutation, idempotencyKey, targetId);

/** The id of what a command creates. */
export const createdIdOf = (commandId: string) => derivedId('created', commandId);

export const eventIdOf = (commandId: string, stream: string, n: number) => derivedId('event', commandId, stream, n);
