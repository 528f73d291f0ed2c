import type { Viewer } from '../core/viewer.ts';
import { internalError, publicError } from './faults.ts';
import type { GraphqlDoor } from './graphql.ts';
import { tooMuch } from './limits/refusal.ts';
import type { Serving, ServingPlugin } from './serving.ts';
import type { Asking } from './trusted-documents.ts';

const NOTHING = '{ __typename }';

/** Nobody's document is even parsed without a valid token, and no other document than the one that this server trusts. */
export const letIn = <Context extends object>({
  admit,
  ready,
  logger,
  edge,
  trusted,
  strangers,
}: GraphqlDoor<Context>): ServingPlugin => {
  const refusalOf = (error: unknown, { req, requestId }: Serving) => {
    const stranger = { address: req.socket.remoteAddress, sentToken: Boolean(req.headers.authorization) };
    const told = strangers(error, stranger);
    const shown = publicError(told);
    if (!shown) logger.error({ err: error, requestId }, 'A request could not be admitted.');
    return shown ?? internalError(error);
  };

  return {
    onParams: async ({ request, params, context: serving, setParams, setResult }) => {
      try {
        serving.viewer = await admit(request.headers);
        serving.payer = payerOf(serving.viewer, request.headers.get('authorization'));
        await ready(request.headers);
        if (typeof params !== 'object' || params === null) return;
        serving.asking = params;
        const text = documentText({ edge, trusted }, params);
        if (text === undefined) return;
        if (text !== params.query) setParams({ ...params, query: text });
      } catch (error) {
        setResult({ errors: [refusalOf(error, serving)] });
        // What comes after looks for a text, whatever the result is by now.
        setParams({ ...params, query: NOTHING });
      }
    },
  };
};

/** Whose budget pays: a member's, whatever tokens they have; of a login that is nobody's yet, the token's. */
export const payerOf = ({ memberId }: Viewer, authorization: string | null): string =>
  memberId ?? `token ${authorization}`;

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
