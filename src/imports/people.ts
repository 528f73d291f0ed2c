import type { User } from '../adapters/zulip-archive/index.ts';
import { at, streamName } from '../core/decider.ts';
import { member, registerMember } from '../domain/member.ts';
import { type AuthorKind, handleKey, handleOf } from '../domain/words.ts';
import type { Draft } from './draft.ts';
import { type Keys, NOBODY, type Planning } from './plan.ts';

const HANDLE_LENGTH = 80;

export type People = {
  /** Undefined for a placeholder who neither wrote nor reacted. */
  readonly memberIdOf: (userId: number) => string | undefined;
  readonly kindOf: (userId: number) => AuthorKind;
  /** In ascending user id: who registered first comes first in ties. */
  readonly drafts: readonly Draft[];
};

/**
 * Everybody with an account becomes a member, bots become service accounts. A placeholder is somebody only if they wrote or reacted.
 * Who is a member already under the same e-mail address stays that member.
 */
export const planPeople = (planning: Planning, keys: Keys): People => {
  const { archive, ids, stored, tally } = planning;
  const memberIds = new Map<number, string>();
  const kinds = new Map<number, AuthorKind>();
  const drafts: Draft[] = [];
  const known = new Set(archive.messages.map(({ id }) => id));
  /** Whoever said something, or reacted to it. */
  const heard = new Set(archive.messages.map(({ senderId }) => senderId));
  for (const { userId, messageId } of archive.reactions) if (known.has(messageId)) heard.add(userId);

  for (const user of archive.users) {
    if (user.isPlaceholder && !heard.has(user.id)) {
      tally.leftOut('placeholders for people without an account', 'they wrote nothing, and reacted to nothing');
      continue;
    }
    const noun = user.isBot ? 'service accounts' : 'members';
    const memberId = ids.member(user.id);
    kinds.set(user.id, user.isBot ? 'SERVICE' : 'MEMBER');
    memberIds.set(user.id, memberId);
    if (stored.members.has(memberId)) {
      tally.present(noun);
      continue;
    }
    const email = emailOf(user);
    const holder = email && !user.isBot ? keys.holder('email', email) : null;
    if (holder && stored.members.has(holder)) {
      memberIds.set(user.id, holder);
      tally.present('members');
    } else drafts.push(registration(planning, keys, user, holder === null || holder === memberId ? email : null));
  }
  return { memberIdOf: (id) => memberIds.get(id), kindOf: (id) => kinds.get(id) ?? 'MEMBER', drafts };
};

const registration = ({ archive, ids, hash }: Planning, keys: Keys, user: User, email: string | null): Draft => {
  const memberId = ids.member(user.id);
  const to = at(member, memberId);
  const commandId = ids.command('register', user.id);
  const joinedAt = user.joinedAt ?? archive.realm.createdAt;
  const owner = { id: memberId, stream: streamName(to), commandId, at: joinedAt };
  const base = handleOf(user.name) || `${user.isBot ? 'bot' : 'member'}-${user.id}`;
  const handle = keys.takeFirstFree('handle', base, HANDLE_LENGTH, owner);
  if (email && !user.isBot) keys.take('email', email, owner);
  const data = { memberId, handleHash: hash('handle', handleKey(handle)), emailHash: email && hash('email', email) };
  const personal = { name: user.name, handle, email };
  return {
    noun: user.isBot ? 'service accounts' : 'members',
    origin: `user ${user.id}`,
    to,
    expected: 'none',
    commandId,
    actor: NOBODY,
    at: joinedAt,
    events: user.isBot
      ? [{ type: 'ServiceAccountRegistered', data: { ...data, system: user.isSystem }, personal }]
      : [{ type: 'MemberRegistered', data, personal }],
  };
};

/** In lower case, as it is claimed; null for what is no address. */
const emailOf = ({ email }: User): string | null =>
  registerMember.input.shape.email.safeParse(email).data?.toLowerCase() ?? null;
