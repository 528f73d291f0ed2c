import { z } from 'zod';

/** Field schemas that several nouns speak with. */
export const id = z.uuid();

/** What somebody typed: bounded so that, sealed, it stays far under the log's limit for one event. */
export const draftBody = z.string().trim().max(40_000, 'A text has at most 40,000 characters.');
export const draftTitle = z.string().trim().max(300, 'A title has at most 300 characters.');
/** Nothing is wrong with a draft that says little yet; what is published says something. */
export const body = draftBody.min(1, 'Say something.');
export const title = draftTitle.min(1, 'Give it a title.');

/** An organisation's own name for something; stays clear. */
export const name = z.string().trim().min(1, 'Give it a name.').max(120, 'A name has at most 120 characters.');

/** An organisation's own longer words: what a project or a charter says; stays clear. */
export const statement = z.string().trim().max(4_000, 'A statement has at most 4,000 characters.');

/** Why somebody decided something about somebody: typed, so sealed under the key of whom it is about. */
export const reason = z.string().trim().min(1, 'Say why.').max(2_000, 'A reason has at most 2,000 characters.');

/** A moment, RFC 3339 in UTC. */
export const instant = z.iso.datetime({ error: 'Give a moment in UTC, such as 2026-03-04T09:00:00Z.' });

/** How something is called in addresses. */
export const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'A slug has lower-case letters, digits and single dashes.')
  .max(80, 'A slug has at most 80 characters.');

/** How a member is called in mentions: letters, digits, dots, dashes, underscores of any script. */
export const handle = z
  .string()
  .normalize('NFC')
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u, 'A handle has letters, digits, dots, dashes and underscores.')
  .max(80, 'A handle has at most 80 characters.');

/** What handles are compared by: without case, and however their characters are put together. */
export const handleKey = (text: string) => text.normalize('NFKC').toLowerCase();

/** What a post is for. */
export const postKind = z.enum(['DISCUSSION', 'QUESTION', 'ANNOUNCEMENT']);
export type PostKind = z.infer<typeof postKind>;

/** Who wrote something: a person, or a bot's service account. */
export const authorKind = z.enum(['MEMBER', 'SERVICE']);
export type AuthorKind = z.infer<typeof authorKind>;

/** A slug for a name: accents folded, everything else to dashes. Empty for a name without Latin letters or digits. */
export const slugOf = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/g, '');

/** A handle for a person's name. Empty when nothing of it can stand in a handle. */
export const handleOf = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, 80)
    .replace(/^[^\p{L}\p{N}]+|-+$/gu, '');
