import { parseArgs } from 'node:util';
import { type ArgsDef, type CommandDef, renderUsage } from 'citty';
import { WrongUse } from './wrong-use.ts';

// A tree of commands holds commands of all arguments.
// biome-ignore lint/suspicious/noExplicitAny: variance: citty's own type of a tree
export type AnyCommandDef = CommandDef<any>;

type Found = { readonly command: AnyCommandDef; readonly path: readonly string[]; readonly rest: readonly string[] };

/** The command that the first words name, and what stands after them. */
export const findCommand = (root: AnyCommandDef, rawArgs: readonly string[]): Found => {
  let command = root;
  const path = [nameOf(root)];
  let rest = rawArgs;
  for (;;) {
    const [word] = rest;
    const children = (command.subCommands ?? {}) as Record<string, AnyCommandDef>;
    const child = word !== undefined && Object.hasOwn(children, word) ? children[word] : undefined;
    if (!child || word === undefined) return { command, path, rest };
    command = child;
    path.push(word);
    rest = rest.slice(1);
  }
};

export const asksForHelp = (rest: readonly string[]) => {
  const before = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
  return before.includes('--help') || before.includes('-h');
};

/** Throws `WrongUse` for options that the command does not have, words that it does not take, or no command at all. */
export const assertUse = (command: AnyCommandDef, path: readonly string[], rest: readonly string[]) => {
  if (command.subCommands) {
    const verbs = Object.keys(command.subCommands).join(', ');
    throw new WrongUse(
      rest[0] === undefined ? `say what to do: ${verbs}.` : `there is no "${rest[0]}"; there is ${verbs}.`,
    );
  }
  const args = Object.entries((command.args ?? {}) as ArgsDef);
  const words = args.filter(([, { type }]) => type === 'positional');
  const options = Object.fromEntries(
    args
      .filter(([, { type }]) => type !== 'positional')
      .map(([name, { type }]) => [name, { type: type === 'boolean' ? 'boolean' : 'string' } as const]),
  );
  const { positionals } = parse(rest, options);
  const takesMany = words.some(([, { valueHint }]) => valueHint === MANY);
  if (positionals.length > words.length && !takesMany)
    throw new WrongUse(`"${positionals[words.length]}" is one word too many for \`${path.join(' ')}\`.`);
};

/** The value hint of a word that may be given several times. */
export const MANY = '...';

const parse = (rest: readonly string[], options: Record<string, { type: 'boolean' | 'string' }>) => {
  try {
    return parseArgs({ args: [...rest], options, allowPositionals: true, strict: true, allowNegative: true });
  } catch (error) {
    throw new WrongUse((error as Error).message);
  }
};

/** What `--help` shows. */
export const usageOf = async (command: AnyCommandDef, path: readonly string[]): Promise<string> => {
  const parent = path.length > 1 ? { meta: { name: path.slice(0, -1).join(' ') } } : undefined;
  const named = { ...command, meta: { ...(command.meta as object), name: path.at(-1) ?? '' } };
  const usage = await renderUsage(named, parent);
  return `${usage}\n${path.length > 1 ? '' : MORE}`;
};

const nameOf = (command: AnyCommandDef) => (command.meta as { name?: string } | undefined)?.name ?? '';

const MORE = `
FIRST STEPS

  palabre start                           an embedded Postgres, a demo organisation, GraphQL and GraphiQL at http://127.0.0.1:4000/graphql
  palabre token ines-valmorin             a token of that member, to send as "Authorization: Bearer ..."
  palabre import zulip export.tar.gz      a community's archive becomes events; again, and only what is new is added
  palabre events export > events.ndjson   the whole log, one event a line; go on later with --after <cursor>
  palabre projections verify              proof that the read models are what the log says

ENVIRONMENT

  PORT, HOST                where to listen (4000, 127.0.0.1)
  DATABASE_URL              your own Postgres, 15 or later, instead of the embedded one
  KURRENTDB_URL             the log on a KurrentDB, beside the database: kurrentdb://user:password@host:2113
  PALABRE_DATA_DIR          the folder of the embedded database and of keys made here (.palabre)
  PALABRE_MASTER_KEY        32 bytes, base64 or hexadecimal: personal data is encrypted under it. Needed with DATABASE_URL
  PALABRE_MASTER_KEY_FILE   a file that holds it
  PALABRE_AUTH_ISSUER, PALABRE_AUTH_AUDIENCE, PALABRE_AUTH_JWKS_URL
                            your identity provider: who signs tokens, for whom, and where its keys are
  PALABRE_AUTH_TOKEN_TYPE   how it marks access tokens: at+jwt, or JWT (at+jwt)
  PALABRE_AUTH_MAX_LIFETIME the longest life of a token, in seconds (3600)
  PALABRE_AUTH_ROLES_CLAIM  the claim with the roles member, admin, analyst (roles)
  PALABRE_AUTH_SCOPE_CLAIM  the claim with scopes (scope, else scp)
  PALABRE_ADMIN_SUBJECT     the token subject of the first admin
  LOG_LEVEL                 fatal, error, warn, info, debug, trace or silent
  NODE_ENV                  production: refuses to start without an identity provider

Every verb works beside a running server and alone. Exit codes: 0 success, 1 failure, 2 wrong use.
`;
