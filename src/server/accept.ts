import type { ServingPlugin } from './serving.ts';

/** Single answers in the form of an event stream are nobody else's to keep either. */
export const keepFromCaches = (): ServingPlugin => ({
  onResponse: ({ response }) => {
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return;
    response.headers.set('cache-control', 'no-store');
    response.headers.delete('content-encoding');
  },
});

/** Refuses what could not be answered in the end before anything is done: a mutation is not executed for nobody. */
export const checkAccept = (): ServingPlugin => ({
  onRequestParse: ({ serverContext, endResponse, fetchAPI }) => {
    const { accept } = serverContext.req.headers;
    if (accept === undefined || isAcceptable(accept)) return;
    const message = `Accept ${ANSWERS.join(' or ')}: nothing else can hold an answer.`;
    endResponse(
      new fetchAPI.Response(JSON.stringify({ errors: [{ message, extensions: { code: 'NOT_ACCEPTABLE' } }] }), {
        status: 406,
        headers: { 'content-type': 'application/json; charset=utf-8' },
      }),
    );
  },
});

/** A subscription for a client that takes no event stream is refused in a form that the client does take. */
export const refuseStreamsAsJson = (): ServingPlugin => ({
  onResultProcess: ({ result, resultProcessor, setResultProcessor }) => {
    if (resultProcessor || !(Symbol.asyncIterator in result)) return;
    const results = result as unknown as AsyncGenerator;
    setResultProcessor(async (_, { Response }) => {
      // What was opened for nobody is left; it has nothing to say yet.
      results.return(undefined).catch(() => {});
      return new Response(
        JSON.stringify({ errors: [{ message: NO_STREAM, extensions: { code: 'NOT_ACCEPTABLE' } }] }),
        {
          status: 406,
          headers: { 'content-type': 'application/json; charset=utf-8' },
        },
      );
    }, 'application/json');
  },
});

const NO_STREAM = 'A subscription must be asked with `Accept: text/event-stream`, or over a WebSocket.';

const ANSWERS = ['application/graphql-response+json', 'application/json', 'text/event-stream'];
const WANTED = new Set([...ANSWERS, '*/*', 'application/*', 'text/*']);

const isAcceptable = (accept: string) =>
  accept
    .toLowerCase()
    .split(',')
    .some((part) => {
      const [type = '', ...parameters] = part.split(';').map((text) => text.trim());
      const isRefused = parameters.some((text) => /^(q=0(\.0*)?|charset=(?!"?utf-?8))/.test(text));
      return WANTED.has(type) && !isRefused;
    });

/** The type of JSON that a client takes first; null where it takes an event stream as well, or no JSON. */
export const jsonTypeFor = (accept = '*/*'): JsonType | null => {
  if (accept === '*/*' || accept === 'application/json') return 'application/json';
  if (/event-stream|text\/\*|;/i.test(accept)) return null;
  for (const part of accept.toLowerCase().split(',')) {
    const type = part.trim();
    if (type === 'application/graphql-response+json') return type;
    if (type === 'application/json' || type === 'application/*' || type === '*/*') return 'application/json';
  }
  return null;
};
export type JsonType = 'application/json' | 'application/graphql-response+json';
