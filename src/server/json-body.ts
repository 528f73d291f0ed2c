import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Reads the bodies of requests straight from the socket, up to a limit, and only JSON. Yoga would lead each of them through two
 * streams of the web's kind to count its bytes, which costs more than the rest of its work.
 */
export const readJsonBodies = (maxBytes: number): Plugin => ({
  onRequestParse: ({ request, serverContext, setRequestParser }) => {
    const { req } = (serverContext ?? {}) as { req?: IncomingMessage };
    if (request.method !== 'POST' || !req) return;
    if (!JSON_TYPE.test(req.headers['content-type'] ?? ''))
      throw refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the operation as JSON: "Content-Type: application/json".');
    setRequestParser(async () => toParameters(await readBody(req, maxBytes)));
  },
});

const JSON_TYPE = /^application\/(graphql\+)?json *(;|$)/i;

const readBody = (request: IncomingMessage, maxBytes: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > maxBytes) {
        // What still comes is let in and forgotten, so that the sender gets to read the answer.
        parts.length = 0;
        reject(refusal(413, 'REQUEST_ENTITY_TOO_LARGE', `A request has at most ${maxBytes / 1024} KiB.`));
      } else parts.push(part);
    });
    request.once('end', () => resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)));
    request.once('error', reject);
  });

const toParameters = (body: Buffer) => {
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

const refusal = (status: number, code: string, message: string) =>
  new GraphQLError(message, { extensions: { code, http: { status } } });
