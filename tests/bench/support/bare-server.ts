import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

// The process to measure against: Node's own HTTP server and one prepared statement that answers the JSON of the query. It asks for
// no token, checks no document, opens no sealed text and says no position: nothing does less for the same answer.

const pool = new pg.Pool({ connectionString: process.argv[2] ?? '', max: 10 });

const STATEMENT = {
  name: 'community-page',
  text: `
    select json_build_object('data', json_build_object('community', (
      select json_build_object(
               'id', community.global_id,
               'name', community.name,
               'slug', community.slug,
               'memberCount', community.member_count,
               'posts', json_build_object('nodes', (
                 select json_agg(json_build_object(
                          'id', page.global_id,
                          'kind', page.kind,
                          'title', page.title,
                          'body', page.body,
                          'publishedAt', to_char(page.published_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                          'author', (select json_build_object('id', member.global_id, 'name', member.name, 'handle', member.handle)
                                       from bare.members as member where member.id = page.author_id),
                          'commentCount', page.comment_count,
                          'reactionCount', page.reaction_count))
                   from (select * from bare.posts as post
                          where post.community_id = community.id
                          order by post.published_at desc, post.id desc
                          limit 20) as page)))
        from bare.communities as community
       where community.slug = $1)))::text as answer`,
} as const;

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { variables } = JSON.parse(Buffer.concat(parts).toString()) as { variables: { slug: string } };
    pool.query<[string]>({ ...STATEMENT, values: [variables.slug], rowMode: 'array' }).then(
      ({ rows }) => {
        const answer = rows[0]?.[0] ?? '';
        response.writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(answer),
        });
        response.end(answer);
      },
      (error: Error) => {
        response.writeHead(500);
        response.end(error.message);
      },
    );
  });
});

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
