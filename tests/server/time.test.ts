import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openService, type Service } from '../support/service.ts';

let service: Service;
let token: string;
let other: pg.Client;

beforeAll(async () => {
  service = await openService({ PALABRE_LIMIT_STATEMENT_MS: '400', PALABRE_LIMIT_EXECUTION_MS: '1500' });
  token = await service.token('ann');
  other = new pg.Client(service.app.database);
  await other.connect();
  expect((await send('{ viewer { id } }')).status).toBe(200);
});
afterAll(async () => {
  await other.end();
  await service.close();
});
afterEach(async () => {
  await other.query('rollback');
  expect((await send('{ communities { nodes { id } } }')).status).toBe(200);
});

const send = async (query: string) => {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await response.json()) as { errors?: { message: string; extensions: Record<string, unknown> }[] };
  return { status: response.status, error: errors?.[0] };
};

const lock = async (table: string) => {
  await other.query('begin');
  await other.query(`lock table ${table} in access exclusive mode`);
};

test('a statement that the database does not finish is given up', async () => {
  await lock(`"${service.app.readModels.schemaOf('communities')}".communities`);
  const { status, error } = await send('{ communities { nodes { id } } }');
  expect(status).toBe(503);
  expect(error?.extensions.code).toBe('TIMEOUT');
  expect(error?.message).toContain('STATEMENT_MS');
});

test('an operation that takes too long is answered all the same, and may be repeated with its key', async () => {
  await lock('palabre_log.head');
  const mutation = (slug: string) => `mutation {
    foundCommunity(input: {name: "Late", slug: "${slug}", visibility: PUBLIC, idempotencyKey: "late"}) { errors { code } }
  }`;
  const { status, error } = await send(mutation('late'));
  expect(status).toBe(503);
  expect(error?.extensions).toMatchObject({ code: 'TIMEOUT', limit: { name: 'EXECUTION_MS', max: 1_500 } });
  await other.query('rollback');
  expect(await send(mutation('late'))).toEqual({ status: 200, error: undefined });
});
