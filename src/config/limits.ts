import type { FaultCode } from '../core/fault-codes.ts';

/** One limit: what it holds back, its value unless a variable says otherwise, and how a client hears of it. */
export type Limit = {
  readonly default: number;
  /** With `PALABRE_LIMITS=off`. Where it is missing the limit protects the process itself and always holds. */
  readonly off?: number;
  /** The largest value that may be set. */
  readonly most: number;
  /** `extensions.code` of a refusal; null where the refusal is a status of HTTP alone, or a closed connection. */
  readonly code: FaultCode | null;
  readonly status: number | null;
  readonly what: string;
};

const GIGA = 1_000_000_000;

/** Every limit at the edge, by the name in its variable `PALABRE_LIMIT_<NAME>`. The documentation is tested against this table. */
export const limitTable = {
  BODY_BYTES: {
    default: 256 * 1024,
    most: GIGA,
    code: 'REQUEST_ENTITY_TOO_LARGE',
    status: 413,
    what: 'The body of a request.',
  },
  QUERY_BYTES: {
    default: 16 * 1024,
    off: 256 * 1024,
    most: GIGA,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'The text of a document.',
  },
  // Twice as many, nested as a list of lists, overflow the parser's stack.
  TOKENS: {
    default: 1_000,
    most: 1_500,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Lexical tokens of a document.',
  },
  DEPTH: {
    default: 12,
    off: 50,
    most: 100,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Fields within fields. A page costs three levels.',
  },
  BREADTH: {
    default: 200,
    off: 2_000,
    most: 10_000,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Fields of an operation altogether, those of a fragment each time that it is spread.',
  },
  ALIASES: {
    default: 30,
    off: 1_000,
    most: 10_000,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Aliases of a document, those of `__typename` too.',
  },
  DIRECTIVES: {
    default: 30,
    off: 1_000,
    most: 10_000,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Directives of a document.',
  },
  ROOT_FIELDS: {
    default: 20,
    off: 1_000,
    most: 10_000,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Root fields of an operation.',
  },
  MUTATIONS: {
    default: 10,
    off: 100,
    most: 1_000,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Root fields of a mutation.',
  },
  OPERATIONS: {
    default: 10,
    off: 100,
    most: 1_000,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Operations of a document.',
  },
  LIST_ITEMS: {
    default: 100,
    most: 10_000,
    code: 'LIST_TOO_LONG',
    status: 400,
    what: 'Items of a list among the arguments, in the document or in variables.',
  },
  VALIDATION_ERRORS: {
    default: 5,
    most: 100,
    code: null,
    status: null,
    what: 'Faults of a document or of variables that one answer tells; the others are left out.',
  },
  COST: {
    default: 1_000,
    off: Number.POSITIVE_INFINITY,
    most: GIGA,
    code: 'QUERY_TOO_COMPLEX',
    status: 400,
    what: 'Points that one operation may cost.',
  },
  BUDGET: {
    default: 10_000,
    off: Number.POSITIVE_INFINITY,
    most: GIGA,
    code: 'RATE_LIMITED',
    status: 429,
    what: 'Points that somebody can spend at once.',
  },
  BUDGET_PER_SECOND: {
    default: 100,
    most: GIGA,
    code: 'RATE_LIMITED',
    status: 429,
    what: 'Points that come back each second.',
  },
  ANONYMOUS_PER_MINUTE: {
    default: 60,
    off: Number.POSITIVE_INFINITY,
    most: GIGA,
    code: 'RATE_LIMITED',
    status: 429,
    what: 'Requests without a token, of one address.',
  },
  REFUSED_TOKENS_PER_MINUTE: {
    default: 600,
    off: Number.POSITIVE_INFINITY,
    most: GIGA,
    code: 'RATE_LIMITED',
    status: 429,
    what: 'Requests with a token that is not valid, of one address.',
  },
  EXECUTION_MS: {
    default: 10_000,
    most: 600_000,
    code: 'TIMEOUT',
    status: 503,
    what: 'How long an operation may take, in milliseconds.',
  },
  STATEMENT_MS: {
    default: 5_000,
    most: 600_000,
    code: 'TIMEOUT',
    status: 503,
    what: 'How long the database may take for one statement of an answer, in milliseconds.',
  },
  RESPONSE_BYTES: {
    default: 5 * 1024 * 1024,
    most: GIGA,
    code: 'RESPONSE_TOO_LARGE',
    status: 503,
    what: 'The text of an answer.',
  },
  HEAD_BYTES: { default: 16 * 1024, most: 1024 * 1024, code: null, status: 431, what: 'The head of a request.' },
  HEADERS: { default: 100, most: 1_000, code: null, status: 431, what: 'Header fields of a request.' },
  HEAD_MS: {
    default: 5_000,
    most: 600_000,
    code: null,
    status: 408,
    what: 'How long a head may take, in milliseconds.',
  },
  REQUEST_MS: {
    default: 10_000,
    most: 600_000,
    code: null,
    status: 408,
    what: 'How long a whole request may take to arrive, in milliseconds.',
  },
  KEEP_ALIVE_MS: {
    default: 5_000,
    most: 600_000,
    code: null,
    status: null,
    what: 'How long an idle connection is kept, in milliseconds: longer than a proxy in front keeps its own.',
  },
  SILENCE_MS: {
    default: 30_000,
    most: 600_000,
    code: null,
    status: null,
    what: 'How long a client may take no byte of its answer, in milliseconds.',
  },
  STREAMS: {
    default: 100,
    most: 100_000,
    code: 'TOO_MANY_STREAMS',
    status: 429,
    what: 'Open event streams of one account: a member, or a login that is not a member.',
  },
  SOCKETS: {
    default: 10,
    most: 100_000,
    code: 'TOO_MANY_STREAMS',
    status: null,
    what: 'Open WebSockets of one account: a member, or a login that is not a member.',
  },
  SOCKET_OPERATIONS: {
    default: 100,
    most: 10_000,
    code: 'TOO_MANY_STREAMS',
    status: null,
    what: 'Operations at once of one WebSocket.',
  },
  MESSAGE_BYTES: {
    default: 256 * 1024,
    most: 100_000_000,
    code: null,
    status: null,
    what: 'A message of a WebSocket.',
  },
  HEARTBEAT_MS: {
    default: 12_000,
    most: 600_000,
    code: null,
    status: null,
    what: 'How long a stream may have nothing to say before it says how far it is, in milliseconds; `/events` takes a quarter more.',
  },
  LAG_MS: {
    default: 10_000,
    most: GIGA,
    code: null,
    status: null,
    what: 'How old an event may be that a read model has not applied, in milliseconds, before `/health` names it.',
  },
  CONNECTIONS: { default: 2_000, most: 100_000, code: null, status: null, what: 'Connections at the same time.' },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limitTable;

/** The value of each limit; infinite where there is none. */
export type Limits = Readonly<Record<LimitName, number>>;

const names = Object.keys(limitTable) as LimitName[];
const PREFIX = 'PALABRE_LIMIT_';

/** The limits as the environment has them, with a line for each variable at fault. */
export const limitsFrom = (
  variables: Readonly<Record<string, string | undefined>>,
  isOff: boolean,
): { readonly limits: Limits; readonly faults: readonly string[] } => {
  const given = Object.keys(variables).filter((name) => name.startsWith(PREFIX));
  const unknown = given.filter((name) => !Object.hasOwn(limitTable, name.slice(PREFIX.length)));
  const values = names.map((name) => [name, settingOf(name, variables[`${PREFIX}${name}`], isOff)] as const);
  return {
    limits: Object.freeze(Object.fromEntries(values)) as Limits,
    faults: [
      ...unknown.map((name) => `${name} is no limit of Palabre: there are ${names.join(', ')}.`),
      ...values
        .filter(([, value]) => Number.isNaN(value))
        .map(([name]) => `${PREFIX}${name} must be a whole number from 1 to ${limitTable[name].most}.`),
    ],
  };
};

/** A limit that a variable names holds, also while the others are off. Not a number: a value that cannot be. */
const settingOf = (name: LimitName, given: string | undefined, isOff: boolean): number => {
  const limit: Limit = limitTable[name];
  if (given === undefined) return isOff ? (limit.off ?? limit.default) : limit.default;
  const value = /^\d{1,12}$/.test(given.trim()) ? Number(given) : Number.NaN;
  return value >= 1 && value <= limit.most ? value : Number.NaN;
};

/** The limits as they are unless somebody says otherwise. */
export const defaultLimits: Limits = limitsFrom({}, false).limits;

/** Whether nobody but this machine reaches a host name that one listens on. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
