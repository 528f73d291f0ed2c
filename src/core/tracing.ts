/** What a span says: ids, counts and names of our own. Never what somebody typed. */
export type Facts = Readonly<Record<string, string | number | boolean>>;

/** Where the time goes, for whoever listens: a request, the command that it executes, its append, each read model that takes it in. */
export type Tracing = {
  /** Runs within a span; a failure marks it with the name of the error. */
  span<R>(name: string, facts: Facts, work: () => Promise<R>): Promise<R>;
  /** Like `span`, for a request that may belong to a caller's trace. */
  request<R>(
    headers: Readonly<Record<string, unknown>>,
    name: string,
    facts: Facts,
    work: () => Promise<R>,
  ): Promise<R>;
  /** The append in hand reached this position: what applies it is shown as part of its trace. */
  appended(position: bigint): void;
  applied(projection: string, position: bigint): void;
};
