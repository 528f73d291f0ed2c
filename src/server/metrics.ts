import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isOwnHost } from './hosts.ts';

export type MetricsOptions = {
  readonly host: string;
  readonly port: number;
  /** By which names they may be asked for, beside those of this machine: others are of somebody else's page. */
  readonly names: readonly string[];
  readonly page: () => Promise<{ readonly type: string; readonly text: string }>;
};

/** Figures for Prometheus, on a port of their own: whoever reaches the API need not reach them. */
export const listenMetrics = async ({ host, port, names, page }: MetricsOptions) => {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?', 1)[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    if (!isOwnHost(request.headers.host) && !names.includes(nameIn(request.headers.host))) {
      response.writeHead(421, { 'content-type': 'text/plain' }).end(NOT_NAMED);
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

const nameIn = (host = ''): string => (URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '');

const NOT_NAMED =
  'Figures are told to names of this machine alone: set PALABRE_METRICS_HOSTS to the name that this was asked by.\n';
