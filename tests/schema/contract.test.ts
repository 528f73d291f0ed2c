import { readdirSync, readFileSync } from 'node:fs';
import {
  type GraphQLArgument,
  type GraphQLFieldMap,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { PART_ID } from '../../schema/global-id.ts';
import { schema } from '../../schema/index.ts';
import { userErrorCodes } from '../../schema/user-error.ts';
import { commands } from '../../src/domain/index.ts';

const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
const rootFields = roots.flatMap((root) => Object.values(root?.getFields() ?? {}));
const own = types.filter((type) => !isScalarType(type) || !isSpecifiedScalarType(type));

/** Mutations of what is kept beside the log: they execute no command of the domain. */
const BESIDE_THE_LOG = [
  'createMachineKey',
  'rotateMachineKey',
  'revokeMachineKey',
  'createWebhook',
  'rotateWebhookSecret',
  'enableWebhook',
  'deleteWebhook',
  'replayWebhook',
];

describe('the contract', () => {
  test('every type, field, argument, enum value and input field says what it is for', () => {
    const described = own.flatMap((type): [string, string | null | undefined][] => {
      const fields = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? type.getFields() : {};
      return [
        [type.name, type.description],
        ...Object.values(fields).flatMap((field): [string, string | null | undefined][] => [
          [`${type.name}.${field.name}`, field.description],
          ...('args' in field ? field.args : []).map(
            (argument: GraphQLArgument): [string, string | null | undefined] => [
              `${type.name}.${field.name}(${argument.name})`,
              argument.description,
            ],
          ),
        ]),
        ...(isEnumType(type) ? type.getValues() : []).map((value): [string, string | null | undefined] => [
          `${type.name}.${value.name}`,
          value.description,
        ]),
      ];
    });
    expect(described.length).toBeGreaterThan(300);
    const poor = described.filter(([, description]) => (description?.trim() ?? '').split(/\s+/).length < 2);
    expect(poor).toEqual([]);
  });

  test('every scalar of ours names its specification', () => {
    const unspecified = own.filter((type) => isScalarType(type) && !type.specifiedByURL);
    expect(unspecified).toEqual([]);
  });

  test('whatever has an id is a node, or a part of one that says so', () => {
    const withId = types
      .filter(isObjectType)
      .filter((type) => type.getFields().id && type.getFields().id?.description !== PART_ID);
    expect(withId.map(({ name }) => name)).toEqual(expect.arrayContaining(['Community', 'Post', 'Webhook']));
    for (const type of withId) expect(type.getInterfaces().map(({ name }) => name)).toContain('Node');
  });

  test('root fields are nullable, so that one failure does not take the others with it', () => {
    expect(rootFields.filter(({ type }) => isNonNullType(type))).toEqual([]);
  });

  test('every connection has edges, nodes, pageInfo and totalCount, and every list takes the same arguments', () => {
    const connections = types.filter(isObjectType).filter(({ name }) => name.endsWith('Connection'));
    for (const connection of connections)
      expect(Object.keys(connection.getFields()).sort()).toEqual(['edges', 'nodes', 'pageInfo', 'totalCount']);
    const lists = types
      .filter(isObjectType)
      .flatMap((type) => Object.values(type.getFields() as GraphQLFieldMap<unknown, unknown>))
      .filter(({ type, name }) => String(type).replace('!', '').endsWith('Connection') && name !== 'events');
    expect(lists.length).toBeGreaterThan(7);
    for (const { args } of lists)
      expect(args.map(({ name }) => name)).toEqual(expect.arrayContaining(['first', 'after', 'last', 'before']));
  });

  test('each command of people is a mutation with one input, a payload with errors and position', () => {
    const { registerMember: _, linkLogin: __, ...asked } = commands;
    const mutations = schema.getMutationType()?.getFields() ?? {};
    expect(Object.keys(mutations).sort()).toEqual([...Object.keys(asked), ...BESIDE_THE_LOG].sort());
    for (const { args, type } of Object.values(mutations)) {
      expect(args.map(({ name }) => name)).toEqual(['input']);
      const input = schema.getType(String(args[0]?.type).replace('!', ''));
      expect(isInputObjectType(input) && Object.keys(input.getFields())).toContain('idempotencyKey');
      expect(isObjectType(type) && Object.keys(type.getFields())).toEqual(
        expect.arrayContaining(['errors', 'position']),
      );
    }
  });

  test('JSON stands in the events alone', () => {
    const free = types
      .filter((type) => isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
      .flatMap((type) =>
        Object.values(type.getFields()).map(({ name, type: of }) => [`${type.name}.${name}`, String(of)]),
      )
      .filter(([, of]) => of?.replace('!', '') === 'JSON');
    expect(free).toEqual([['Event.data', 'JSON!']]);
  });

  test('every code with which a rule refuses is in the published list', () => {
    const sources = ['src/domain', 'src/core'].flatMap((folder) =>
      readdirSync(new URL(`../../${folder}`, import.meta.url))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8')),
    );
    const codes = sources.flatMap((text) =>
      [...text.matchAll(/new Rejection\(\s*'([A-Z_]+)'/g)].map(([, code]) => code),
    );
    expect(new Set(codes).size).toBeGreaterThan(12);
    expect([...new Set(codes)].filter((code) => !Object.hasOwn(userErrorCodes, code ?? ''))).toEqual([]);
  });

  test('the operations in the tabs of GraphiQL fit the schema', () => {
    const folder = new URL('../../src/examples/', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
    expect(files.length).toBeGreaterThan(0);
    for (const file of files)
      expect([file, validate(schema, parse(readFileSync(new URL(file, folder), 'utf8')))]).toEqual([file, []]);
  });

  test('every root field names the scope that it asks for', () => {
    const open = rootFields.filter(
      ({ extensions }) => !(extensions.pothosOptions as { authScopes?: object } | undefined)?.authScopes,
    );
    expect(open.map(({ name }) => name)).toEqual([]);
  });
});
