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
