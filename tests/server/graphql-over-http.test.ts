import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openService, type Service } from '../support/service.ts';

let service: Service;
let token: string;

beforeAll(async () => {
  service = await openService();
  token = await service.token('ann');
});
afterAll(() => service.close());

/** A query by GET, with its text in the address: we take documents by GET only by their id. */
const NOT_OFFERED = /^MAY .*(GET|application\/x-www-form-urlencoded)/;

const audits = serverAudits({
  url: () => `${service.url}/graphql`,
  fetchFn: (url: string, init: RequestInit = {}) =>
    fetch(url, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${token}` },
    }),
});

test('all audits of GraphQL over HTTP are asked', () => {
  expect(audits.length).toBeGreaterThanOrEqual(61);
});

test.each(audits.map(({ name, fn }) => [name, fn] as const))('%s', async (name, fn) => {
  const result = await fn();
  const reason = 'reason' in result ? result.reason : '';
  if (NOT_OFFERED.test(name)) expect(['ok', 'notice']).toContain(result.status);
  else expect(`${result.status} ${reason}`).toBe('ok ');
});
