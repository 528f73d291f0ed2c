import type { GraphQLError } from 'graphql';
import { internalError, publicError } from './faults.ts';
import type { GraphqlDoor } from './graphql.ts';
import { tooMuch } from './limits/refusal.ts';
import type { Serving, ServingPlugin } from './serving.ts';
import type { Asking } from './trusted-documents.ts';

const NOTHING = '{ __typename }';

/** What is read of a request's headers. */
export type HeaderReader = Pick<Headers, 'get'>;

/** Finds out who asks, and the text of the document that is asked for: undefined where none is. Throws what the client is to hear. */
export type Entrance = (serving: Serving, headers: HeaderReader, params: unknown) => Promise<string | undefined>;

export const createEntrance = <Context extends object>(door: GraphqlDoor<Context>): Entrance => {
  const { admit, ready, logger, edge, trusted, strangers } = door;
  const refusalOf = (error: unknown, { req, requestId }: Serving) => {
    const stranger = { address: req.socket.remoteAddress, sentToken: Boolean(req.headers.authorization) };
    const told = strangers(error, stranger);
    const shown = publicError(told);
    if (!shown) logger.error({ err: error, requestId }, 'A request could not be admitted.');
    return shown ?? internalError(error);
  };

  return async (serving, headers, params) => {
    try {
      serving.viewer = await admit(headers);
      serving.payer = serving.viewer.account;
      await ready(headers);
      if (typeof params !== 'object' || params === null) return undefined;
      serving.asking = params;
      return documentText({ edge, trusted }, params);
    } catch (error) {
      throw refusalOf(error, serving);
    }
  };
};

/** Nobody's document is even parsed without a valid token, and no other document than the one that this server trusts. */
export const letIn = (enter: Entrance): ServingPlugin => ({
  onParams: async ({ request, params, context: serving, setParams, setResult }) => {
    try {
      const text = await enter(serving, request.headers, params);
      if (text !== undefined && text !== params.query) setParams({ ...params, query: text });
    } catch (error) {
      setResult({ errors: [error as GraphQLError] });
      // What comes after looks for a text, whatever the result is by now.
      setParams({ ...params, query: NOTHING });
    }
  },
});

/** The text that a client asks for, by itself or by its id, where it is no longer than it may be. The same on every door. */
export const documentText = (
  { edge, trusted }: Pick<GraphqlDoor<object>, 'edge' | 'trusted'>,
  asking: Asking,
): string | undefined => {
  const text = trusted.textOf(asking);
  if (text === undefined) return undefined;
  const max = edge.limits.QUERY_BYTES;
  const bytes = Buffer.byteLength(text);
  if (bytes <= max) return text;
  throw tooMuch(
    'QUERY_BYTES',
    max,
    bytes,
    `A document has at most ${max} bytes (limit QUERY_BYTES): this one has ${bytes}.`,
  );
};
