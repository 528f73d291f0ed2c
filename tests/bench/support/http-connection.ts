import { connect, type Socket } from 'node:net';

// Load generators share the machine with what they measure: Node's own HTTP client would take as much of it as the server.
// Hot functions here are written in place: the loader of TypeScript wraps each named one whenever it is made.

export type Answer = { readonly status: number; readonly body: Buffer };

/** One keep-alive connection that has one request on its way at a time. */
export type HttpConnection = {
  send(request: Buffer): Promise<Answer>;
  close(): void;
};

/** A whole request, ready to be written as often as one likes. */
export const postRequest = (url: URL, headers: Readonly<Record<string, string>>, body: object): Buffer => {
  const text = Buffer.from(JSON.stringify(body));
  const lines = Object.entries({
    host: url.host,
    'content-type': 'application/json',
    accept: 'application/json',
    'content-length': String(text.length),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${url.pathname} HTTP/1.1\r\n${lines.join('')}\r\n`), text]);
};

export const getRequest = (url: URL): Buffer =>
  Buffer.from(`GET ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\n\r\n`);

export const openConnection = (url: URL): HttpConnection => {
  const socket = connect(Number(url.port), url.hostname);
  socket.setNoDelay(true);
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | null = null;
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The server closed the connection.')));
  socket.on('data', (bytes: Buffer) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    const answer = wholeAnswer(received);
    if (!answer || !waiting) return;
    received = Buffer.alloc(0);
    const { resolve } = waiting;
    waiting = null;
    resolve(answer);
  });
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => closeSocket(socket),
  };
};

const closeSocket = (socket: Socket) => {
  socket.removeAllListeners('close');
  socket.destroy();
};

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

const wholeAnswer = (received: Buffer): Answer | null => {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = received.toString('latin1', 0, headEnd);
  const status = Number(head.slice(9, 12));
  const body = received.subarray(headEnd + HEAD_END.length);
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (length !== undefined) return body.length >= Number(length) ? { status, body } : null;
  return body.length >= LAST_CHUNK.length && body.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK)
    ? { status, body: unchunked(body) }
    : null;
};

const unchunked = (chunked: Buffer): Buffer => {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = chunked.indexOf('\r\n', at);
    const size = Number.parseInt(chunked.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(chunked.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
};
