import type { GraphiQLOptions } from 'graphql-yoga';
import { readTabs } from '../examples/index.ts';

/** The page for trying operations out. Its scripts come from this server, never from a network of others. */
export type GraphiqlPage = {
  options(): Promise<GraphiQLOptions>;
  render(options: GraphiQLOptions): Promise<string>;
};

/** A fresh token for whoever opens the page; null where they bring their own. */
export type PageToken = () => Promise<string | null>;

/** GraphiQL with the example operations in its tabs and, where there is one, a ready token in its headers. */
export const createGraphiql = async (pageToken: PageToken): Promise<GraphiqlPage> => {
  const tabs = await readTabs();
  const optionsWith = (headers: string): GraphiQLOptions => ({
    title: 'Palabre',
    endpoint: '/graphql',
    headers,
    defaultHeaders: headers,
    defaultTabs: tabs.map(({ query, variables }) => ({ query, headers, variables })),
    subscriptionsProtocol: 'SSE',
    defaultEditorToolsVisibility: 'headers',
  });
  return {
    options: async () =>
      optionsWith(JSON.stringify({ authorization: `Bearer ${(await pageToken()) ?? YOURS}` }, null, 2)),
    // The page is some 36 MB of text: a server that nobody opens in a browser never reads it.
    render: async (given) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(given).trim(),
  };
};

/** What stands where a token is to be filled in. */
const YOURS = '<a token: npx palabre token --role admin>';
