import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { toCloudEvent } from '../../schema/cloud-event.ts';
import { eventSchemaOf } from '../../schema/event-schema.ts';
import { readGlobalId } from '../../schema/global-id.ts';
import { createCatalogue } from '../../src/core/catalogue.ts';
import type { StoredEvent } from '../../src/core/event.ts';
import { decodeCursor } from '../../src/core/position.ts';
import { domainEvents } from '../../src/domain/index.ts';
import { upcasts } from '../../src/domain/upcasts.ts';

const publicUrl = 'https://palabre.example';
const identity = { logId: '0198c0de-0000-7000-8000-000000000001', incarnation: 1 };
const folder = new URL('../golden/events/', import.meta.url);
const seal = () => {
  throw new Error('Nothing is sealed here.');
};
const catalogue = createCatalogue(domainEvents, { seal }, upcasts);

const golden = readdirSync(folder).map((file) => {
  const { data } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { data: object };
  const [type = '', version = ''] = file.split('.');
  const stored: StoredEvent = {
    id: '0198c0de-0000-7000-8000-0000000000aa',
    type,
    version: Number(version.slice(1)),
    data,
    stream: 'post-0198c0de-0000-7000-8000-0000000000bb',
    revision: 0,
    position: 7n,
    recordedAt: '2026-11-24T12:00:00.000Z',
    metadata: {
      actor: '0198c0de-0000-7000-8000-0000000000cc',
      occurredAt: '2026-11-24T11:00:00.000Z',
      commandId: '0198c0de-0000-7000-8000-0000000000dd',
      inputHash: '00',
      correlationId: 'c',
      causationId: 'c',
      source: 'NATIVE',
    },
  };
  return { type, event: catalogue.read(stored) ?? expect.fail(`${file} is not declared`) };
});

describe('an event as integrators see it', () => {
  test.each(golden)('$type is a CloudEvent of at most 20 KB with its place in the log', ({ type, event }) => {
    const told = toCloudEvent({ identity, publicUrl }, event);
    expect(told).toMatchObject({
      ...{ specversion: '1.0', id: event.id, time: '2026-11-24T11:00:00.000Z' },
      ...{ type: `io.palabre.${type}`, dataversion: expect.any(Number) },
    });
    expect(decodeCursor(identity, told.position)).toEqual({ position: 7n, eventId: event.id });
    for (const name of Object.keys(told)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(20_000);
  });

  test.each(golden)('$type has data as the schema says that it points to', ({ type, event }) => {
    const { data, dataschema } = toCloudEvent({ identity, publicUrl }, event);
    const schema = eventSchemaOf(publicUrl, type) ?? expect.fail('It has none.');
    expect(schema.$id).toBe(dataschema);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(data)));
    expect(z.fromJSONSchema(JSON.parse(JSON.stringify(schema))).safeParse(data).error).toBeUndefined();
    const [required] = schema.required;
    if (required) expect(z.fromJSONSchema(JSON.parse(JSON.stringify(schema))).safeParse({}).success).toBe(false);
  });

  test.each(golden)(
    '$type has a schema with an example that fits, open at every depth, in which times say that they are',
    ({ type }) => {
      const schema = eventSchemaOf(publicUrl, `io.palabre.${type}`) ?? expect.fail('It has none.');
      expect(schema).toEqual(eventSchemaOf(publicUrl, type));
      expect(JSON.stringify(schema)).not.toContain('additionalProperties');
      const [example] = schema.examples;
      const read = z.fromJSONSchema(JSON.parse(JSON.stringify(schema)));
      expect(read.safeParse(example).error).toBeUndefined();
      expect(Object.keys(example as object)).toEqual(Object.keys(schema.properties));
      const grown = JSON.parse(JSON.stringify(example), (_, value) =>
        value && typeof value === 'object' && !Array.isArray(value) ? { ...value, added: 'later' } : value,
      );
      expect(read.safeParse(grown).error).toBeUndefined();
      const untimed = JSON.stringify(schema.properties).match(
        /"\w+(At|until)":\{(?!"(type":"string","format":"date-time|anyOf":\[\{"type":"string","format":"date-time))/g,
      );
      expect(untimed).toBeNull();
    },
  );

  test.each(golden)('$type tells ids as every door has them, and nothing that anybody typed', ({ event }) => {
    const { data } = toCloudEvent({ identity, publicUrl }, event);
    for (const [name, value] of Object.entries(data)) {
      if (/(Id|By)$/.test(name) && value !== null) expect(readGlobalId(String(value))).not.toBeNull();
      expect(name).not.toMatch(/sealed|hash|name|slug|description|email/i);
    }
  });
});
