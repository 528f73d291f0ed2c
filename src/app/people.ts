import type { Claims, Known, People } from '../adapters/identity/index.ts';
import { at, SYSTEM } from '../core/decider.ts';
import type { Execute } from '../core/execute.ts';
import { derivedId } from '../core/ids.ts';
import { Rejection } from '../core/rejection.ts';
import type { Sealing } from '../core/sealing.ts';
import type { States } from '../core/states.ts';
import { claims as claimStreams } from '../domain/claim.ts';
import { linkLogin, member, registerMember } from '../domain/member.ts';
import { handleKey, handleOf } from '../domain/words.ts';

const MAX_HANDLES = 100;
const HANDLE_LENGTH = 80;

type Tools = { readonly execute: Execute; readonly states: States; readonly sealing: Pick<Sealing, 'hash'> };

/** The organisation's people, looked up in the log itself: a login must never wait for a read model. */
export const createPeople = ({
  execute,
  states,
  sealing,
}: Tools): People & { byHandle(handle: string): Promise<Known | null> } => {
  const byId = async (memberId: string): Promise<Known | null> => {
    const { state } = await states.load(at(member, memberId));
    return state.status === 'registered' ? { memberId, kind: state.kind } : null;
  };

  const ownerOf = async (kind: 'login' | 'email' | 'handle', key: string): Promise<Known | null> => {
    const { state } = await states.load(at(claimStreams[kind], sealing.hash(kind, key)));
    // A claim without its member is a registration that was cut off: the next try goes on with it.
    return state ? byId(state.ownerId) : null;
  };

  const register = async (login: string, claims: Claims): Promise<Known> => {
    // Derived from the login, so that a registration that was cut off goes on with the keys it had claimed.
    const memberId = derivedId('member', login);
    const name = nameIn(claims);
    let email = emailIn(claims);
    for (let n = 1; n <= MAX_HANDLES; ) {
      try {
        const registration = { memberId, name, handle: handleFor(name, n), email, login, issuer: claims.iss };
        await execute(registerMember, registration, { actor: SYSTEM });
        return { memberId, kind: 'MEMBER' };
      } catch (error) {
        if (!(error instanceof Rejection)) throw error;
        if (error.code === 'HANDLE_TAKEN') n += 1;
        else if (error.code === 'EMAIL_TAKEN' && email) email = null;
        else {
          const owner =
            error.code === 'LOGIN_TAKEN' || error.code === 'EXISTS_ALREADY' ? await ownerOf('login', login) : null;
          if (!owner) throw error;
          return owner;
        }
      }
    }
    throw new Error(`No free handle was found after ${MAX_HANDLES} tries.`);
  };

  /** False where the person signs in with another login of the same issuer: then it is not the same person. */
  const link = async ({ memberId }: Known, login: string, { iss: issuer }: Claims): Promise<boolean> => {
    try {
      await execute(linkLogin, { memberId, login, issuer }, { actor: SYSTEM });
      return true;
    } catch (error) {
      if (error instanceof Rejection && error.code === 'LOGIN_TAKEN') return false;
      throw error;
    }
  };

  return {
    byId,
    byLogin: (login) => ownerOf('login', login),
    // What was registered before handles were compared so is found as it was written.
    byHandle: async (handle) => (await ownerOf('handle', handleKey(handle))) ?? ownerOf('handle', handle),
    enrol: async (login, claims) => {
      const email = emailIn(claims);
      const known = email ? await ownerOf('email', email) : null;
      return known && (await link(known, login, claims)) ? known : register(login, claims);
    },
  };
};

/** The person's name as the token gives it, without what no text may hold. */
const nameIn = (claims: Claims): string => {
  const parts = [claims.given_name, claims.family_name].filter((part) => typeof part === 'string').join(' ');
  const candidates = [claims.name, parts, claims.preferred_username].filter((name) => typeof name === 'string');
  const clean = candidates.map((name) => name.replace(/[\p{Cc}\p{Cs}]/gu, ' ').trim()).find((name) => name !== '');
  return [...(clean ?? 'Member')].slice(0, 60).join('');
};

/** Only an address that the issuer has verified says who somebody is. */
const emailIn = ({ email, email_verified }: Claims): string | null =>
  email_verified === true && typeof email === 'string' && registerMember.input.shape.email.safeParse(email).success
    ? email.toLowerCase()
    : null;

const handleFor = (name: string, n: number) => {
  const base = handleOf(name) || 'member';
  const suffix = n === 1 ? '' : `-${n}`;
  return `${base.slice(0, HANDLE_LENGTH - suffix.length)}${suffix}`;
};
