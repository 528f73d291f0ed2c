import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const layers = ['src', 'schema', 'projections'];
const npm = (packages: string) => `^(node_modules/)?(${packages})(/|$)`;

/** Who may know whom. A broken rule says what to do. */
const rules: IForbiddenRuleType[] = [
  {
    name: 'no-cycles',
    comment: 'Move what both need inward.',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'domain-is-pure',
    comment: 'Pass it in as data, or move it outward.',
    from: { path: '^src/domain/', pathNot: '^src/domain/working-days[.]ts$' },
    to: { pathNot: [`^src/domain/`, '^src/core/(event|decider|rejection|catalogue)[.]ts$', npm('zod')] },
  },
  {
    name: 'one-home-for-temporal',
    comment: 'Only working days know the clocks of a place.',
    from: { path: '^src/domain/working-days[.]ts$' },
    to: { pathNot: ['^src/domain/working-week[.]ts$', npm('temporal-polyfill')] },
  },
  {
    name: 'core-knows-no-library',
    comment: 'Define a port in core and implement it in adapters.',
    from: { path: '^src/core/' },
    to: { pathNot: ['^src/core/', npm('zod|uuid'), '^(node:)?(crypto|events|timers)'] },
  },
  {
    name: 'projections-know-facts',
    comment: 'A projection knows events and tables, nothing else.',
    from: { path: '^projections/' },
    to: { pathNot: ['^projections/', '^src/domain/', '^src/core/', npm('kysely')] },
  },
  {
    name: 'processes-order-commands',
    comment: 'A process knows events and commands: what it must look at stands in the log.',
    from: { path: '^src/processes/' },
    to: { pathNot: ['^src/processes/', '^src/domain/', '^src/core/'] },
  },
  {
    name: 'schema-asks-and-executes',
    comment: 'A resolver executes a command, calls a query, or listens.',
    from: { path: '^schema/' },
    to: { path: ['^src/(adapters|app|cli|server|imports|demo)', npm('pg|jose|pino|graphql-yoga')] },
  },
  {
    name: 'adapters-know-core',
    comment: 'An adapter implements a port of core with its library.',
    from: { path: '^src/adapters/' },
    to: { path: ['^src/(app|cli|server|imports|demo)', '^schema/', '^projections/'] },
  },
  {
    name: 'one-home-for-pg',
    comment: 'Ask a projection, or a port of core.',
    from: { path: '.', pathNot: '^src/(adapters/|app)' },
    to: { path: npm('pg|pg-copy-streams|@kurrent'), dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'nobody-knows-the-doors',
    comment: 'The server and the command line are the outermost ring.',
    from: { pathNot: ['^src/cli', '^src/server'] },
    to: { path: ['^src/server', '^src/cli'] },
  },
];

test('modules know only whom they may know, and none was overlooked', async () => {
  const { output } = await cruise(
    layers,
    {
      baseDir: root,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: ['[.]mjs$', '^dist/'] },
      tsPreCompilationDeps: true,
      enhancedResolveOptions: { extensions: ['.ts'] },
      validate: true,
      ruleSet: { forbidden: rules.map((rule) => ({ severity: 'error' as const, ...rule })) },
    },
    {},
    { tsConfig: { options: {} } },
  );
  if (typeof output === 'string') throw new Error(output);
  const found = output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  expect(found).toEqual([]);

  const files = (await Promise.all(layers.map((layer) => readdir(`${root}/${layer}`, { recursive: true })))).flat();
  const written = files.filter((file) => file.endsWith('.ts')).length;
  const seen = output.modules.filter(({ source }) => layers.some((layer) => source.startsWith(`${layer}/`))).length;
  expect(seen).toBeGreaterThanOrEqual(written);
});
