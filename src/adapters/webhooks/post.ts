import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Attempt, PostWebhook } from '../../core/webhooks.ts';
import { type AddressRules, refusalOfUrl } from './address.ts';
import { AddressRefused, guardedLookup, type Resolve, resolveName } from './lookup.ts';
import { signedHeaders } from './signature.ts';

export type PostOptions = AddressRules & {
  readonly resolve?: Resolve;
  readonly connectMs?: number;
  readonly wholeMs?: number;
};

const CONNECT_MS = 3_000;
const WHOLE_MS = 15_000;
const MAX_READ = 64 * 1024;
const KEPT = 1_024;

/** Sends over a connection of its own: no redirects, no proxies, no reuse. */
export const createPost =
  ({ resolve = resolveName, connectMs = CONNECT_MS, wholeMs = WHOLE_MS, ...rules }: PostOptions): PostWebhook =>
  async ({ url, id, body, secrets, signal }) => {
    const began = performance.now();
    const ended = (attempt: Partial<Attempt>): Attempt => ({
      status: null,
      error: null,
      answer: null,
      retryAfterSeconds: null,
      milliseconds: Math.round(performance.now() - began),
      ...attempt,
    });
    const refusal = refusalOfUrl(url, rules);
    if (refusal) return ended({ error: refusal });

    const target = new URL(url);
    const isSecure = target.protocol === 'https:';
    const request = (isSecure ? requestHttps : requestHttp)(target, {
      method: 'POST',
      agent: false,
      lookup: guardedLookup(resolve, rules) as never,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'accept-encoding': 'identity',
        'user-agent': 'Palabre-Webhooks/1',
        connection: 'close',
        ...signedHeaders(id, body, secrets, new Date()),
      },
    });
    const limits = [
      setTimeout(() => request.destroy(new Error(`No answer within ${wholeMs / 1_000} s.`)), wholeMs),
      untilConnected(request, isSecure, connectMs),
    ];
    const cut = () => request.destroy(new Error('Cut off.'));
    signal.addEventListener('abort', cut, { once: true });
    try {
      if (signal.aborted) cut();
      request.end(body);
      const response = await headOf(request);
      const { statusCode = 0, headers } = response;
      const isGood = statusCode >= 200 && statusCode < 300;
      return ended({
        status: statusCode,
        answer: await bodyOf(response),
        retryAfterSeconds: isGood ? null : secondsOf(headers['retry-after']),
        error: isGood ? null : sayStatus(statusCode),
        milliseconds: Math.round(performance.now() - began),
      });
    } catch (error) {
      return ended({ error: sayError(error) });
    } finally {
      for (const limit of limits) clearTimeout(limit);
      signal.removeEventListener('abort', cut);
      request.destroy();
    }
  };

const untilConnected = (request: ClientRequest, isSecure: boolean, connectMs: number) => {
  const limit = setTimeout(() => request.destroy(new Error(`No connection within ${connectMs / 1_000} s.`)), connectMs);
  request.once('socket', (socket) => socket.once(isSecure ? 'secureConnect' : 'connect', () => clearTimeout(limit)));
  return limit;
};

/** The head of the answer, which decides. */
const headOf = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.once('close', () => reject(new Error('The connection was closed without an answer.')));
  });

/** The first of the body, for people to read. However it ends, or does not: the head has decided. */
const bodyOf = (response: IncomingMessage): Promise<string | null> =>
  new Promise((resolve) => {
    const parts: Buffer[] = [];
    let read = 0;
    const done = () => {
      const text = Buffer.concat(parts).subarray(0, KEPT).toString('utf8').replaceAll('\0', '\u{fffd}');
      resolve(text === '' ? null : text);
    };
    response.on('data', (part: Buffer) => {
      if (read < KEPT) parts.push(part);
      read += part.length;
      if (read >= MAX_READ) response.destroy();
    });
    response.once('end', done);
    response.once('error', done);
    response.once('close', done);
  });

/** Seconds, or a date. */
const secondsOf = (header: string | undefined): number | null => {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const date = /^[A-Z][a-z]{2},/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1_000));
};

const sayStatus = (status: number) =>
  status >= 300 && status < 400
    ? `It answered ${status}: redirections are not followed.`
    : `It answered ${status} instead of 2xx.`;

/** What went wrong, without what only our own network knows. */
const sayError = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof AddressRefused || !code) return message;
  if (/^(ENOTFOUND|EAI_AGAIN|ENODATA)$/.test(code)) return 'The name of the host cannot be resolved.';
  if (code === 'ECONNREFUSED') return 'The connection was refused.';
  if (/^(ECONNRESET|EPIPE)$/.test(code)) return 'The connection was closed without an answer.';
  if (code.startsWith('HPE_')) return 'What it answered is not HTTP.';
  if (/CERT|TLS|SSL|ALTNAME|SIGNED/.test(code)) return `Its certificate cannot be trusted (${code}).`;
  return `It could not be reached (${code}).`;
};
