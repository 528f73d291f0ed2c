import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { IdentityProviderUnavailable, Unauthenticated } from './bearer.ts';

/** What a valid token says. */
export type Claims = JWTPayload & { readonly iss: string; readonly sub: string };

export type Verify = (token: string) => Promise<Claims>;

/** Public-key algorithms only: with a secret in common, whoever can check a token could make one. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const TOLERANCE_SECONDS = 30;
const MAX_SUBJECT = 255;

/** Checks tokens of one issuer for one audience. Throws `Unauthenticated`, or `IdentityProviderUnavailable`. */
export const createVerify =
  ({ issuer, audience, key }: { issuer: string; audience: string; key: JWTVerifyGetKey }): Verify =>
  async (token) => {
    const payload = await check(token, key, { issuer, audience });
    const { sub, iat = 0 } = payload;
    if (!sub || sub.length > MAX_SUBJECT || iat > Date.now() / 1000 + TOLERANCE_SECONDS) throw new Unauthenticated();
    return { ...payload, iss: issuer, sub };
  };

const check = async (token: string, key: JWTVerifyGetKey, expected: { issuer: string; audience: string }) => {
  try {
    const { payload } = await jwtVerify(token, key, {
      ...expected,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: TOLERANCE_SECONDS,
    });
    return payload;
  } catch (error) {
    if (error instanceof IdentityProviderUnavailable) throw error;
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw new Unauthenticated();
    throw error;
  }
};
