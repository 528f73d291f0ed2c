import { hash } from 'node:crypto';
import { v7 } from 'uuid';

const NAMESPACE = Buffer.from('6f1c2a3e9f0a5c558c1e70616c616272', 'hex');

/** The same parts give the same id, on every machine and log: a UUID of version 5. An import derives several for each message. */
export const derivedId = (...parts: readonly (string | number)[]): string => {
  const hex = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(JSON.stringify(parts))]));
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** A fresh, time-ordered id. */
export const freshId = (): string => v7();

/** The id of a command: the same for the same key of the same actor, so that a retry is the same command. */
export const commandIdOf = (actor: string, mutation: string, idempotencyKey: string | undefined, targetId: string) =>
  idempotencyKey === undefined ? freshId() : derivedId('command', actor, mutation, idempotencyKey, targetId);

/** The id of what a command creates. */
export const createdIdOf = (commandId: string) => derivedId('created', commandId);

export const eventIdOf = (commandId: string, stream: string, n: number) => derivedId('event', commandId, stream, n);
