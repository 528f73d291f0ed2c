import { connect } from 'node:net';

/** A subscription that listens until it is closed. */
export type SseConnection = {
  /** Settles once the server has answered with a stream. */
  readonly open: Promise<void>;
  /** Settles with the reason when the stream ends without having been closed. */
  readonly lost: Promise<string>;
  close(): void;
};

/** Sends a whole HTTP request and hands over the data of each `next` event as text. */
export const openSse = (url: URL, request: Buffer, onNext: (data: string) => void): SseConnection => {
  const socket = connect(Number(url.port), url.hostname, () => socket.write(request));
  socket.setNoDelay(true);
  let text = '';
  let opened = false;
  let settleOpen: { resolve: () => void; reject: (error: Error) => void };
  let settleLost: (why: string) => void;
  const open = new Promise<void>((resolve, reject) => {
    settleOpen = { resolve, reject };
  });
  const lost = new Promise<string>((resolve) => {
    settleLost = resolve;
  });
  const end = (why: string) => {
    settleOpen.reject(new Error(why));
    settleLost(why);
  };
  socket.on('error', (error) => end(error.message));
  socket.on('close', () => end(`The stream ended: ${text.slice(-300)}`));
  // A payload has no line break in it, so the lines of chunks and of other events are simply passed over.
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('utf8');
    if (!opened && text.includes('\r\n\r\n')) {
      opened = true;
      if (text.startsWith('HTTP/1.1 200') && /\r\ncontent-type: text\/event-stream/i.test(text)) settleOpen.resolve();
      else end(`This is no stream: ${text.slice(0, 500)}`);
    }
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data: {')) onNext(line.slice('data: '.length));
  });
  return {
    open,
    lost,
    close: () => {
      socket.removeAllListeners('close');
      socket.destroy();
    },
  };
};
