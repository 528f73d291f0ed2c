import type { TypedDocumentString } from '../../support/operations/typed/graphql.ts';
import { eventStream, Refused } from './event-stream.ts';
import type { Server } from './query.ts';

/** What every subscription delivers beside its thing. */
type Delivered = { readonly cursor: string; readonly caughtUp: boolean };

/**
 * Follows a subscription over SSE until the signal aborts, through every broken connection: each time it goes on after the last
 * cursor, so that nothing is missed and nothing comes twice. Deliveries without a thing are heartbeats.
 */
export async function* subscribe<P extends Delivered, V extends { after?: string | null }>(
  { url, token }: Server,
  document: TypedDocumentString<Readonly<Record<string, P | null | undefined>> | object, V>,
  variables: V,
  { signal, pauseMs = 1_000 }: { signal: AbortSignal; pauseMs?: number },
): AsyncGenerator<P> {
  for (let after = variables.after; !signal.aborted; ) {
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await token()}`,
          'content-type': 'application/json',
          accept: 'text/event-stream',
        },
        body: JSON.stringify({ query: String(document), variables: { ...variables, after } }),
        signal,
      });
      for await (const { event, data } of eventStream(response)) {
        if (event !== 'next') continue;
        const { data: payloads, errors } = JSON.parse(data);
        if (errors?.length && !PASSING.has(errors[0].extensions.code))
          throw new Refused(200, JSON.stringify(errors[0]));
        const [delivered] = Object.values(payloads ?? {}) as P[];
        if (!delivered) continue;
        after = delivered.cursor;
        yield delivered;
      }
    } catch (error) {
      if (error instanceof Refused && error.status !== 503 && error.status !== 429) throw error;
    }
    if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** After these a stream goes on: at once, after a moment, or with a new token. */
export const PASSING: ReadonlySet<string> = new Set([
  'SERVER_STOPPING',
  'TOKEN_EXPIRED',
  'CONSUMER_TOO_SLOW',
  'STALE_READ',
  'TIMEOUT',
  'INTERNAL_SERVER_ERROR',
  'LOG_UNAVAILABLE',
]);
