import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TypedDocumentString } from '../../support/operations/typed/graphql.ts';
import type { Server } from './query.ts';
import { PASSING } from './sse.ts';

type Delivered = { readonly cursor: string; readonly caughtUp: boolean };

/** One socket for many subscriptions. It reconnects by itself, each time with a token that is good then. */
export const connect = ({ url, token }: Server, pauseMs = 1_000) =>
  createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, pauseMs)),
    shouldRetry: () => true,
  });

/**
 * Follows a subscription. The client subscribes anew after each reconnection with the variables as they are then: the last cursor
 * among them is what makes it miss nothing.
 */
export async function* subscribe<P extends Delivered, V extends { after?: string | null }>(
  client: ReturnType<typeof connect>,
  document: TypedDocumentString<Readonly<Record<string, P | null | undefined>> | object, V>,
  given: V,
  pauseMs = 1_000,
): AsyncGenerator<P> {
  const variables: Record<string, unknown> = { ...given };
  for (;;) {
    const results = client.iterate<Record<string, P>>({ query: String(document), variables });
    for await (const { data, errors } of results) {
      const code = String(errors?.[0]?.extensions?.code);
      if (errors?.length && !PASSING.has(code)) throw new Error(`${code}: ${errors[0]?.message}`);
      const [delivered] = Object.values(data ?? {});
      if (!delivered) continue;
      variables.after = delivered.cursor;
      yield delivered;
    }
    // The server ended it, and said why: what is still to come is asked for again.
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
