import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';
import { freshId } from '../core/ids.ts';

/** The caller's `x-request-id` where it is fit to be written into logs, else a new one. */
export const requestIdOf = ({ headers }: IncomingMessage): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : freshId();
};

const requests = new AsyncLocalStorage<string>();

/** Runs what a request sets going, so that a fault deep inside can be logged under the request's id. */
export const withRequestId = <R>(requestId: string, run: () => R): R => requests.run(requestId, run);

export const currentRequestId = () => requests.getStore();
