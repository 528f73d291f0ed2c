import { join, resolve } from 'node:path';
import { z } from 'zod';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** All that the environment decides, read once. */
export type Config = {
  readonly isProduction: boolean;
  readonly http: { readonly host: string; readonly port: number };
  /** Null: the embedded Postgres of the data folder. */
  readonly databaseUrl: string | null;
  /** Absolute: the embedded database and the keys made on this machine live in it. */
  readonly dataDir: string;
  readonly masterKey: MasterKeySource;
  /** Who vouches for people; null in demo mode, and on a database of one's own until it is set. */
  readonly issuer: IssuerSettings | null;
  /** The token claim that names roles, with dots where it is nested: `realm_access.roles`. */
  readonly rolesClaim: string;
  /** The token subject that is an admin whatever its roles say. */
  readonly adminSubject: string | null;
  /** Embedded database, nobody else vouches for people, not production: demo data, demo tokens and GraphiQL are allowed. */
  readonly isDemo: boolean;
  /** Null: whoever starts decides. */
  readonly logLevel: LogLevel | null;
};

export type IssuerSettings = { readonly issuer: string; readonly audience: string; readonly jwksUrl: URL };

/** `make`: the file is written with a new key where it is missing. */
export type MasterKeySource =
  | { readonly from: 'value'; readonly key: Buffer }
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
  PALABRE_DATA_DIR: text.default('.palabre'),
  PALABRE_MASTER_KEY: text.transform((value, context) => parseMasterKey(value) ?? notAKey(context)).optional(),
  PALABRE_MASTER_KEY_FILE: text.optional(),
  PALABRE_AUTH_ISSUER: text.optional(),
  PALABRE_AUTH_AUDIENCE: text.optional(),
  PALABRE_AUTH_JWKS_URL: url(/^https?:$/, 'an http or https URL').optional(),
  PALABRE_AUTH_ROLES_CLAIM: text.default('roles'),
  PALABRE_ADMIN_SUBJECT: text.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).optional(),
});
type Environment = z.infer<typeof environment>;

/** Reads the configuration; throws `ConfigError` that names every variable at fault. A variable set to nothing counts as not set. */
export const loadConfig = (variables: NodeJS.ProcessEnv = process.env): Config => {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value?.trim()));
  const parsed = environment.safeParse(given);
  if (!parsed.success)
    throw new ConfigError(parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${sentence(message)}`));
  const values = parsed.data;
  const faults = contradictions(values);
  if (faults.length > 0) throw new ConfigError(faults);

  const isProduction = values.NODE_ENV === 'production';
  const dataDir = resolve(values.PALABRE_DATA_DIR);
  const issuer = issuerOf(values);
  return Object.freeze({
    isProduction,
    http: { host: values.HOST, port: values.PORT },
    databaseUrl: values.DATABASE_URL ?? null,
    dataDir,
    masterKey: masterKeyOf(values, dataDir),
    issuer,
    rolesClaim: values.PALABRE_AUTH_ROLES_CLAIM,
    adminSubject: values.PALABRE_ADMIN_SUBJECT ?? null,
    isDemo: !values.DATABASE_URL && !issuer && !isProduction,
    logLevel: values.LOG_LEVEL ?? null,
  });
};

/** What `start` asks for beside what other verbs do: somebody who vouches for people. Throws `ConfigError`. */
export const assertServable = ({ issuer, isDemo, isProduction }: Config) => {
  if (issuer || isDemo) return;
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

const notAKey = (context: z.RefinementCtx) => {
  context.addIssue('must be 32 bytes, in base64 or hexadecimal: `openssl rand -base64 32` makes one');
  return z.NEVER;
};

const contradictions = (values: Environment): string[] => {
  const { PALABRE_AUTH_ISSUER: issuer, PALABRE_AUTH_AUDIENCE: audience, PALABRE_AUTH_JWKS_URL: jwks } = values;
  const faults: string[] = [];
  if (values.DATABASE_URL && !values.PALABRE_MASTER_KEY && !values.PALABRE_MASTER_KEY_FILE)
    faults.push(
      'PALABRE_MASTER_KEY or PALABRE_MASTER_KEY_FILE must be set with DATABASE_URL: personal data is encrypted under it. ' +
        '`openssl rand -base64 32` makes one; keep it apart from the database.',
    );
  if (values.PALABRE_MASTER_KEY && values.PALABRE_MASTER_KEY_FILE)
    faults.push('PALABRE_MASTER_KEY and PALABRE_MASTER_KEY_FILE are both set: keep one of them.');
  if (issuer && !audience) faults.push('PALABRE_AUTH_AUDIENCE must be set with PALABRE_AUTH_ISSUER.');
  if (issuer && !jwks) faults.push('PALABRE_AUTH_JWKS_URL must be set with PALABRE_AUTH_ISSUER.');
  if (!issuer && (audience || jwks))
    faults.push('PALABRE_AUTH_ISSUER must be set with the other PALABRE_AUTH variables.');
  return faults;
};

const issuerOf = (values: Environment): IssuerSettings | null => {
  const { PALABRE_AUTH_ISSUER: issuer, PALABRE_AUTH_AUDIENCE: audience, PALABRE_AUTH_JWKS_URL: jwks } = values;
  return issuer && audience && jwks ? { issuer, audience, jwksUrl: new URL(jwks) } : null;
};

const masterKeyOf = (values: Environment, dataDir: string): MasterKeySource => {
  if (values.PALABRE_MASTER_KEY) return { from: 'value', key: values.PALABRE_MASTER_KEY };
  if (values.PALABRE_MASTER_KEY_FILE)
    return { from: 'file', path: resolve(values.PALABRE_MASTER_KEY_FILE), make: false };
  return { from: 'file', path: join(dataDir, 'master.key'), make: true };
};

const sentence = (message: string) => (/[.!?]$/.test(message) ? message : `${message}.`);
