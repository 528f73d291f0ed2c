import { namesIn } from './roles.ts';
import type { Claims } from './verify.ts';

/**
 * The scopes that a token names: a text with spaces (RFC 9068), or a list, under `scope`, or `scp` as some providers
 * write it; under the configured claim instead where there is one. Null for a token that says nothing of scopes.
 */
export const scopesIn = (claims: Claims, scopeClaim: string | null): readonly string[] | null => {
  const names = scopeClaim === null ? ['scope', 'scp'] : [scopeClaim];
  const name = names.find((one) => Object.hasOwn(claims, one));
  return name === undefined ? null : namesIn(claims[name]);
};
