import { buildSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { expect, test } from 'vitest';
import type { Logger } from '../../src/adapters/log-lines.ts';
import { tellDeprecations } from '../../src/server/deprecations.ts';

const schema = buildSchema(`
  type Query {
    title(short: Boolean, brief: Boolean @deprecated(reason: "Use \`short\`. Removal on 2027-04-01.")): String
    name: String @deprecated(reason: "Use \`title\`. Removal on 2027-01-01.")
  }`);

/** Asks a small server, and collects what it logs. */
const open = () => {
  const lines: object[] = [];
  const logger = { warn: (facts: object) => lines.push(facts) } as Pick<Logger, 'warn'> as Logger;
  const yoga = createYoga({ schema, logging: false, plugins: [tellDeprecations(schema, logger)] });
  const ask = (query: string, client?: string) =>
    yoga.fetch('http://palabre.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(client && { 'x-palabre-client': client }) },
      body: JSON.stringify({ query }),
    });
  return { ask, lines };
};

test('who uses what is going to be removed is told so, and until when', async () => {
  const { ask } = open();
  const { headers } = await ask('{ name title(brief: true) }');
  expect(headers.get('x-palabre-deprecated')).toBe('Query.name, Query.title brief');
  expect(headers.get('sunset')).toBe('Fri, 01 Jan 2027 00:00:00 GMT');
  expect(headers.get('deprecation')).toBe(`@${Date.parse('2026-07-05T00:00:00Z') / 1000}`);
});

test('who uses nothing of it hears nothing of it', async () => {
  const { headers } = await open().ask('{ title(short: true) }');
  expect(headers.get('deprecation')).toBeNull();
});

test('uses are counted by client, and a client that says no proper name is an unknown one', async () => {
  const { ask, lines } = open();
  for (let n = 0; n < 10; n++) await ask('{ name }', 'web/1.2');
  await ask('{ name }', 'a{}b');
  await ask('{ title }', 'web/1.2');
  expect(lines).toEqual([
    { client: 'web/1.2', member: 'Query.name', uses: 1 },
    { client: 'web/1.2', member: 'Query.name', uses: 10 },
    { client: 'unknown', member: 'Query.name', uses: 1 },
  ]);
});
