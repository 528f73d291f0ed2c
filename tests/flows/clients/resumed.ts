type Asked = { readonly variables?: Record<string, unknown> | null | undefined };
type Sink<R> = { next(result: R): void; error(error: unknown): void; complete(): void };

/**
 * A subscription whose client, each time that it connects anew, asks for what comes after the last cursor: by itself it would send
 * the variables that it began with, and lose what came in between. The document takes the cursor as `$after`, and asks for `cursor`.
 */
export const resumed = <A extends Asked, R extends { readonly data?: unknown }>(
  asked: A,
  sink: Sink<R>,
): [A, Sink<R>] => {
  const variables: Record<string, unknown> = { ...asked.variables };
  const next = (result: R) => {
    const [delivered] = Object.values((result.data ?? {}) as Record<string, { cursor?: string } | null>);
    if (delivered?.cursor) variables.after = delivered.cursor;
    sink.next(result);
  };
  const { error, complete } = sink;
  return [
    { ...asked, variables },
    { next, error: error.bind(sink), complete: complete.bind(sink) },
  ];
};
