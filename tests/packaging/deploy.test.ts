import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const readme = read('README.md');

/** Variables that a file sets, by name. */
const setIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(/\b((?:PALABRE|DATABASE|KURRENTDB)_[A-Z_]+)(?=[=:])/g)].map(([, name = '']) => name)),
];

test.each(['deploy/Dockerfile', 'deploy/compose.yaml', 'deploy/palabre.service'])(
  '%s sets variables that there are',
  (file) => {
    for (const name of setIn(read(file))) {
      const [, family = '', rest = ''] = /^(PALABRE_[A-Z]+)(_[A-Z_]+)?$/.exec(name) ?? [];
      expect([
        name,
        readme.includes(`\`${name}\``) || (readme.includes(family) && readme.includes(`\`${rest}\``)),
      ]).toEqual([name, true]);
    }
  },
);

test('what they start is there', () => {
  for (const file of ['deploy/Dockerfile', 'deploy/palabre.service'])
    expect(read(file)).toMatch(/src\/palabre\.mjs"?,? "?start/);
  expect(existsSync(new URL('../../src/palabre.mjs', import.meta.url))).toBe(true);
});

test('the variables of the compose file are a configuration that serves others', () => {
  const lines = read('deploy/compose.yaml').split('  palabre:\n')[1] ?? '';
  const variables = Object.fromEntries(
    [...lines.matchAll(/^ {6}([A-Z_]+): "?([^"\n]+)"?$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  expect(Object.keys(variables)).toContain('DATABASE_URL');
  const { PALABRE_MASTER_KEY_FILE: _, ...rest } = variables;
  const config = loadConfig({ ...rest, HOST: '0.0.0.0', NODE_ENV: 'production', PALABRE_MASTER_KEY: '7'.repeat(64) });
  expect(config).toMatchObject({ isDemo: false, isProduction: true, issuer: { audience: 'palabre' } });
});
