/** Nobody is let in: no token, or one that proves nothing. One message for all reasons, so that none can be probed for. */
export class Unauthenticated extends Error {
  readonly code = 'UNAUTHENTICATED';
  /** Whether it was a good token once: its holder, and nobody else, may know. */
  readonly hasExpired: boolean;
  /** Whether anything was sent to prove who asks: a challenge says `invalid_token` only then (RFC 6750, 3.1). */
  readonly sentToken: boolean;
  constructor({ hasExpired = false, sentToken = true } = {}) {
    super('This needs a valid token: send "Authorization: Bearer <token>".');
    this.name = 'Unauthenticated';
    this.hasExpired = hasExpired;
    this.sentToken = sentToken;
  }
}

/** The identity provider's keys cannot be had, and none are remembered. */
export class IdentityProviderUnavailable extends Error {
  readonly code = 'IDENTITY_PROVIDER_UNAVAILABLE';
  constructor(cause: unknown) {
    super('The identity provider gives no keys, so no token can be checked: try again in a moment.', { cause });
    this.name = 'IdentityProviderUnavailable';
  }
}

const MAX_TOKEN = 8 * 1024;

/** The token of an `Authorization` header; throws `Unauthenticated` where there is none. */
export const bearerToken = (header: string | null | undefined): string => {
  const token = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? '')?.[1];
  if (!token || token.length > MAX_TOKEN) throw new Unauthenticated({ sentToken: Boolean(header?.trim()) });
  return token;
};
