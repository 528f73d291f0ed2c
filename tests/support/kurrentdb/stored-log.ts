/** What the fake keeps, by the rules that a real server (24.6) was seen to follow, the unpleasant ones included. */
export type Kept = {
  readonly position: bigint;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly data: Buffer;
  readonly metadata: Buffer;
};

export type Given = Pick<Kept, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;
export type Expectation = 'any' | 'none' | 'exists' | number;

export type Verdict =
  | { readonly is: 'written'; readonly revision: number; readonly position: bigint | undefined }
  | { readonly is: 'wrong version'; readonly actual: number }
  | { readonly is: 'deleted' }
  | { readonly is: 'too large'; readonly most: number };

type Stream = { last: number; hiddenBefore: number; state: 'open' | 'deleted' | 'tombstoned' };

const NONE = -1;
const MAX_APPEND = 1024 * 1024;

export type StoredLog = ReturnType<typeof createStoredLog>;

export const createStoredLog = ({ maxAppend = MAX_APPEND } = {}) => {
  let log: Kept[] = [];
  let streams = new Map<string, Stream>();
  /** Ids that an unchecked append would recognise: gone after a restart, and then it is written twice. */
  let cached = new Set<string>();
  let now = () => Date.now();
  const heard = new Set<() => void>();

  const put = (stream: string, { last }: Stream, events: readonly Given[]): Kept[] => {
    const kept = events.map((event, n): Kept => {
      const before = log.at(-1);
      // A record is as long as what it holds: places have gaps of all sizes.
      const length = before ? 90 + before.stream.length + before.data.length + before.metadata.length : 0;
      const position = (before?.position ?? 0n) + BigInt(length);
      const each = { ...event, position, stream, revision: last + 1 + n, created: now() };
      log.push(each);
      cached.add(`${stream} ${event.id}`);
      return each;
    });
    return kept;
  };

  const system = (stream: string, type: string, data = '{}') =>
    write(stream, [
      {
        id: crypto.randomUUID(),
        type,
        contentType: 'application/json',
        data: Buffer.from(data),
        metadata: Buffer.from('{}'),
      },
    ]);

  const write = (name: string, events: readonly Given[]): Kept[] => {
    const stream = streams.get(name) ?? { last: NONE, hiddenBefore: 0, state: 'open' };
    if (stream.state === 'deleted') stream.hiddenBefore = stream.last + 1;
    const kept = put(name, stream, events);
    streams.set(name, { ...stream, last: stream.last + events.length, state: 'open' });
    for (const tell of [...heard]) tell();
    return kept;
  };

  const inStream = (name: string): Kept[] => {
    const stream = streams.get(name);
    return log.filter((each) => each.stream === name && each.revision >= (stream?.hiddenBefore ?? 0));
  };

  const append = (name: string, expected: Expectation, events: readonly Given[]): Verdict => {
    const stream = streams.get(name);
    if (stream?.state === 'tombstoned') return { is: 'deleted' };
    const actual = stream?.last ?? NONE;
    // An append of nothing succeeds, even where there is no stream.
    if (events.length === 0) return { is: 'written', revision: Math.max(actual, 0), position: log.at(-1)?.position };
    // What is appended to `$$name` is what is to be known about the stream `name`.
    const hidden = /"\$tb":\s*(\d+)/.exec(name.startsWith('$$') ? `${events.at(-1)?.data}` : '');
    const described = streams.get(name.slice(2));
    if (hidden && described) described.hiddenBefore = Number(hidden[1]);
    if (events.reduce((sum, { data }) => sum + data.length, 0) > maxAppend) return { is: 'too large', most: maxAppend };
    const written = (kept: readonly Kept[]): Verdict => {
      const last = kept.at(-1);
      const hidden = last && last.revision < (streams.get(name)?.hiddenBefore ?? 0);
      return { is: 'written', revision: last?.revision ?? actual, position: hidden ? undefined : last?.position };
    };
    const asKnown = (from: number) => {
      const known = log.filter(({ stream: s, revision }) => s === name && revision >= from);
      return events.every(({ id }, n) => known[n]?.id === id) ? known.slice(0, events.length) : undefined;
    };
    if (expected === 'any' || expected === 'exists') {
      if (expected === 'exists' && stream?.state === 'deleted') return { is: 'deleted' };
      if (expected === 'exists' && !stream) return { is: 'wrong version', actual };
      if (events.every(({ id }) => cached.has(`${name} ${id}`))) {
        const at = log.find(({ stream: s, id }) => s === name && id === events[0]?.id);
        const known = at && asKnown(at.revision);
        if (known) return written(known);
      }
      return written(write(name, events));
    }
    const wanted = expected === 'none' ? NONE : expected;
    // The current revision is not looked at twice: a known id is written again behind it.
    if (wanted === actual || (wanted === NONE && stream?.state === 'deleted')) return written(write(name, events));
    const known = wanted < actual ? asKnown(wanted + 1) : undefined;
    return known ? written(known) : { is: 'wrong version', actual };
  };

  // The first record of every log is the server's own.
  system('$scavenges', '$started');

  return {
    append,
    all: (): readonly Kept[] => log,
    end: () => log.at(-1)?.position ?? 0n,
    stream: (name: string): 'none' | 'deleted' | readonly Kept[] => {
      const stream = streams.get(name);
      if (stream?.state === 'tombstoned') return 'deleted';
      return !stream || stream.state === 'deleted' ? 'none' : inStream(name);
    },
    /** Whatever is appended from now on is told. Answers how to stop. */
    onWrite: (tell: () => void) => {
      heard.add(tell);
      return () => heard.delete(tell);
    },
    /** Something that is not of Palabre. */
    system,
    softDelete: (name: string) => {
      const stream = streams.get(name);
      if (stream) stream.state = 'deleted';
      system(`$$${name}`, '$metadata', '{"$tb":9223372036854775807}');
    },
    tombstone: (name: string) => {
      const stream = streams.get(name) ?? { last: NONE, hiddenBefore: 0, state: 'open' as const };
      streams.set(name, { ...stream, state: 'tombstoned' });
      write(name, [
        {
          id: crypto.randomUUID(),
          type: '$streamDeleted',
          contentType: 'application/json',
          data: Buffer.from(''),
          metadata: Buffer.from(''),
        },
      ]);
      streams.set(name, { ...stream, state: 'tombstoned' });
    },
    truncate: (name: string, before: number) => {
      const stream = streams.get(name);
      if (stream) stream.hiddenBefore = before;
      system(`$$${name}`, '$metadata', `{"$tb":${before}}`);
    },
    forgetIds: () => {
      cached = new Set();
    },
    setClock: (clock: () => number) => {
      now = clock;
    },
    /** How it stands, to be taken back to as a backup is restored. */
    backup: () => ({
      log: [...log],
      streams: new Map([...streams].map(([name, stream]) => [name, { ...stream }])),
    }),
    restore: (backup: { log: readonly Kept[]; streams: ReadonlyMap<string, Stream> }) => {
      log = [...backup.log];
      streams = new Map([...backup.streams].map(([name, stream]) => [name, { ...stream }]));
      cached = new Set();
    },
  };
};
