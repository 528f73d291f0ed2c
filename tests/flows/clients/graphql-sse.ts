import { type Client, createClient } from 'graphql-sse';
import type { Server } from './query.ts';
import { resumed } from './resumed.ts';

/** One connection for each subscription. It comes back by itself, each time with a token that is good then and the last cursor. */
export const connect = ({ url, token }: Server, pauseMs = 1_000): Client => {
  const client = createClient({
    url: `${url}/graphql`,
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: () => new Promise((resolve) => setTimeout(resolve, pauseMs * (0.5 + Math.random()))),
  });
  return { ...client, subscribe: (asked, sink, on) => client.subscribe(...resumed(asked, sink), on) };
};
