import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type EdgeSettings, edgeFrom, edgeVariables, hostNames } from './config/edge.ts';
import { type KurrentSettings, readKurrentUrl } from './config/kurrentdb.ts';
import { isLoopback } from './config/limits.ts';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** All that the environment decides, read once. */
export type Config = {
  readonly isProduction: boolean;
  readonly http: { readonly host: string; readonly port: number };
  /** Null: the embedded Postgres of the data folder. */
  readonly databaseUrl: string | null;
  /** Where the log stands when it does not stand in the database; null: in the database. */
  readonly kurrentdb: KurrentSettings | null;
  /** Absolute: the embedded database and the keys made on this machine live in it. */
  readonly dataDir: string;
  readonly masterKey: MasterKeySource;
  /** Who vouches for people; null in demo mode, and on a database of one's own until it is set. */
  readonly issuer: IssuerSettings | null;
  /** The token claim that names roles, with dots where it is nested: `realm_access.roles`. */
  readonly rolesClaim: string;
  /** The token claim that names scopes; null: `scope`, or `scp`. */
  readonly scopeClaim: string | null;
  /** The token subject that is an admin whatever its roles say. */
  readonly adminSubject: string | null;
  /** Embedded database, nobody else vouches for people, not production: demo data, demo tokens and GraphiQL are allowed. */
  readonly isDemo: boolean;
  readonly webhooks: {
    /** For tests: this machine may be a receiver. */
    readonly loopback: boolean;
    /** Where they may be sent; null: to every public host. */
    readonly hosts: readonly string[] | null;
    /** For tests: how long to wait after each failure, in milliseconds; null for the waits that integrators rely on. */
    readonly retries: readonly number[] | null;
  };
  /** Null: whoever starts decides. */
  readonly logLevel: LogLevel | null;
  /** Limits, and what browsers, strangers and operators may have. */
  readonly edge: EdgeSettings;
};

export type IssuerSettings = {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: URL;
  /** How the provider marks access tokens. */
  readonly tokenType: 'at+jwt' | 'JWT';
  /** Tokens that last longer are refused. */
  readonly maxLifetimeSeconds: number;
};

/**
 * `make`: the file is written with a new key where it is missing. `nowhere`: no variable names a key, and a database of one's own
 * needs one; commands that open and seal nothing do without.
 */
export type MasterKeySource =
  | { readonly from: 'value'; readonly key: Buffer }
  | { readonly from: 'nowhere' }
  | { readonly from: 'file'; readonly path: string; readonly make: boolean };

/** The environment is not usable as it is. The message has one line for each variable at fault. */
export class ConfigError extends Error {
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'ConfigError';
  }
}

const text = z.string().min(1);
const url = (protocols: RegExp, wanted: string) =>
  text.refine((value) => URL.canParse(value) && protocols.test(new URL(value).protocol), `must be ${wanted}`);

const environment = z.object({
  NODE_ENV: text.optional(),
  PORT: z
    .string()
    .regex(/^\d+$/, 'must be a port number, 0 to 65535')
    .transform(Number)
    .refine((port) => port <= 65_535, 'must be a port number, 0 to 65535')
    .default(4000),
  HOST: text.default('127.0.0.1'),
  DATABASE_URL: url(/^postgres(ql)?:$/, 'a Postgres URL: postgres://user:password@host:5432/database').optional(),
  KURRENTDB_URL: text.optional(),
  PALABRE_KURRENTDB_NAMESPACE: text.optional(),
  PALABRE_KURRENTDB_INSECURE: z.literal('1', 'must be 1, or not set').optional(),
  PALABRE_DATA_DIR: text.default('.palabre'),
  PALABRE_MASTER_KEY: text.transform((value, context) => parseMasterKey(value) ?? notAKey(context)).optional(),
  PALABRE_MASTER_KEY_FILE: text.optional(),
  PALABRE_AUTH_ISSUER: text.optional(),
  PALABRE_AUTH_AUDIENCE: text.optional(),
  PALABRE_AUTH_JWKS_URL: url(/^https?:$/, 'an http or https URL').optional(),
  PALABRE_AUTH_TOKEN_TYPE: z.enum(['at+jwt', 'JWT']).default('at+jwt'),
  PALABRE_AUTH_MAX_LIFETIME: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a number of seconds')
    .transform(Number)
    .default(3600),
  PALABRE_AUTH_ROLES_CLAIM: text.default('roles'),
  PALABRE_AUTH_SCOPE_CLAIM: text.optional(),
  PALABRE_ADMIN_SUBJECT: text.optional(),
  PALABRE_WEBHOOKS_LOOPBACK: z.literal('1', 'must be 1, or not set').optional(),
  PALABRE_WEBHOOK_HOSTS: hostNames.optional(),
  PALABRE_WEBHOOK_RETRIES: text.transform((value, context) => parseWaits(value) ?? notWaits(context)).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
  ...edgeVariables,
});
type Environment = z.infer<typeof environment>;

