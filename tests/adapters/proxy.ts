import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a database on which answers can get lost. */
export const startProxy = async (connectionString: string) => {
  const target = new URL(connectionString);
  const sockets = new Set<Socket>();
  let doomed: string | undefined;

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    let losing = false;
    near.on('data', (data) => {
      if (doomed !== undefined && data.includes(doomed)) {
        losing = true;
        doomed = undefined;
      }
      far.write(data);
    });
    far.on('data', (data) => {
      if (losing) cut();
      else near.write(data);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(target);
  const address = server.address();
  url.port = String(typeof address === 'object' ? address?.port : '');
  url.hostname = '127.0.0.1';
  return {
    connectionString: url.href,
    /** The answer to the next message that contains this text is dropped, and its connection with it. */
    loseAnswerTo: (text: string) => {
      doomed = text;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
