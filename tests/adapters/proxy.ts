import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A way to a database on which answers can get lost, late, or cut. */
export const startProxy = async (connectionString: string) => {
  const target = new URL(connectionString);
  const sockets = new Set<Socket>();
  let doomed: { readonly text: string; readonly after: number } | undefined;
  let delay = 0;
  let isAway = false;
  let isSilent = false;
  let swallowed: { readonly fits: (data: Buffer) => boolean; readonly done: () => void } | undefined;

  const server = createServer((near) => {
    if (isAway) {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', cut).on('close', cut);
    }
    const passOn = async (data: Buffer, to: Socket) => {
      if (delay > 0) await sleep(delay);
      if (!to.destroyed) to.write(data);
    };
    // How many bytes of the answer still pass before the connection is cut.
    let left: number | undefined;
    let dead = false;
    near.on('data', (data) => {
      if (swallowed?.fits(data)) {
        dead = true;
        swallowed.done();
        swallowed = undefined;
      }
      if (dead || isSilent) return;
      if (doomed && data.includes(doomed.text)) {
        left = doomed.after;
        doomed = undefined;
      }
      void passOn(data, far);
    });
    far.on('data', (data) => {
      if (dead) return;
      if (left === undefined) return void passOn(data, near);
      if (left > 0) near.write(data.subarray(0, left), cut);
      else cut();
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
    /** The answer to the next message that contains this text is dropped after so many bytes, and its connection with it. */
    loseAnswerTo: (text: string, { after = 0 } = {}) => {
      doomed = { text, after };
    },
    /** Cuts every connection, and each new one at once, until it is back. */
    away: () => {
      isAway = true;
      for (const socket of sockets) socket.destroy();
    },
    /** Every connection stays, and each new one is taken, and nothing that is sent arrives, until it is back. */
    silent: () => {
      isSilent = true;
    },
    back: () => {
      isAway = false;
      if (isSilent) for (const socket of sockets) socket.destroy();
      isSilent = false;
    },
    /** What is sent arrives so many milliseconds later, in both directions. */
    delay: (milliseconds: number) => {
      delay = milliseconds;
    },
    /**
     * The next message that fits vanishes, and with it whatever is sent later on its connection, which both ends believe alive.
     * Resolves when that has happened.
     */
    swallow: (fits: (data: Buffer) => boolean) =>
      new Promise<void>((done) => {
        swallowed = { fits, done };
      }),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
};
