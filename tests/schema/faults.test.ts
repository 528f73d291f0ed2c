import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { faultCodes } from '../../src/core/fault-codes.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;

beforeAll(async () => {
  service = await openService();
  ann = await service.as('ann');
});
afterAll(() => service.close());

const FIGURES = `query ($from: DateTime!) { organisation {
  engagement(from: $from, to: "2026-02-01T00:00:00Z") { messages } } }`;
const inline = (from: string) => FIGURES.replace('($from: DateTime!)', '').replace('$from', JSON.stringify(from));

const NO_TIMES = [
  ...['yesterday', '', '2026-01-01', '2026-01-01T00:00:00', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z'],
  ...['2026-01-01T24:00:00Z', '2026-01-01T00:60:00Z', '2026-01-01T00:00:00+24:00', '2026-01-01 00:00:00Z'],
];

test.each(NO_TIMES)('"%s" is no DateTime, in a variable as in the document', async (from) => {
  for (const answer of [await ann.query(FIGURES, { from }), await ann.query(inline(from))]) {
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors?.[0]?.message).toContain('A DateTime is RFC 3339 text');
  }
});

test('a DateTime of any time zone is taken', async () => {
  for (const from of ['2026-01-01T00:00:00.123456+05:30', '2024-02-29T23:59:59z'])
    expect((await ann.query(FIGURES, { from })).errors).toBeUndefined();
});

test.each<[string, object, string]>([
  ['query ($first: Int) { communities(first: $first) { totalCount } }', { first: 'ten' }, 'BAD_USER_INPUT'],
  ['query ($id: ID!) { node(id: $id) { id } }', {}, 'BAD_USER_INPUT'],
  ['query ($id: ID!) { node(id: $id) { id } }', { id: null }, 'BAD_USER_INPUT'],
  ['query ($id: ID!) { node(id: $id) { id } }', { id: { deep: 1 } }, 'BAD_USER_INPUT'],
  ['{ communites { totalCount } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['query ($first: String) { communities(first: $first) { totalCount } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
  ['{ communities { ', {}, 'GRAPHQL_PARSE_FAILED'],
  ['{ communities(first: 0) { totalCount } }', {}, 'PAGE_SIZE_OUT_OF_RANGE'],
])('%s with %j is refused with a code, the id of the request and the position', async (document, variables, code) => {
  for (const id of ['first-try', 'second-try']) {
    const { errors, extensions } = await ann.query(document, variables, { 'x-request-id': id });
    expect(errors?.map((error) => error.extensions)).toEqual([{ code, requestId: id }]);
    expect(JSON.stringify(errors)).not.toMatch(/Did you mean|stack|originalError/);
    expect(extensions?.position).toEqual(expect.any(String));
  }
});

test('no suggestion helps somebody who guesses names', async () => {
  const guesses = [
    ann.query('{ communites { totalCount } }'),
    ann.query('{ community(slugg: "a") { id } }'),
    ann.query('query ($b: Bucket!) { viewer { id @skip(if: true) } organisation { id } }', { b: 'DAYS' }),
    ann.query('mutation ($i: PublishPostInput!) { publishPost(input: $i) { position } }', { i: { titel: 'a' } }),
    ann.query('{ node(id: "a") { ... on Pots { id } } }'),
  ];
  for (const { errors } of await Promise.all(guesses)) {
    expect(errors?.length).toBeGreaterThan(0);
    expect(JSON.stringify(errors)).not.toContain('Did you mean');
  }
});

test('every code that is written anywhere is in the published list', () => {
  const folders = ['src', 'schema'].map((folder) => new URL(`../../${folder}/`, import.meta.url));
  const texts = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => String(name).endsWith('.ts'))
      .map((name) => readFileSync(new URL(String(name), folder), 'utf8')),
  );
  const codes = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:fault\(|CursorError\(|code = |refusal\(\d+, )\s*'([A-Z_]+)'/g)].map(
      ([, code]) => code ?? '',
    ),
  );
  expect(new Set(codes).size).toBeGreaterThan(10);
  // A conflict is told in a payload; it is the one error of rules that is known by its class.
  const unknown = [...new Set(codes)].filter((code) => !Object.hasOwn(faultCodes, code));
  expect(unknown.filter((code) => code !== 'REVISION_CONFLICT')).toEqual([]);
});
