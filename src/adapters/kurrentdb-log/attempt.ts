import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../postgres-log/logger.ts';
import type { Connection, Place, Proposed } from './client.ts';
import { explain, isStreamDeleted, isTooLarge, isWrongVersion, NoAnswer, within } from './faults.ts';
import type { Gate } from './gate.ts';

/** How an append ended, for certain or not. `again`: an attempt before the last one had no definite answer. */
export type Answer =
  | {
      readonly answer: 'written';
      readonly revision: number;
      readonly place: Place | undefined;
      readonly again: boolean;
    }
  | { readonly answer: 'wrong version'; readonly again: boolean }
  | { readonly answer: 'too large' }
  | { readonly answer: 'deleted' }
  | { readonly answer: 'unknown' };

export type Sending = {
  readonly stream: string;
  readonly events: readonly Proposed[];
  /** The stream's last revision; -1: it has no events. Every attempt expects the same. */
  readonly expected: number;
  readonly bytes: number;
  /** Whose turn it is when it first goes through the gate. */
  readonly release: () => void;
};

export type AttemptTools = {
  readonly connection: Connection;
  readonly gate: Gate;
  readonly logger: Logger;
  readonly address: string;
  /** How long an append may go without a definite answer, in milliseconds. */
  readonly patience: number;
};

const FIRST_PAUSE = 20;
const LAST_PAUSE = 1_000;

/**
 * Sends an append until the server says *written* or *wrong version*, always with the same ids and the same expected revision:
 * the server knows it again by them. Everything else that a client hears may have happened.
 */
export const attempt = async (
  { connection, gate, logger, address, patience }: AttemptTools,
  { stream, events, expected, bytes, release }: Sending,
): Promise<Answer> => {
  const streamState = expected < 0 ? 'no_stream' : BigInt(expected);
  const began = performance.now();
  let leave = release;
  for (let [again, pause] = [false, FIRST_PAUSE]; ; again = true, pause = Math.min(2 * pause, LAST_PAUSE)) {
    const client = connection.client();
    try {
      // The client's own deadline does not bound an append that shares its call with others.
      const left = patience - (performance.now() - began);
      const { nextExpectedRevision, position } = await within(
        Math.min(patience / 2, Math.max(left, FIRST_PAUSE)),
        client.appendToStream(stream, [...events], { streamState }),
      );
      return { answer: 'written', revision: Number(nextExpectedRevision), place: position, again };
    } catch (error) {
      if (isWrongVersion(error)) return { answer: 'wrong version', again };
      if (isTooLarge(error)) return { answer: 'too large' };
      if (isStreamDeleted(error)) return { answer: 'deleted' };
      logger.warn({ error, reason: explain(error, address) }, 'An append got no definite answer; it is sent again.');
      if (error instanceof NoAnswer) connection.renew(client);
      if (performance.now() - began + pause >= patience) return { answer: 'unknown' };
    } finally {
      leave();
    }
    await sleep(pause);
    leave = await gate.again(bytes);
  }
};
