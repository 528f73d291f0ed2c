/** All that operators can watch, by its name after `palabre_`. Whoever knows a figure registers or counts it under its name here. */
export const measures = {
  requests_total: {
    kind: 'counter',
    help: 'Requests, by door and by how they ended: `ok`, or the first code.',
    labels: ['route', 'outcome'],
  },
  request_seconds: {
    kind: 'histogram',
    help: 'How long a request took until its answer was sent.',
    labels: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  operation_cost: {
    kind: 'histogram',
    help: 'What operations did cost, in points.',
    labels: [],
    buckets: [0, 1, 5, 10, 25, 50, 100, 250, 500, 1_000],
  },
  appends_total: { kind: 'counter', help: 'Appends to the log, by outcome.', labels: ['outcome'] },
  append_batch_size: {
    kind: 'histogram',
    help: 'How many appends were committed together.',
    labels: [],
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
  },
  append_wait_seconds: {
    kind: 'histogram',
    help: 'How long an append waited for its batch.',
    labels: [],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
  },
  projection_lag_events: {
    kind: 'gauge',
    help: 'How many events a read model is behind the log.',
    labels: ['projection'],
  },
  projection_lag_seconds: {
    kind: 'gauge',
    help: 'How old the oldest event is that a read model has not applied.',
    labels: ['projection'],
  },
  projection_halted: {
    kind: 'gauge',
    help: '1 while a read model stands still at an event that it cannot apply.',
    labels: ['projection'],
  },
  subscribers: { kind: 'gauge', help: 'Event streams and WebSockets that are open.', labels: [] },
  subscribers_too_slow_total: {
    kind: 'counter',
    help: 'Streams that were closed because their clients took nothing, since the start.',
    labels: [],
  },
  build_info: { kind: 'gauge', help: 'Always 1: which build this is.', labels: ['version', 'node'] },
  database_up: { kind: 'gauge', help: '1 while the database answers, 0 while it does not.', labels: [] },
  database_connections: {
    kind: 'gauge',
    help: 'Connections of each pool: open in all, idle, and how many callers wait for one.',
    labels: ['pool', 'state'],
  },
  log_head_position: { kind: 'gauge', help: 'Where the log ends, as a number of its own.', labels: [] },
  log_last_event_age_seconds: {
    kind: 'gauge',
    help: 'How long ago the newest event that a read model holds was recorded.',
    labels: [],
  },
  process_lag_events: { kind: 'gauge', help: 'How many events a process is behind the log.', labels: ['process'] },
  process_halted: { kind: 'gauge', help: '1 while a process stands still.', labels: ['process'] },
  lease_held: {
    kind: 'gauge',
    help: '1 while some server leads the read model or process, 0 while none does.',
    labels: ['name'],
  },
  webhook_oldest_due_seconds: {
    kind: 'gauge',
    help: 'For how long the delivery has been due that waits the longest; 0 where none is due.',
    labels: [],
  },
  webhooks: { kind: 'gauge', help: 'Webhooks, by state.', labels: ['state'] },
  webhook_deliveries: { kind: 'gauge', help: 'Deliveries to webhooks, by state.', labels: ['state'] },
} as const satisfies Readonly<Record<string, Measure>>;

export type Measure = {
  readonly kind: 'counter' | 'histogram' | 'gauge';
  readonly help: string;
  readonly labels: readonly string[];
  readonly buckets?: readonly number[];
};

type Table = typeof measures;
type Named<K extends Measure['kind']> = { [N in keyof Table]: Table[N]['kind'] extends K ? N : never }[keyof Table];
type LabelsOf<N extends keyof Table> = Readonly<Record<Table[N]['labels'][number], string>>;

/** Where figures go. Labels have few values each: never an id, never what somebody typed. */
export type Measures = {
  count<N extends Named<'counter'>>(name: N, labels: LabelsOf<N>): void;
  observe<N extends Named<'histogram'>>(name: N, value: number, labels: LabelsOf<N>): void;
  /** What a gauge shows, or a counter that is counted elsewhere: looked up whenever somebody asks, never in between. */
  show<N extends Named<'gauge' | 'counter'>>(name: N, look: () => Shown<N> | Promise<Shown<N>>): void;
};

export type Shown<N extends keyof Table> = readonly { readonly labels: LabelsOf<N>; readonly value: number }[];

/** Nobody watches. */
export const unmeasured: Measures = { count: () => {}, observe: () => {}, show: () => {} };
