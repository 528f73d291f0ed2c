import type { GraphiQLOptions } from 'graphql-yoga';
import { readTabs } from '../examples/index.ts';

/** The page for trying operations out. Its scripts come from this server, never from a network of others. */
export type GraphiqlPage = {
  options(): GraphiQLOptions;
  render(options: GraphiQLOptions): Promise<string>;
};

/** GraphiQL with the example operations in its tabs and, where there is one, a ready token in its headers. */
export const createGraphiql = async (token: string | null): Promise<GraphiqlPage> => {
  const headers = JSON.stringify({ authorization: `Bearer ${token ?? ''}` }, null, 2);
  const defaultTabs = (await readTabs()).map(({ query, variables }) => ({
    query,
    headers,
    variables,
  }));
  const options: GraphiQLOptions = {
    title: 'Palabre',
    endpoint: '/graphql',
    headers,
    defaultHeaders: headers,
    defaultTabs,
    subscriptionsProtocol: 'SSE',
    defaultEditorToolsVisibility: 'headers',
  };
  return {
    options: () => options,
    // The page is some 36 MB of text: a server that nobody opens in a browser never reads it.
    render: async (given) => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(given).trim(),
  };
};
