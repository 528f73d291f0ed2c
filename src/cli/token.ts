import { defineCommand } from 'citty';
import type { DemoIssuer } from '../adapters/identity/index.ts';
import { Unusable } from '../app/unusable.ts';
import { type Config, loadConfig } from '../config.ts';
import { isScope, scopes } from '../core/scopes.ts';
import { withApp } from './with-app.ts';
import { WrongUse } from './wrong-use.ts';

export const tokenCommand = defineCommand({
  meta: { description: 'A demo token, alone on the last line: of a member, or of a role' },
  args: {
    handle: { type: 'positional', required: false, description: "The member's handle, with or without @" },
    role: { type: 'enum', options: ['admin', 'analyst'], description: 'A role of nobody in particular' },
    ttl: { type: 'string', valueHint: 'seconds', description: 'How long it is good for (2592000: 30 days, the most)' },
    scope: {
      type: 'string',
      valueHint: '"posts:read …"',
      description: 'What it is for: only these of the scopes that its roles give',
    },
  },
  run: async ({ args: { handle, role, ttl, scope } }) => {
    if ((handle === undefined) === (role === undefined))
      throw new WrongUse('give a member handle, or --role admin, or --role analyst.');
    const ttlSeconds = ttl === undefined ? undefined : secondsIn(ttl);
    const named = scope === undefined ? {} : { scope: scopesIn(scope) };
    const config = loadConfig();
    assertDemo(config);
    const claims = role ? claimsOf(role) : { sub: await memberId(handle ?? '') };
    const token = await (await demoIssuer(config)).sign({ ...claims, ...named }, ttlSeconds);
    process.stdout.write(`${token}\n`);
  },
});

/** A token of a role. Reading with it makes nobody a member. */
export const roleToken = async (config: Config, role: string): Promise<string> =>
  (await demoIssuer(config)).sign(claimsOf(role));

const claimsOf = (role: string) => ({ sub: `role:${role}`, name: `Demo ${role}`, roles: [role] });

const demoIssuer = async ({ dataDir }: Config): Promise<DemoIssuer> => {
  const { openDemoIssuer } = await import('../adapters/identity/index.ts');
  return openDemoIssuer(dataDir);
};

const memberId = async (given: string): Promise<string> => {
  const handle = given.replace(/^@/, '');
  const member = await withApp({ projections: 'none' }, async ({ people }) => people.byHandle(handle));
  if (!member) throw new Unusable(`Nobody here has the handle "${handle}".`);
  return member.memberId;
};

const MAX_SECONDS = 30 * 24 * 60 * 60;

const secondsIn = (text: string): number => {
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > MAX_SECONDS) throw new WrongUse(`--ttl is a number of seconds, 1 to ${MAX_SECONDS}.`);
  return seconds;
};

const scopesIn = (text: string): string => {
  const names = text.split(/\s+/).filter((name) => name !== '');
  const unknown = names.find((name) => !isScope(name));
  if (unknown !== undefined)
    throw new WrongUse(`there is no scope "${unknown}"; there is ${Object.keys(scopes).join(', ')}.`);
  return names.join(' ');
};

const assertDemo = ({ isDemo, issuer }: Config) => {
  if (isDemo) return;
  const why = issuer
    ? 'PALABRE_AUTH_ISSUER is set: tokens come from there'
    : 'this is production or a database of your own';
  throw new Unusable(`Demo tokens are only for the embedded database without an identity provider; ${why}.`);
};
