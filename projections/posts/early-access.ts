import { type Kysely, sql } from 'kysely';
import type { KeptRows } from '../../src/core/kept-rows.ts';
import { among, type EarlyAccessIn, type Eyes, earlyAccessInEach } from '../audience.ts';
import { oneOf, prepared } from '../prepared.ts';
import { posts } from './index.ts';
import type { PostsRows } from './tables.ts';

type Db = Kysely<PostsRows>;

/** What early access a post has, if any: for whom, and from where in the log on it is for everybody. */
export type PostAccess = {
  readonly postId: string;
  readonly audience: string | null;
  readonly openedPosition: bigint | null;
};

const accessByIds = prepared((db: Db, postIds: readonly string[]) =>
  db.selectFrom('early_access').select(['postId', 'audience', 'openedPosition']).where(oneOf('postId', postIds)),
);

/** By post. That one has none is remembered too. */
export const keptAccess: KeptRows<PostAccess> = {
  projection: posts,
  forgottenWith: { early_access: 'key' },
  max: 50_000,
  keyOf: ({ postId }) => postId,
  load: async (db: Db, postIds) => {
    const found = new Map((await accessByIds(db, postIds)).map((row) => [row.postId, row]));
    return postIds.map((postId) => found.get(postId) ?? { postId, audience: null, openedPosition: null });
  },
};

export const keptEarlyAccessIn: KeptRows<EarlyAccessIn> = {
  projection: posts,
  forgottenWith: { early_access: 'any' },
  max: 5_000,
  keyOf: ({ id }) => id,
  load: (db: Db, communityIds) => {
    const all = db
      .selectFrom('early_access')
      .select('audience')
      .where(() => sql<boolean>`"communityId" = owner.id`);
    return earlyAccessInEach(db, { all, listed: all.where('listed', '=', true) }, communityIds);
  },
};

/** The condition on posts that they are not for everybody, but for these eyes. */
export const closedButFor = (eyes: Eyes) => sql<boolean>`"closedTo" is not null and ${among('closedTo', eyes)}`;
