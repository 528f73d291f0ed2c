import { z } from 'zod';
import { type DecideContext, defineAggregate, defineCommand } from '../core/decider.ts';
import { defineEvents } from '../core/event.ts';
import { Rejection } from '../core/rejection.ts';
import { handle, handleKey, id, name } from './words.ts';

const person = z.strictObject({ name: z.string(), handle: z.string(), email: z.string().nullable() });
const registered = z.strictObject({ memberId: id, handleHash: z.string(), emailHash: z.string().nullable() });

// Events. These names and shapes are a file format: add, never edit.
export const memberEvents = defineEvents({
  MemberRegistered: {
    version: 1,
    data: registered,
    personal: person,
    subject: (data: { memberId: string }) => data.memberId,
  },
  /** A bot or an integration: it speaks, but counts as nobody. `system`: it belongs to the platform, not to this organisation. */
  ServiceAccountRegistered: {
    version: 1,
    data: registered.extend({ system: z.boolean() }),
    personal: person,
    subject: (data: { memberId: string }) => data.memberId,
  },
  ProfileChanged: {
    version: 1,
    data: z.strictObject({ memberId: id }),
    personal: z.strictObject({ name: z.string() }),
    subject: (data: { memberId: string }) => data.memberId,
  },
  /** `issuerHash` says whose login it is; older ones do not. */
  LoginLinked: {
    version: 1,
    data: z.strictObject({ memberId: id, loginHash: z.string(), issuerHash: z.string().optional() }),
  },
});

export type Member = {
  readonly status: 'none' | 'registered';
  readonly kind: 'MEMBER' | 'SERVICE';
  /** Each with the issuer that vouches for it; null where that was not written down. */
  readonly logins: readonly { readonly loginHash: string; readonly issuerHash: string | null }[];
};

export const member = defineAggregate<Member>()({
  category: 'member',
  events: memberEvents,
  initial: { status: 'none', kind: 'MEMBER', logins: [] },
  evolve: {
    MemberRegistered: (state) => ({ ...state, status: 'registered', kind: 'MEMBER' }),
    ServiceAccountRegistered: (state) => ({ ...state, status: 'registered', kind: 'SERVICE' }),
    ProfileChanged: (state) => state,
    LoginLinked: (state, { loginHash, issuerHash = null }) => ({
      ...state,
      logins: [...state.logins, { loginHash, issuerHash }],
    }),
  },
});

const registration = z.strictObject({
  memberId: id,
  name,
  handle,
  email: z.email().max(254).nullable(),
  login: z.string().nullable(),
  issuer: z.string().optional(),
});

type Login = { readonly login: string; readonly issuer?: string | undefined };

const linked = (memberId: string, { login, issuer }: Login, hash: DecideContext['hash']) => ({
  type: 'LoginLinked' as const,
  data: {
    memberId,
    loginHash: hash('login', login),
    ...(issuer !== undefined && { issuerHash: hash('login', issuer) }),
  },
});

/** A person becomes a member at the first valid login, or by an import. Its login, handle and e-mail address are its own. */
export const registerMember = defineCommand({
  type: 'RegisterMember',
  input: registration,
  aggregate: member,
  creates: true,
  id: ({ memberId }) => memberId,
  claims: ({ login, handle, email }) => [
    ...(login ? [{ kind: 'login' as const, key: login }] : []),
    { kind: 'handle', key: handleKey(handle) },
    ...(email ? [{ kind: 'email' as const, key: email.toLowerCase() }] : []),
  ],
  decide: ({ memberId, name, handle, email, login, issuer }, _state, { hash }) => [
    {
      type: 'MemberRegistered',
      data: {
        memberId,
        handleHash: hash('handle', handleKey(handle)),
        emailHash: email && hash('email', email.toLowerCase()),
      },
      personal: { name, handle, email },
    },
    ...(login ? [linked(memberId, { login, issuer }, hash)] : []),
  ],
});

export const registerServiceAccount = defineCommand({
  type: 'RegisterServiceAccount',
  input: registration.omit({ login: true, issuer: true }).extend({ system: z.boolean().default(false) }),
  aggregate: member,
  creates: true,
  id: ({ memberId }) => memberId,
  claims: ({ handle }) => [{ kind: 'handle', key: handleKey(handle) }],
  decide: ({ memberId, name, handle, email, system }, _state, { hash, actor }) => {
    if (!actor.isAdmin) throw new Rejection('NOT_ALLOWED', 'Only an admin registers a service account.');
    return [
      {
        type: 'ServiceAccountRegistered',
        data: {
          memberId,
          handleHash: hash('handle', handleKey(handle)),
          emailHash: email && hash('email', email.toLowerCase()),
          system,
        },
        personal: { name, handle, email },
      },
    ];
  },
});

/**
 * Links a login to a member who is known already: an imported person who signs in for the first time, or anybody after the
 * organisation changed its identity provider. A second login of one issuer is somebody else, to whom the address of a
 * person who left was given.
 */
export const linkLogin = defineCommand({
  type: 'LinkLogin',
  input: z.strictObject({ memberId: id, login: z.string(), issuer: z.string().optional() }),
  aggregate: member,
  id: ({ memberId }) => memberId,
  claims: ({ login }) => [{ kind: 'login', key: login }],
  decide: ({ memberId, login, issuer }, state, { hash }) => {
    assertRegistered(state);
    const link = linked(memberId, { login, issuer }, hash);
    if (state.logins.some(({ loginHash }) => loginHash === link.data.loginHash)) return [];
    const isOfIssuer = (of: string | null) => of === null || of === link.data.issuerHash;
    if (issuer !== undefined && state.logins.some(({ issuerHash }) => isOfIssuer(issuerHash)))
      throw new Rejection('LOGIN_TAKEN', 'This member signs in with another login of the same issuer.');
    return [link];
  },
});

export const changeProfile = defineCommand({
  type: 'ChangeProfile',
  input: z.strictObject({ name }),
  aggregate: member,
  id: (_, { actor }) => actor.memberId,
  decide: ({ name }, state, { id }) => {
    assertRegistered(state);
    return [{ type: 'ProfileChanged', data: { memberId: id }, personal: { name } }];
  },
});

export const assertRegistered = (state: Member) => {
  if (state.status !== 'registered') throw new Rejection('MEMBER_NOT_FOUND', 'There is no such member.');
};
