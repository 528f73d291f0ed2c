import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { GraphQLError } from 'graphql';
import { tooMuch } from './limits/refusal.ts';
import { refusal } from './refusal.ts';
import type { ServingPlugin } from './serving.ts';

/**
 * Reads the bodies of requests straight from the socket, up to a limit, and only JSON. Yoga would lead each of them through two
 * streams of the web's kind to count its bytes, which costs more than the rest of its work.
 */
export const readJsonBodies = (maxBytes: number): ServingPlugin => ({
  onRequestParse: ({ request, serverContext, setRequestParser }) => {
    if (request.method !== 'POST') return;
    const { req, body } = serverContext;
    const fault = bodyFault(req);
    if (fault) throw fault;
    setRequestParser((): Promise<object> => body ?? readJson(req, maxBytes));
  },
});

export const readJson = async (request: IncomingMessage, maxBytes: number): Promise<object> =>
  toParameters(await readBody(request, maxBytes));

/** Why a body is not one that is read here; null where it is. */
export const bodyFault = ({ headers }: IncomingMessage): GraphQLError | null => {
  if (!JSON_TYPE.test(headers['content-type'] ?? ''))
    return refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the operation as JSON: "Content-Type: application/json".');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    return refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, without a "Content-Encoding".');
  return null;
};

const JSON_TYPE = /^application\/(graphql\+)?json *(; *(charset *= *"?utf-?8"?)? *)?$/i;

/** So much more than the limit is let in and forgotten, so that the sender gets to read the answer. */
const LENIENCY_BYTES = 1024 * 1024;

const readBody = (request: IncomingMessage, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    const refuse = () => {
      parts.length = 0;
      reject(tooMuch('BODY_BYTES', maxBytes, null, `A request has at most ${maxBytes} bytes (limit BODY_BYTES).`));
    };
    if (Number(request.headers['content-length']) > maxBytes) refuse();
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > maxBytes + LENIENCY_BYTES) request.destroy();
      else if (bytes > maxBytes) refuse();
      else parts.push(part);
    });
    request.once('end', () => resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)));
    request.once('error', () => reject(refusal(400, 'BAD_REQUEST', 'The request broke off before it was whole.')));
  });

const toParameters = (body: Buffer) => {
  if (!isUtf8(body)) throw refusal(400, 'BAD_REQUEST', 'The body of the request is not UTF-8.');
  let parameters: unknown;
  try {
    parameters = JSON.parse(body.toString('utf8'));
  } catch {
    throw refusal(400, 'BAD_REQUEST', 'The body of the request is not JSON.');
  }
  if (typeof parameters !== 'object' || parameters === null)
    throw refusal(400, 'BAD_REQUEST', 'The body of the request must be a JSON object with a "query".');
  return parameters;
};
