import { refusal } from './refusal.ts';
import type { ServingPlugin } from './serving.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/**
 * What may come by GET: trusted documents by their id, which caches may keep, whatever form of answer is asked for. Everything else
 * comes by POST, so that an address never carries what somebody typed.
 */
export const readGetParameters = (trusted: TrustedDocuments): ServingPlugin => ({
  onRequestParse: ({ request, setRequestParser }) => {
    if (request.method !== 'GET') return;
    setRequestParser(() => {
      const parameters = parametersIn(request.url);
      if (trusted.isById(parameters)) return parameters;
      throw refusal(
        405,
        'METHOD_NOT_ALLOWED',
        'Send operations by POST: GET is for trusted documents by their `documentId`.',
        { Allow: 'POST' },
      );
    });
  },
});

const parametersIn = (url: string) => {
  const given = new URLSearchParams(url.slice(url.indexOf('?') + 1));
  return {
    query: given.get('query') || undefined,
    documentId: given.get('documentId') || undefined,
    operationName: given.get('operationName') || undefined,
    variables: jsonIn(given, 'variables'),
    extensions: jsonIn(given, 'extensions'),
  };
};

const jsonIn = (given: URLSearchParams, name: string): Record<string, unknown> | undefined => {
  const text = given.get(name);
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw refusal(400, 'BAD_REQUEST', `The parameter "${name}" is not JSON.`);
  }
};
