import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as a receiver of webhooks got it. */
export type Received = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly event: { readonly type: string; readonly id: string; readonly position: string; readonly data: object };
  readonly at: number;
};

export type Receiver = {
  readonly url: string;
  readonly received: Received[];
  /** What it does from now on; answers 204 unless told otherwise. */
  answer: (request: Received, response: ServerResponse, n: number) => void;
  /** Waits until it got so many requests that are wanted, and answers them. */
  until(count: number, isWanted?: (request: Received) => boolean): Promise<Received[]>;
  close(): Promise<void>;
};

export const startReceiver = async (): Promise<Receiver> => {
  const received: Received[] = [];
  const listeners = new Set<() => void>();
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const one: Received = {
        headers: request.headers as Record<string, string>,
        body,
        event: body.startsWith('{') ? JSON.parse(body) : {},
        at: performance.now(),
      };
      received.push(one);
      receiver.answer(one, response, received.length);
      for (const listener of listeners) listener();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (_, response) => void response.writeHead(204).end(),
    until: (count, isWanted = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const wanted = received.filter(isWanted);
          if (wanted.length < count) return;
          listeners.delete(look);
          resolve(wanted);
        };
        listeners.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  try {
    for await (const part of request.setEncoding('utf8')) text += part;
  } catch {
    // A sender that is killed does not finish what it sends.
  }
  return text;
};
