import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Server } from './query.ts';
import { resumed } from './resumed.ts';

/** One socket for many subscriptions. It comes back by itself, each time with a token that is good then and the last cursors. */
export const connect = ({ url, token }: Server, pauseMs = 1_000): Client => {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket, // Not in a browser, which has its own.
    connectionParams: async () => ({ authorization: `Bearer ${await token()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random()))),
    // A server that is not up yet is an error and not a close: without this the client gives up.
    shouldRetry: () => true,
  });
  return { ...client, subscribe: (asked, sink) => client.subscribe(...resumed(asked, sink)) };
};
