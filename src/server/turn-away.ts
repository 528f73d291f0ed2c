import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers a client that asked for another protocol with what stands against it. */
export const turnAway = (raw: Duplex, status: number, message: string) => {
  const body = `${JSON.stringify({ error: message })}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  raw.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
