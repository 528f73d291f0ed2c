import type { ServingPlugin } from '../serving.ts';
import { tooMuch } from './refusal.ts';

/** What is sent in the place of an answer that is longer than it may be. */
export const tooLong = (bytes: number): string => {
  const sentence = `An answer has at most ${bytes} bytes (limit RESPONSE_BYTES): ask for less. A mutation has been done all the same.`;
  const { message, extensions } = tooMuch('RESPONSE_BYTES', bytes, null, sentence);
  const { http: _, ...told } = extensions;
  return JSON.stringify({ errors: [{ message, extensions: told }] });
};
export const TOO_LONG = 503;

/** An answer that is longer than it may be is not sent. */
export const limitResponse = (bytes: number): ServingPlugin => ({
  onResponse: ({ response, setResponse, fetchAPI }) => {
    if (!(Number(response.headers.get('content-length')) > bytes)) return;
    // The page for trying things out is longer than any answer.
    if (!response.headers.get('content-type')?.includes('json')) return;
    setResponse(
      new fetchAPI.Response(tooLong(bytes), {
        status: TOO_LONG,
        headers: { 'content-type': response.headers.get('content-type') ?? 'application/json; charset=utf-8' },
      }),
    );
  },
});