/** Reads the configuration; throws `ConfigError` that names every variable at fault. A variable set to nothing counts as not set. */
export const loadConfig = (variables: NodeJS.ProcessEnv = process.env): Config => {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
  const parsed = environment.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${sentence(message)}`));
  const values = parsed.data;
  const isProduction = values.NODE_ENV === 'production';
  const dataDir = resolve(values.PALABRE_DATA_DIR);
  const issuer = issuerOf(values);
  const isDemo = !values.DATABASE_URL && !issuer && !isProduction;
  const { edge, faults: edgeFaults } = edgeFrom(values, given, { host: values.HOST, isDemo });
  const kurrentdb = kurrentdbOf(values);
  const faults = [...contradictions(values), ...('faults' in kurrentdb ? kurrentdb.faults : []), ...edgeFaults];
  if (faults.length > 0) throw new ConfigError(faults);

  return Object.freeze({
    isProduction,
    http: { host: values.HOST, port: values.PORT },
    databaseUrl: values.DATABASE_URL ?? null,
    kurrentdb: 'faults' in kurrentdb ? null : kurrentdb.settings,
    dataDir,
    masterKey: masterKeyOf(values, dataDir),
    issuer,
    rolesClaim: values.PALABRE_AUTH_ROLES_CLAIM,
    scopeClaim: values.PALABRE_AUTH_SCOPE_CLAIM ?? null,
    adminSubject: values.PALABRE_ADMIN_SUBJECT ?? null,
    isDemo,
    webhooks: {
      loopback: values.PALABRE_WEBHOOKS_LOOPBACK !== undefined,
      hosts: values.PALABRE_WEBHOOK_HOSTS ?? null,
      retries: values.PALABRE_WEBHOOK_RETRIES ?? null,
    },
    logLevel: values.LOG_LEVEL ?? null,
    edge,
  });
};

/** What `start` asks for beside what other verbs do: somebody who vouches for people. Throws `ConfigError`. */
export const assertServable = ({ issuer, isDemo, isProduction, http: { host } }: Config) => {
  if (issuer || (isDemo && isLoopback(host))) return;
  if (isDemo)
    throw new ConfigError([
      `PALABRE_AUTH_ISSUER must be set with HOST=${host}: others can reach the server, and demo tokens make anybody an admin. Leave HOST out to ` +
        'try things on this machine, or set PALABRE_AUTH_ISSUER, PALABRE_AUTH_AUDIENCE and PALABRE_AUTH_JWKS_URL to those of your identity provider.',
    ]);
  const why = isProduction ? 'with NODE_ENV=production' : 'on a database of your own (DATABASE_URL)';
  throw new ConfigError([
    `PALABRE_AUTH_ISSUER must be set ${why}: demo tokens are only for the embedded database of a developer. ` +
      'Set PALABRE_AUTH_ISSUER, PALABRE_AUTH_AUDIENCE and PALABRE_AUTH_JWKS_URL to those of your identity provider.',
  ]);
};

/** 32 bytes in hexadecimal or base64; null for anything else. */
export const parseMasterKey = (value: string): Buffer | null => {
  const trimmed = value.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed)
    ? Buffer.from(trimmed, 'hex')
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)
      ? Buffer.from(trimmed, 'base64')
      : null;
  return key?.length === 32 ? key : null;
};

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** Waits such as `1s,5m,2h`, in milliseconds; null for anything else. */
const parseWaits = (value: string): readonly number[] | null => {
  const waits = value.split(',').map((part) => {
    const [, count, unit] = /^(\d{1,6})(ms|s|m|h)$/.exec(part.trim()) ?? [];
    return unit ? Number(count) * UNITS[unit as keyof typeof UNITS] : null;
  });
  return waits.every((wait) => wait !== null) ? waits : null;
};

const notWaits = (context: z.RefinementCtx) => {
  context.addIssue('must be waits with commas between them, such as 1s,2s,5m');
  return z.NEVER;
};

const notAKey = (context: z.RefinementCtx) => {
  context.addIssue('must be 32 bytes, in base64 or hexadecimal: `openssl rand -base64 32` makes one');
  return z.NEVER;
};

const contradictions = (values: Environment): string[] => {
  const { PALABRE_AUTH_ISSUER: issuer, PALABRE_AUTH_AUDIENCE: audience, PALABRE_AUTH_JWKS_URL: jwks } = values;
  const faults: string[] = [];
  if (values.PALABRE_MASTER_KEY && values.PALABRE_MASTER_KEY_FILE)
    faults.push('PALABRE_MASTER_KEY and PALABRE_MASTER_KEY_FILE are both set: keep one of them.');
  for (const name of ['PALABRE_WEBHOOKS_LOOPBACK', 'PALABRE_WEBHOOK_RETRIES'] as const)
    if (values.NODE_ENV === 'production' && values[name])
      faults.push(`${name} is for tests and must not be set with NODE_ENV=production.`);
  if (issuer && !audience) faults.push('PALABRE_AUTH_AUDIENCE must be set with PALABRE_AUTH_ISSUER.');
  if (issuer && !jwks) faults.push('PALABRE_AUTH_JWKS_URL must be set with PALABRE_AUTH_ISSUER.');
  if (!issuer && (audience || jwks))
    faults.push('PALABRE_AUTH_ISSUER must be set with the other PALABRE_AUTH variables.');
  return faults;
};

const kurrentdbOf = (
  values: Pick<Environment, 'KURRENTDB_URL' | 'PALABRE_KURRENTDB_NAMESPACE' | 'PALABRE_KURRENTDB_INSECURE'>,
): { readonly settings: KurrentSettings | null } | { readonly faults: readonly string[] } => {
  if (!values.KURRENTDB_URL) return { settings: null };
  const read = readKurrentUrl(values.KURRENTDB_URL, values.PALABRE_KURRENTDB_NAMESPACE);
  if ('fault' in read) return { faults: [`KURRENTDB_URL ${read.fault}.`] };
  if (read.isPlain && !values.PALABRE_KURRENTDB_INSECURE)
    return {
      faults: [
        'KURRENTDB_URL must not turn TLS or its checks off, except on this machine: what is sent could be read or changed on the way. ' +
          'Use tls=true, or set PALABRE_KURRENTDB_INSECURE=1 where nobody else reaches the network between.',
      ],
    };
  return { settings: read.settings };
};

/** A KurrentDB that a command line names, by the same rules as the environment's. Throws `ConfigError`. */
export const kurrentdbNamed = (url: string, variables: NodeJS.ProcessEnv = process.env): KurrentSettings => {
  const { PALABRE_KURRENTDB_NAMESPACE, PALABRE_KURRENTDB_INSECURE } = variables;
  const found = kurrentdbOf({
    KURRENTDB_URL: url,
    ...(PALABRE_KURRENTDB_NAMESPACE && { PALABRE_KURRENTDB_NAMESPACE }),
    ...(PALABRE_KURRENTDB_INSECURE && { PALABRE_KURRENTDB_INSECURE: '1' as const }),
  });
  if ('faults' in found) throw new ConfigError(found.faults.map((fault) => fault.replace('KURRENTDB_URL', 'The URL')));
  if (!found.settings) throw new ConfigError(['The URL of a KurrentDB is empty.']);
  return found.settings;
};

const issuerOf = (values: Environment): IssuerSettings | null => {
  const { PALABRE_AUTH_ISSUER: issuer, PALABRE_AUTH_AUDIENCE: audience, PALABRE_AUTH_JWKS_URL: jwks } = values;
  if (!issuer || !audience || !jwks) return null;
  return {
    issuer,
    audience,
    jwksUrl: new URL(jwks),
    tokenType: values.PALABRE_AUTH_TOKEN_TYPE,
    maxLifetimeSeconds: values.PALABRE_AUTH_MAX_LIFETIME,
  };
};

const masterKeyOf = (values: Environment, dataDir: string): MasterKeySource => {
  if (values.PALABRE_MASTER_KEY) return { from: 'value', key: values.PALABRE_MASTER_KEY };
  if (values.PALABRE_MASTER_KEY_FILE)
    return { from: 'file', path: resolve(values.PALABRE_MASTER_KEY_FILE), make: false };
  if (values.DATABASE_URL) return { from: 'nowhere' };
  return { from: 'file', path: join(dataDir, 'master.key'), make: true };
};

const sentence = (message: string) => (/[.!?]$/.test(message) ? message : `${message}.`);
