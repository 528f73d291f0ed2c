import { Client, subscriptionExchange } from '@urql/core';
import type { Client as WebSocketClient } from 'graphql-ws';

/** urql over graphql-ws, which comes back by itself. Add `cacheExchange` and `fetchExchange` for queries and mutations. */
export const urql = (url: string, client: WebSocketClient) =>
  new Client({
    url: `${url}/graphql`,
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query = '', variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: client.subscribe({ query, variables: variables as Record<string, unknown> }, sink as never),
          }),
        }),
      }),
    ],
  });
