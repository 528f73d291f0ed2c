import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { IdentityProviderUnavailable, Unauthenticated } from './bearer.ts';

/** What a valid token says. */
export type Claims = JWTPayload & { readonly iss: string; readonly sub: string };

export type Verify = (token: string) => Promise<Claims>;

/** Public-key algorithms only: with a secret in common, whoever can check a token could make one. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const TOLERANCE_SECONDS = 30;
const MAX_SUBJECT = 255;

/** `at+jwt` marks an access token (RFC 9068); `JWT` also takes those of providers that mark them so, or not at all. */
export type TokenType = 'at+jwt' | 'JWT';

export type Expected = {
  readonly issuer: string;
  readonly audience: string;
  readonly key: JWTVerifyGetKey;
  readonly tokenType: TokenType;
  /** A token that its issuer made to last longer is refused. */
  readonly maxLifetimeSeconds: number;
};

/** Checks tokens of one issuer for one audience. Throws `Unauthenticated`, or `IdentityProviderUnavailable`. */
export const createVerify =
  (expected: Expected): Verify =>
  async (token) => {
    const { payload, protectedHeader } = await check(token, expected);
    const { sub, iat, exp } = payload;
    if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT) throw new Unauthenticated();
    if (!isOfType(protectedHeader.typ, expected.tokenType)) throw new Unauthenticated();
    if (typeof iat !== 'number' || typeof exp !== 'number') throw new Unauthenticated();
    if (iat > Date.now() / 1000 + TOLERANCE_SECONDS || exp - iat > expected.maxLifetimeSeconds)
      throw new Unauthenticated();
    return { ...payload, iss: expected.issuer, sub };
  };

const isOfType = (given: unknown, wanted: TokenType): boolean => {
  const type = String(given ?? 'jwt')
    .toLowerCase()
    .replace(/^application\//, '');
  return type === 'at+jwt' || (wanted === 'JWT' && type === 'jwt');
};

const check = async (token: string, { key, issuer, audience }: Expected) => {
  try {
    return await jwtVerify(token, key, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: TOLERANCE_SECONDS,
    });
  } catch (error) {
    if (error instanceof IdentityProviderUnavailable) throw error;
    // Signature, issuer and audience have been found good by then.
    if (error instanceof errors.JWTExpired) throw new Unauthenticated({ hasExpired: true });
    if (error instanceof errors.JOSEError || error instanceof TypeError) throw new Unauthenticated();
    throw error;
  }
};
