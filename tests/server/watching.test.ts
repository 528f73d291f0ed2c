import { context, type Span, type SpanOptions, type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawClient } from '../support/raw-http.ts';
import { openService, type Service } from '../support/service.ts';

/** Notes the spans that are ended: what an SDK would send somewhere. */
const noted: { name: string; parent: string | undefined }[] = [];
const noting = (): TracerProvider => {
  const names = new WeakMap<Span, string>();
  const startSpan = (name: string, _options?: SpanOptions, within = context.active()): Span => {
    const outer = trace.getSpan(within);
    const span = {
      ...trace.wrapSpanContext({ traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }),
      isRecording: () => true,
      setStatus: () => span,
      end: () => void noted.push({ name, parent: outer && names.get(outer) }),
    } as Span;
    names.set(span, name);
    return span;
  };
  const tracer = {
    startSpan,
    startActiveSpan: (name: string, ...rest: unknown[]) => {
      const work = rest.at(-1) as (span: Span) => unknown;
      const span = startSpan(name);
      return context.with(trace.setSpan(context.active(), span), () => work(span));
    },
  } as Tracer;
  return { getTracer: () => tracer };
};

let service: Service;
let token: string;
beforeAll(async () => {
  trace.setGlobalTracerProvider(noting());
  context.setGlobalContextManager(await asyncContexts());
  service = await openService({ PALABRE_METRICS_PORT: '0' });
  token = await service.token('ann');
});
afterAll(async () => {
  await service.close();
  trace.disable();
  context.disable();
});

/** What the SDK's own context manager does. */
const asyncContexts = async () => {
  const { AsyncLocalStorage } = await import('node:async_hooks');
  const { ROOT_CONTEXT } = await import('@opentelemetry/api');
  const storage = new AsyncLocalStorage<typeof ROOT_CONTEXT>();
  const manager: Parameters<typeof context.setGlobalContextManager>[0] = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (given, work, self, ...args) => storage.run(given, () => work.apply(self as never, args)),
    bind: (_, target) => target,
    enable: () => manager,
    disable: () => manager,
  };
  return manager;
};

const send = async (query: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${service.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify({ query }),
  });
  return response.json();
};

test('figures for Prometheus are on a port of their own, and count what happens', async () => {
  await send(
    'mutation { foundCommunity(input: {name: "Seen", slug: "seen", visibility: PUBLIC}) { errors { code } } }',
  );
  await send('{ nothing }');
  await send('{ __typename }', { authorization: '' });
  const page = await (await fetch(service.metricsUrl ?? '')).text();
  const value = (pattern: RegExp) => Number(new RegExp(`^palabre_${pattern.source} (\\S+)$`, 'm').exec(page)?.[1]);
  expect(value(/requests_total\{route="\/graphql",outcome="ok"\}/)).toBe(1);
  expect(value(/requests_total\{route="\/graphql",outcome="GRAPHQL_VALIDATION_FAILED"\}/)).toBe(1);
  expect(value(/requests_total\{route="\/graphql",outcome="UNAUTHENTICATED"\}/)).toBe(1);
  expect(value(/request_seconds_count\{route="\/graphql"\}/)).toBe(3);
  expect(value(/operation_cost_count/)).toBe(2);
  expect(value(/appends_total\{outcome="appended"\}/)).toBeGreaterThanOrEqual(2);
  expect(value(/append_batch_size_sum/)).toBeGreaterThanOrEqual(2);
  expect(value(/append_wait_seconds_count/)).toBeGreaterThanOrEqual(2);
  expect(value(/projection_lag_events\{projection="communities"\}/)).toBe(0);
  expect(value(/webhooks\{state="ACTIVE"\}/)).toBe(0);
  expect(page).not.toContain('Seen');
  expect((await fetch(`${service.url}/metrics`)).status).toBe(404);
});

test('a mutation is one trace, from the request over the append to the read models', () => {
  const spans = noted.map(({ name, parent }) => `${parent ?? ''} > ${name}`);
  expect(spans).toContain(' > POST /graphql');
  expect(spans).toContain('POST /graphql > execute FoundCommunity');
  expect(spans).toContain('execute FoundCommunity > append');
  expect(spans).toContain('append > project communities');
});

test('whoever follows events is a trace of its own, until they leave', async () => {
  const leaving = new AbortController();
  const response = await fetch(`${service.url}/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: leaving.signal,
  });
  expect(response.status).toBe(200);
  leaving.abort();
  await expect.poll(() => noted.map(({ name }) => name)).toContain('GET /events');
});

test('figures are told to names of this machine, and to those that the operator allows', async () => {
  const asked = async (metricsUrl: string, host: string) =>
    Number(
      (await rawClient(metricsUrl, `GET /metrics HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`).closed).slice(
        9,
        12,
      ),
    );
  await using named = await openService({
    PALABRE_METRICS_PORT: '0',
    PALABRE_METRICS_HOSTS: 'palabre,metrics.example.org',
  });
  const url = named.metricsUrl ?? '';
  for (const host of ['127.0.0.1', 'localhost:9464', 'palabre:9464', 'metrics.example.org'])
    expect(await asked(url, host)).toBe(200);
  for (const host of ['evil.example', '10.0.0.7', 'palabre.evil.example']) expect(await asked(url, host)).toBe(421);
});
