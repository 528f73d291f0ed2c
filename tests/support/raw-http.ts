import { connect, type Socket } from 'node:net';

/** Bytes on a socket, as a client that keeps to no rules sends them. */
export type RawClient = {
  readonly socket: Socket;
  send(bytes: string | Buffer): void;
  /** All that the server said, once it closed the connection. */
  readonly closed: Promise<string>;
  /** The first answer, as soon as its head is whole; fails when the server closes without one. */
  readonly answered: Promise<{ readonly status: number; readonly head: string }>;
};

export const rawClient = (url: string, first?: string | Buffer): RawClient => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(heard)));
  const answered = new Promise<{ status: number; head: string }>((resolve, reject) => {
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      const end = heard.indexOf('\r\n\r\n');
      if (end >= 0) resolve({ status: Number(heard.slice(9, 12)), head: heard.slice(0, end).toLowerCase() });
    });
    socket.once('close', () => reject(new Error(`The server closed without an answer: ${JSON.stringify(heard)}`)));
  });
  answered.catch(() => {});
  if (first !== undefined) socket.write(first);
  return { socket, closed, answered, send: (bytes) => socket.write(bytes) };
};

/** A head of a request to the GraphQL door. */
export const head = (
  token: string,
  fields: Readonly<Record<string, string | number>>,
  start = 'POST /graphql HTTP/1.1',
) =>
  [
    start,
    ...Object.entries({
      host: 'localhost',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...fields,
    }).map(([name, value]) => `${name}: ${value}`),
    '\r\n',
  ].join('\r\n');
