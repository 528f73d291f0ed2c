import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

// The process to measure fan-out against: Node's own HTTP server that stores a post with one prepared INSERT and then writes one
// frame, encoded once, to everybody who listens. No token, no rights, no cursor that could be resumed.

const pool = new pg.Pool({ connectionString: process.argv[2] ?? '', max: 10 });
await pool.query('create table if not exists bare_posts (n bigserial primary key, body json not null)');

const INSERT = { name: 'publish', text: 'insert into bare_posts (body) values ($1) returning n' } as const;
const listeners = new Set<ServerResponse>();

const server = createServer((request, response) => {
  if (request.headers.accept === 'text/event-stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(':\n\n');
    listeners.add(response);
    response.once('close', () => listeners.delete(response));
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { variables } = JSON.parse(Buffer.concat(parts).toString());
    const post = { id: '', title: variables.input.title, author: { name: 'Somebody' } };
    pool.query<{ n: string }>({ ...INSERT, values: [JSON.stringify(variables.input)] }).then(
      ({ rows }) => {
        const delivery = { data: { postPublished: { cursor: rows[0]?.n, post } } };
        const frame = Buffer.from(`event: next\ndata: ${JSON.stringify(delivery)}\n\n`);
        for (const listener of listeners) listener.write(frame);
        const answer = JSON.stringify({ data: { publishPost: { post: { id: rows[0]?.n } } } });
        response.writeHead(200, {
          'content-type': 'application/json',
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
