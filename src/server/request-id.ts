import type { IncomingMessage } from 'node:http';
import { freshId } from '../core/ids.ts';

/** The caller's `x-request-id` where it is fit to be written into logs, else a new one. */
export const requestIdOf = ({ headers }: IncomingMessage): string => {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : freshId();
};
