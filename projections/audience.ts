import { type Expression, type Kysely, sql } from 'kysely';
import type { Audience } from '../src/domain/audience.ts';

// For whom a post in early access is, in rows: one text of keys. Who looks has keys too, and is among them when one is common.

/** Whose eyes: all see what is for anybody; the others what one of their keys is among. */
export type Eyes = { readonly all: boolean; readonly keys: readonly string[] };

export const NOBODY: Eyes = { all: false, keys: [] };

/** The key of whoever holds a role of a community; a member's own key is the id. */
export const roleKey = (communityId: string, role: string): string => `${communityId}/${role}`;

/** The author, and the audience. */
export const audienceKeys = (of: { communityId: string; authorId: string }, { roles, memberIds }: Audience): string =>
  [of.authorId, ...memberIds, ...roles.map((role) => roleKey(of.communityId, role))].join(' ');

export const isAmong = (audience: string, { all, keys }: Eyes): boolean =>
  all || audience.split(' ').some((key) => keys.includes(key));

/** The same as a condition on a column of audiences. */
export const among = (column: string, { all, keys }: Eyes) =>
  all ? sql<boolean>`true` : sql<boolean>`string_to_array(${sql.ref(column)}, ' ') && ${keys}::text[]`;

/** What early access there is in a community: nothing for most, and then nobody has to ask further. */
export type EarlyAccessIn = {
  readonly id: string;
  /** Whether anything is or ever was in early access. */
  readonly any: boolean;
  /** The audiences that make a difference to what is listed, each once. */
  readonly audiences: readonly string[];
};

/** So many audiences are remembered; of a community with more nothing is said from memory. */
const REMEMBERED = 100;

/** Whether something is listed for these eyes in another way than for everybody. */
export const concerns = ({ audiences }: EarlyAccessIn, eyes: Eyes): boolean =>
  audiences.length > REMEMBERED || audiences.some((audience) => isAmong(audience, eyes));

/** Of each of these communities: `all` and `listed` are the audiences in the community `owner.id`. */
export const earlyAccessInEach = async <DB>(
  db: Kysely<DB>,
  { all, listed }: { readonly all: Expression<unknown>; readonly listed: Expression<unknown> },
  communityIds: readonly string[],
): Promise<readonly EarlyAccessIn[]> => {
  const { rows } = await sql<EarlyAccessIn>`
    select owner.id, exists (${all}) as "any",
           array(select distinct audience from (${listed}) as one limit ${REMEMBERED + 1}) as audiences
      from unnest(${communityIds}::uuid[]) as owner(id)`.execute(db);
  return rows;
};
