import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { IdentityProviderUnavailable } from './bearer.ts';

const CACHE_MS = 10 * 60_000;
/** An unknown key is looked for at once, others of them not before this: thirty made-up ids must not become thirty requests. */
const COOLDOWN_MS = 30_000;
const TIMEOUT_MS = 5_000;
/** While the provider is down, its last keys are trusted this long, and it is asked again this often. */
const LAST_GOOD_MS = 24 * 60 * 60_000;
const RETRY_MS = 5_000;
const REMEMBER_MS = 60_000;

/** The keys that an identity provider publishes, fetched when needed and remembered. */
export const providerKeys = (jwksUrl: URL): JWTVerifyGetKey => {
  const remote = createRemoteJWKSet(jwksUrl, {
    cacheMaxAge: CACHE_MS,
    // `lookFor` decides: a key that is new since the last fetch, however recent, must be good.
    cooldownDuration: CACHE_MS,
    timeoutDuration: TIMEOUT_MS,
  });
  let lastGood: { readonly keys: JWTVerifyGetKey; readonly at: number } | undefined;
  let failure: { readonly error: unknown; readonly at: number } | undefined;

  let lookedFor: { readonly at: number } | undefined;

  /** The provider may have a new key since its keys were fetched. */
  const lookFor: JWTVerifyGetKey = async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const isNews =
        error instanceof errors.JWKSNoMatchingKey && (remote.reloading || !isYoung(lookedFor, COOLDOWN_MS));
      if (!isNews) throw error;
      if (!remote.reloading) lookedFor = { at: Date.now() };
      await remote.reload();
      return remote(header, token);
    }
  };

  const remember = () => {
    failure = undefined;
    const set = remote.jwks();
    if (set && remote.fresh && !isYoung(lastGood, REMEMBER_MS))
      lastGood = { keys: createLocalJWKSet(set), at: Date.now() };
  };

  const fallback: JWTVerifyGetKey = (header, token) => {
    if (!lastGood || !isYoung(lastGood, LAST_GOOD_MS)) throw new IdentityProviderUnavailable(failure?.error);
    return lastGood.keys(header, token);
  };

  return async (header, token) => {
    if (isYoung(failure, RETRY_MS)) return fallback(header, token);
    try {
      const key = await lookFor(header, token);
      remember();
      return key;
    } catch (error) {
      if (isAboutToken(error)) throw error;
      failure = { error, at: Date.now() };
      return fallback(header, token);
    }
  };
};

const isYoung = (moment: { readonly at: number } | undefined, ms: number) =>
  moment !== undefined && Date.now() - moment.at < ms;

/** The provider answered; it is the token that names no key of it, or one that does not fit. */
const isAboutToken = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;
