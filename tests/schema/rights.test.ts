import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { type Scope, scopes } from '../../src/core/scopes.ts';
import { FoundCommunityDocument, PublishPostDocument } from '../support/operations/typed/graphql.ts';
import { type Answer, type Asker, openService, type Service } from '../support/service.ts';

type Operation = 'query' | 'mutation' | 'subscription';
type Field = GraphQLField<unknown, unknown>;

const roots: readonly (readonly [Operation, Field])[] = [
  ...Object.values(schema.getQueryType()?.getFields() ?? {}).map((field) => ['query', field] as const),
  ...Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => ['mutation', field] as const),
  ...Object.values(schema.getSubscriptionType()?.getFields() ?? {}).map((field) => ['subscription', field] as const),
];

/** What a test is called by: a field itself is a whole schema when it is printed. */
const names = roots.map(([operation, { name }]) => [operation, name] as const);

const fieldOf = (operation: Operation, name: string): Field =>
  roots.find(([of, field]) => of === operation && field.name === name)?.[1] ?? expect.fail(`There is no ${name}.`);

/** The scopes of which a field asks for one. */
const scopesOf = ({ extensions }: Field): readonly Scope[] =>
  [(extensions.pothosOptions as { authScopes?: { may?: Scope | Scope[] } }).authScopes?.may ?? []].flat();

const samples: Readonly<Record<string, unknown>> = {
  ID: 'AQT',
  String: 'x',
  Int: 1,
  Float: 1,
  Boolean: true,
  DateTime: '2026-01-01T00:00:00Z',
};

/** A value that fits a type, with what it must have and no more. */
const sampleOf = (type: GraphQLInputType): unknown => {
  if (isNonNullType(type)) return sampleOf(type.ofType);
  if (isListType(type)) return [sampleOf(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return samples[type.name] ?? expect.fail(`No sample of ${type.name}`);
  const needed = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
  return Object.fromEntries(needed.map((field) => [field.name, sampleOf(field.type)]));
};

/** The smallest document that asks for a root field. */
const documentOf = (operation: Operation, { name, args, type }: Field) => {
  const needed = args.filter((argument) => isNonNullType(argument.type));
  const declared = needed.map((argument) => `$${argument.name}: ${argument.type}`).join(', ');
  const passed = needed.map((argument) => `${argument.name}: $${argument.name}`).join(', ');
  const selection = isLeafType(getNamedType(type)) ? '' : '{ __typename }';
  return {
    document: `${operation} ${needed.length > 0 ? `(${declared})` : ''} { ${name}${needed.length > 0 ? `(${passed})` : ''} ${selection} }`,
    variables: Object.fromEntries(needed.map((argument) => [argument.name, sampleOf(argument.type)])),
  };
};

const EVERYBODY = ['member', 'analyst', 'admin'];

let service: Service;
beforeAll(async () => {
  // Hundreds of requests in a row, many of them without a token: the limits are tested elsewhere.
  service = await openService({ PALABRE_LIMITS: 'off' });
  // A login becomes a member at its first request: that is told once, here.
  await (await service.as('root', EVERYBODY)).query('{ __typename }');
});
afterAll(() => service.close());

const askers = new Map<string, Promise<Asker>>();

/** Somebody with every role, and a token that is for these scopes. */
const askerFor = (scope: string): Promise<Asker> => {
  const asker = askers.get(scope) ?? service.as('root', EVERYBODY, { scope });
  askers.set(scope, asker);
  return asker;
};

/** What somebody with these scopes is answered. */
const askWith = async (scope: string, operation: Operation, field: Field): Promise<Answer<unknown>> => {
  const asker = await askerFor(scope);
  const { document, variables } = documentOf(operation, field);
  if (operation !== 'subscription') return asker.query(document, variables);
  for await (const answer of asker.subscribeTo(document, variables)) return answer;
  return expect.fail('The subscription ended without a word.');
};

const codesOf = ({ errors = [] }: Answer<unknown>) => errors.map(({ extensions }) => extensions.code);

describe('every root field', () => {
  test('asks for a scope of the published list', () => {
    expect(roots.length).toBeGreaterThan(30);
    for (const [, field] of roots) {
      expect([field.name, scopesOf(field).length]).not.toEqual([field.name, 0]);
      for (const scope of scopesOf(field)) expect(Object.keys(scopes)).toContain(scope);
    }
  });

  test.each(names)(
    '%s %s is refused to a token that is for everything else, and nothing happens',
    async (operation, name) => {
      const field = fieldOf(operation, name);
      const others = Object.keys(scopes).filter((scope) => !scopesOf(field).includes(scope as Scope));
      const before = await service.app.log.head();
      for (const scope of ['', 'openid profile', others.join(' ')]) {
        const answer = await askWith(scope, operation, field);
        expect(codesOf(answer)).toEqual(['FORBIDDEN']);
        expect(answer.data?.[field.name as never] ?? null).toBeNull();
      }
      expect(await service.app.log.head()).toEqual(before);
    },
  );

  test.each(names)('%s %s is open to a token that is for it alone', async (operation, name) => {
    const field = fieldOf(operation, name);
    for (const scope of scopesOf(field))
      expect(codesOf(await askWith(scope, operation, field))).not.toContain('FORBIDDEN');
  });

  test.each([
    ['no token', 'Bearer', {}],
    ['a token that proves nothing', 'Bearer error="invalid_token"', { authorization: 'Bearer a.b.c' }],
  ])('is refused to %s', async (_, challenge, headers) => {
    for (const [operation, field] of roots) {
      const { document: query, variables } = documentOf(operation, field);
      const response = await fetch(service.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await response.json()) as Answer<unknown>;
      expect([field.name, response.status, codesOf(answer)]).toEqual([field.name, 401, ['UNAUTHENTICATED']]);
      expect(response.headers.get('www-authenticate')).toBe(challenge);
    }
  });
});

test('lists and figures that are reached through something else ask for the scope of what they hold', () => {
  const within = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !['Query', 'Post', 'Comment'].includes(name) && !name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field] as const))
    .filter(([, { type }]) => /Connection!?$|^\[?EngagementPoint|^EngagementFigures$/.test(String(type)));
  expect(within.length).toBeGreaterThan(6);
  expect(within.filter(([, field]) => scopesOf(field).length === 0).map(([name]) => name)).toEqual([]);
});

