import type { GraphQLError } from 'graphql';
import { Unauthenticated } from '../../adapters/identity/index.ts';
import type { Limits } from '../../config/limits.ts';
import { createBudget } from './budget.ts';
import { tooMuch } from './refusal.ts';

/** Whoever was not let in: from where, and whether with a token. */
export type Stranger = { readonly address: string | undefined; readonly sentToken: boolean };

/**
 * What somebody hears who was not let in: why, or, after asking too often from one address without a valid token, that. One for
 * the whole server, asked by every door.
 */
export type Strangers = (error: unknown, stranger: Stranger) => unknown;

export const createStrangers = (limits: Limits): Strangers => {
  const perMinute = (size: number) => createBudget(size, size / 60);
  const anonymous = perMinute(limits.ANONYMOUS_PER_MINUTE);
  const refused = perMinute(limits.REFUSED_TOKENS_PER_MINUTE);
  return (error, { address = '', sentToken }) => {
    if (!(error instanceof Unauthenticated)) return error;
    const { waitSeconds } = (sentToken ? refused : anonymous).take(address, 1);
    return waitSeconds === 0 ? error : tooOften(limits, sentToken, waitSeconds);
  };
};

const tooOften = (limits: Limits, sentToken: boolean, waitSeconds: number): GraphQLError => {
  const name = sentToken ? 'REFUSED_TOKENS_PER_MINUTE' : 'ANONYMOUS_PER_MINUTE';
  const refusal = tooMuch(
    name,
    limits[name],
    null,
    `At most ${limits[name]} requests a minute without a valid token (limit ${name}): ask again in ${waitSeconds} s, with a token.`,
  );
  Object.assign(refusal.extensions.http as object, { headers: { 'Retry-After': String(waitSeconds) } });
  return refusal;
};
