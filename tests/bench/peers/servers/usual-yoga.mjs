import { createServer } from 'node:http';
import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import DataLoader from 'dataloader';
import { createYoga } from 'graphql-yoga';
import pg from 'pg';

// The server that one writes after the documentation of Yoga, Pothos and DataLoader: three statements for the page.

const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
const rows = async (name, text, values) => (await pool.query({ name, text, values })).rows;
const builder = new SchemaBuilder({ plugins: [DataloaderPlugin] });

const Member = builder.objectRef('Member').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ global_id }) => global_id }),
    name: t.exposeString('name'),
    handle: t.exposeString('handle'),
  }),
});
const Post = builder.objectRef('Post').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ global_id }) => global_id }),
    kind: t.exposeString('kind'),
    title: t.exposeString('title'),
    body: t.exposeString('body'),
    publishedAt: t.string({ resolve: ({ published_at }) => published_at.toISOString() }),
    author: t.field({ type: Member, resolve: ({ author_id }, _, { members }) => members.load(author_id) }),
    commentCount: t.exposeInt('comment_count'),
    reactionCount: t.exposeInt('reaction_count'),
  }),
});
const Posts = builder.objectRef('PostConnection').implement({
  fields: (t) => ({ nodes: t.field({ type: [Post], resolve: (nodes) => nodes }) }),
});
const Community = builder.objectRef('Community').implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ global_id }) => global_id }),
    name: t.exposeString('name'),
    slug: t.exposeString('slug'),
    memberCount: t.exposeInt('member_count'),
    posts: t.field({
      type: Posts,
      args: { first: t.arg.int({ required: true }) },
      resolve: ({ id }, { first }) =>
        rows('posts', 'select * from bare.posts where community_id = $1 order by published_at desc, id desc limit $2', [
          id,
          first,
        ]),
    }),
  }),
});
builder.queryType({
  fields: (t) => ({
    community: t.field({
      type: Community,
      nullable: true,
      args: { slug: t.arg.string({ required: true }) },
      resolve: async (_, { slug }) =>
        (await rows('community', 'select * from bare.communities where slug = $1', [slug]))[0],
    }),
  }),
});

const loadMembers = async (ids) => {
  const found = await rows('members', 'select * from bare.members where id = any($1)', [ids]);
  const byId = new Map(found.map((member) => [member.id, member]));
  return ids.map((id) => byId.get(id));
};
const yoga = createYoga({
  schema: builder.toSchema(),
  graphiql: false,
  landingPage: false,
  logging: false,
  context: () => ({ members: new DataLoader(loadMembers) }),
});
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