test('an id is good for no more than the root field of its type is', async () => {
  const ann = await service.as('ann');
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: 'Rights', slug: 'rights' } });
  const communityId = data.foundCommunity?.community?.id ?? '';
  const { data: posted } = await ann.ask(PublishPostDocument, {
    input: { communityId, kind: 'DISCUSSION', title: 'Rights', body: 'Rights' },
  });
  const ids = [communityId, posted.publishPost?.post?.id];
  const reader = await service.as('ann', ['member'], { scope: 'communities:read' });
  const { data: read, errors } = await reader.query('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }', {
    ids,
  });
  expect(read).toEqual({ nodes: [{ __typename: 'Community' }, null] });
  expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([[['nodes', 1], 'FORBIDDEN']]);
});

describe('a login', () => {
  const WHO = '{ viewer { id handle } }';
  const whoIs = async (sub: string, claims: Record<string, unknown>) => {
    const { data } = await (await service.as(sub, ['member'], claims)).query(WHO);
    return (data as { viewer: { id: string; handle: string } }).viewer;
  };
  const imported = async (name: string) => {
    const { registerMember } = await import('../../src/domain/member.ts');
    const person = { memberId: crypto.randomUUID(), name, handle: name, email: `${name}@belorme.example`, login: null };
    const actor = { memberId: 'system', kind: 'SYSTEM', isAdmin: true } as const;
    await service.app.execute(registerMember, person, { actor });
    return person;
  };

  test('becomes the imported person whose verified address it brings', async () => {
    const { handle, email } = await imported('ines');
    const first = await whoIs('sub-of-ines', { email: email.toUpperCase(), email_verified: true });
    expect(first.handle).toBe(handle);
    expect(await whoIs('sub-of-ines', {})).toEqual(first);
  });

  test.each([false, undefined, 'true', 1])(
    'with an address of which the issuer says "%s" becomes somebody else',
    async (verified) => {
      const { handle, email } = await imported(`jo-${verified}`);
      const other = await whoIs(`attacker ${verified}`, {
        email,
        email_verified: verified,
        preferred_username: handle,
      });
      expect(other.handle).not.toBe(handle);
    },
  );

  test('to whom the address of a person with another login was given becomes somebody else', async () => {
    const { email } = await imported('kim');
    const first = await whoIs('sub-of-kim', { email, email_verified: true });
    const second = await whoIs('successor of kim', { email, email_verified: true });
    expect(second.id).not.toBe(first.id);
    expect(await whoIs('sub-of-kim', { email, email_verified: true })).toEqual(first);
  });
});
