import type { GraphQLError } from 'graphql';
import type { Done } from '../../../schema/context.ts';
import { limitTable } from '../../config/limits.ts';
import type { ServingPlugin } from '../serving.ts';
import { tooMuch } from './refusal.ts';

/** Told in the place of an answer that is longer than it may be. */
export const tooLong = (bytes: number): GraphQLError =>
  tooMuch(
    'RESPONSE_BYTES',
    bytes,
    null,
    `An answer has at most ${bytes} bytes (limit RESPONSE_BYTES): ask for less. A mutation has been done all the same.`,
  );

/** The same as what is sent over HTTP, and its status. */
export const tooLongAnswer = (bytes: number, done: readonly Done[] = []) => {
  const { message, extensions } = tooLong(bytes);
  const { http: _, ...told } = extensions;
  const isDone = done.length > 0;
  return {
    status: isDone ? 200 : limitTable.RESPONSE_BYTES.status,
    body: JSON.stringify({ errors: [{ message, extensions: told }], ...(isDone && { extensions: { done } }) }),
  };
};

/** An answer that is longer than it may be is not sent. */
export const limitResponse = (bytes: number): ServingPlugin => ({
  onResponse: ({ response, setResponse, fetchAPI, serverContext }) => {
    if (!(Number(response.headers.get('content-length')) > bytes)) return;
    // The page for trying things out is longer than any answer.
    if (!response.headers.get('content-type')?.includes('json')) return;
    const { status, body } = tooLongAnswer(bytes, serverContext.done);
    setResponse(
      new fetchAPI.Response(body, {
        status,
        headers: { 'content-type': response.headers.get('content-type') ?? 'application/json; charset=utf-8' },
      }),
    );
  },
});
