/** An event store as the bench asks it: durable appends of one event to a new stream, and everything in order. */
export type Store = {
  /** Returns once the event is durable. The stream is `post-<id>` and must not exist. */
  append(event: BenchEvent): Promise<void>;
  /** Tells the id of each event in the store's order, from the first on, as the store's own reader does; ends by `stop`. */
  follow(onEvent: (id: string) => void): Promise<{ stop(): Promise<void> }>;
  /** The ids of all that is stored, in the store's own order, once nobody writes. */
  stored(): Promise<string[]>;
  close(): Promise<void>;
};

export type BenchEvent = {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  readonly metadata: object;
};

/** How many connections a store that takes one for each append may hold. */
export const POOL = 32;
