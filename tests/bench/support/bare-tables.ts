import pg from 'pg';
import { globalId } from '../../../schema/global-id.ts';
import {
  authorOf,
  bodyOf,
  communityId,
  communityNameOf,
  handleOf,
  memberId,
  nameOf,
  type Plan,
  postId,
  postsIn,
  publishedAt,
  slugOf,
  titleOf,
} from './organisation.ts';

const TABLES = `
  create schema bare;
  create table bare.members (id uuid primary key, global_id text, name text, handle text);
  create table bare.communities (id uuid primary key, global_id text, name text, slug text unique, member_count int);
  create table bare.posts (
    id uuid primary key, global_id text, community_id uuid, author_id uuid, kind text, title text, body text,
    published_at timestamptz, comment_count int, reaction_count int)`;
const INDEX = 'create index on bare.posts (community_id, published_at, id)';
const CHUNK = 5_000;

/** The same organisation as plain rows in clear text, counters and all, for whoever answers with one statement. */
export const fillBareTables = async (connectionString: string, plan: Plan): Promise<void> => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(TABLES);
    const insert = async (table: string, rows: Iterable<object>) => {
      for (const chunk of chunks(rows))
        await client.query(`insert into bare.${table} select * from json_populate_recordset(null::bare.${table}, $1)`, [
          JSON.stringify(chunk),
        ]);
    };
    await insert('members', numbers(plan.members).map(memberRow));
    await insert(
      'communities',
      numbers(plan.communities).map((n) => communityRow(plan, n)),
    );
    for (const community of numbers(plan.communities))
      await insert(
        'posts',
        numbers(postsIn(plan, community)).map((n) => postRow(plan, community, n)),
      );
    await client.query(INDEX);
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
};

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

const memberRow = (n: number) => ({
  id: memberId(n),
  global_id: globalId('Member', memberId(n)),
  name: nameOf(n),
  handle: handleOf(n),
});

const communityRow = ({ members, memberships, communities }: Plan, n: number) => ({
  id: communityId(n),
  global_id: globalId('Community', communityId(n)),
  name: communityNameOf(n),
  slug: slugOf(n),
  member_count: numbers(members).filter(
    (member) => (n - (member % communities) + communities) % communities < memberships,
  ).length,
});

const postRow = (plan: Plan, community: number, n: number) => ({
  id: postId(community, n),
  global_id: globalId('Post', postId(community, n)),
  community_id: communityId(community),
  author_id: memberId(authorOf(plan, community, n)),
  kind: 'DISCUSSION',
  title: titleOf(community, n),
  body: bodyOf(community, n),
  published_at: publishedAt(n, postsIn(plan, community), community),
  comment_count: plan.commentsPerPost,
  reaction_count: plan.reactionsPerPost,
});

const chunks = (rows: Iterable<object>): object[][] => {
  const all = [...rows];
  return numbers(Math.ceil(all.length / CHUNK)).map((n) => all.slice(n * CHUNK, (n + 1) * CHUNK));
};
