import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';

/** Below this, what is saved is less than what it costs. */
const LEAST_BYTES = 1_024;

/** What flows must not wait until there is enough of it to be packed. */
const FLOWING = /^\s*(text\/event-stream|multipart\/)/i;

const pack = compression({
  threshold: LEAST_BYTES,
  filter: (request, response) =>
    !FLOWING.test(String(response.getHeader('content-type') ?? '')) && compression.filter(request, response),
});

/** From here on the answer is compressed where the client takes it, and it is large enough. */
export const compressed = (request: IncomingMessage, response: ServerResponse): void => {
  // Whoever would rather have a stream gets one whose every byte leaves at once.
  if (FLOWING.test(request.headers.accept ?? '')) return;
  pack(request as never, response as never, () => {});
};
