import { describe, expect, test } from 'vitest';
import { at } from '../../src/core/decider.ts';
import { changeProfile, linkLogin, member, registerMember, registerServiceAccount } from '../../src/domain/member.ts';
import { handleOf, slugOf } from '../../src/domain/words.ts';
import { given } from '../support/given.ts';
import { ada, admin, bao, registered } from '../support/story.ts';

const { memberId } = bao;
const person = { memberId, name: 'Bao', handle: 'bao', email: 'Bao@belorme.example', login: null };

describe('registering', () => {
  test('a member is known by keyed hashes, and nothing clear says who it is', () => {
    given()
      .when(registerMember, person, admin)
      .yields({
        type: 'MemberRegistered',
        data: { memberId, handleHash: 'hash of handle bao', emailHash: 'hash of email bao@belorme.example' },
        personal: { name: 'Bao', handle: 'bao', email: 'Bao@belorme.example' },
      });
  });

  test('a login is linked at once where there is one', () => {
    given()
      .when(registerMember, { ...person, login: 'issuer 17' }, admin)
      .yields({ type: 'MemberRegistered' }, { type: 'LoginLinked', data: { loginHash: 'hash of login issuer 17' } });
  });

  test('login, handle and address are one member’s alone, the address whatever its case', () => {
    const input = registerMember.input.parse({ ...person, login: 'issuer 17' });
    expect(registerMember.claims?.(input, member.initial)).toEqual([
      { kind: 'login', key: 'issuer 17' },
      { kind: 'handle', key: 'bao' },
      { kind: 'email', key: 'bao@belorme.example' },
    ]);
  });

  test('only an admin registers a service account', () => {
    const bot = { memberId, name: 'Bot', handle: 'bot', email: null };
    given().when(registerServiceAccount, bot, ada).rejects('NOT_ALLOWED');
    given()
      .when(registerServiceAccount, bot, admin)
      .yields({ type: 'ServiceAccountRegistered', data: { system: false } });
  });
});

describe('a member', () => {
  const linked = { to: at(member, memberId), type: 'LoginLinked', data: { memberId, loginHash: 'hash of login x' } };

  test('signs in with several logins, each linked once', () => {
    given(registered(bao)).when(linkLogin, { memberId, login: 'x' }, admin).yields({ type: 'LoginLinked' });
    given(registered(bao), linked).when(linkLogin, { memberId, login: 'x' }, admin).yields();
    given(registered(bao), linked).when(linkLogin, { memberId, login: 'y' }, admin).yields({ type: 'LoginLinked' });
  });

  test('of one issuer has one login: a second one is somebody else, to whom the same address was given', () => {
    const known = { ...linked, data: { ...linked.data, issuerHash: 'hash of login issuer' } };
    given(registered(bao), known)
      .when(linkLogin, { memberId, login: 'y', issuer: 'issuer' }, admin)
      .rejects('LOGIN_TAKEN');
    given(registered(bao), known)
      .when(linkLogin, { memberId, login: 'y', issuer: 'new issuer' }, admin)
      .yields({ type: 'LoginLinked', data: { issuerHash: 'hash of login new issuer' } });
    // Of older logins nobody knows the issuer: it may be this one.
    given(registered(bao), linked)
      .when(linkLogin, { memberId, login: 'y', issuer: 'issuer' }, admin)
      .rejects('LOGIN_TAKEN');
  });

  test('who is nobody has no login and no profile', () => {
    given().when(linkLogin, { memberId, login: 'x' }, admin).rejects('MEMBER_NOT_FOUND');
    given().when(changeProfile, { name: 'Bảo' }, bao).rejects('MEMBER_NOT_FOUND');
  });

  test('changes the own name', () => {
    given(registered(bao))
      .when(changeProfile, { name: 'Bảo' }, bao)
      .yields({ type: 'ProfileChanged', data: { memberId }, personal: { name: 'Bảo' } });
  });
});

describe('words', () => {
  test('a slug is made of a name, accents folded', () => {
    expect(slugOf('Rénovation des chaufferies')).toBe('renovation-des-chaufferies');
    expect(slugOf('日本')).toBe('');
  });

  test('a handle keeps the letters of every script', () => {
    expect(handleOf('Inès de la Valade')).toBe('inès-de-la-valade');
    expect(handleOf('…!')).toBe('');
  });
});
