import { defineCommand } from 'citty';
import { Unusable } from '../app/unusable.ts';
import { type Config, loadConfig } from '../config.ts';
import { withApp } from './with-app.ts';
import { WrongUse } from './wrong-use.ts';

export const tokenCommand = defineCommand({
  meta: { description: 'A demo token, alone on the last line: of a member, or of a role' },
  args: {
    handle: { type: 'positional', required: false, description: "The member's handle, with or without @" },
    role: { type: 'enum', options: ['admin', 'analyst'], description: 'A role of nobody in particular' },
  },
  run: async ({ args: { handle, role } }) => {
    if ((handle === undefined) === (role === undefined))
      throw new WrongUse('give a member handle, or --role admin, or --role analyst.');
    const config = loadConfig();
    assertDemo(config);
    process.stdout.write(`${role ? await roleToken(config, role) : await memberToken(config, handle ?? '')}\n`);
  },
});

/** Reading with such a token makes nobody a member. */
export const roleToken = async ({ dataDir }: Config, role: string): Promise<string> => {
  const { openDemoIssuer } = await import('../adapters/identity/index.ts');
  const issuer = await openDemoIssuer(dataDir);
  return issuer.sign({ sub: `role:${role}`, name: `Demo ${role}`, roles: [role] });
};

const memberToken = async ({ dataDir }: Config, given: string): Promise<string> => {
  const handle = given.replace(/^@/, '');
  const member = await withApp({ projections: 'none' }, async ({ people }) => people.byHandle(handle));
  if (!member) throw new Unusable(`Nobody here has the handle "${handle}".`);
  const { openDemoIssuer } = await import('../adapters/identity/index.ts');
  const issuer = await openDemoIssuer(dataDir);
  return issuer.sign({ sub: member.memberId });
};

const assertDemo = ({ isDemo, issuer }: Config) => {
  if (isDemo) return;
  const why = issuer
    ? 'PALABRE_AUTH_ISSUER is set: tokens come from there'
    : 'this is production or a database of your own';
  throw new Unusable(`Demo tokens are only for the embedded database without an identity provider; ${why}.`);
};
