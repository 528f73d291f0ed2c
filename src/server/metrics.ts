import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type MetricsOptions = {
  readonly host: string;
  readonly port: number;
  readonly page: () => Promise<{ readonly type: string; readonly text: string }>;
};

/** Figures for Prometheus, on a port of their own: whoever reaches the API need not reach them. */
export const listenMetrics = async ({ host, port, page }: MetricsOptions) => {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    page().then(
      ({ type, text }) => response.writeHead(200, { 'content-type': type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
