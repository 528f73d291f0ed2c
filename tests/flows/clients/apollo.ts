import { ApolloClient, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import type { Client } from 'graphql-ws';

/** Apollo Client over graphql-ws, which comes back by itself. Queries and mutations may go the same way, or by a link of their own. */
export const apollo = (client: Client) =>
  new ApolloClient({ link: new GraphQLWsLink(client), cache: new InMemoryCache() });
