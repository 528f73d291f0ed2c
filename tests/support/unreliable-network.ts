import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A network in front of a server, on which no connection lives long. */
export type UnreliableNetwork = { readonly url: string; cuts(): number; close(): void };

/** Each connection is cut after as many bytes of answer as `next` says, in the middle of whatever it is that is being sent. */
export const openUnreliableNetwork = async (url: string, next: () => number): Promise<UnreliableNetwork> => {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  let cuts = 0;
  const server: Server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket);
      socket
        .on('error', () => {})
        .once('close', () => {
          open.delete(socket);
          near.destroy();
          far.destroy();
        });
    }
    let left = next();
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      near.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left > 0) return;
      cuts += 1;
      near.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};
