import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const guide = new URL('../../schema/live.md', import.meta.url);

test('the guide shows the clients that the tests run', () => {
  const shown = [...readFileSync(guide, 'utf8').matchAll(/^\[[^\n]+\]\(([^\n]+)\)\n```ts\n(.*?)^```$/gms)];
  expect(shown.map(([, path = '']) => path.split('/').at(-1))).toEqual([
    'resumed.ts',
    'graphql-ws.ts',
    'graphql-sse.ts',
    'apollo.ts',
    'urql.ts',
  ]);
  for (const [, path = '', text] of shown) expect(text).toBe(readFileSync(new URL(path, guide), 'utf8'));
});
