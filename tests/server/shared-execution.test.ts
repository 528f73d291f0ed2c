import { buildSchema, type ExecutionResult, parse } from 'graphql';
import { expect, test } from 'vitest';
import { scopesOf } from '../../src/core/scopes.ts';
import type { Role, Viewer } from '../../src/core/viewer.ts';
import { shareExecutions } from '../../src/server/shared-execution.ts';

const viewer = (memberId: string, ...roles: Role[]): Viewer => ({
  memberId,
  kind: 'MEMBER',
  keyId: null,
  roles: new Set(roles),
  scopes: scopesOf(new Set(roles), null),
  expiresAt: null,
  account: 'somebody',
  actor: async () => ({ memberId, kind: 'MEMBER', isAdmin: false }),
});

/** Everybody is given the same two things; each look at a title is counted. */
const openDoor = () => {
  const looks: string[] = [];
  const things = [{ name: 'first' }, { name: 'second' }];
  type Context = { viewer: Viewer };
  const payloads = things.map(({ name }) => ({
    thing: {
      title: ({ loud }: { loud?: boolean }) => {
        looks.push(name);
        return loud ? name.toUpperCase() : name;
      },
      own: (_: unknown, context: Context) => context.viewer.memberId,
      seesAll: (_: unknown, context: Context) => context.viewer.roles.has('ADMIN'),
    },
  }));
  const schema = buildSchema(`
    type Query { nothing: String }
    type Thing { title(loud: Boolean): String own: String seesAll: Boolean }
    type Subscription { thing(after: Int): Thing }`);
  const field = schema.getSubscriptionType()?.getFields().thing;
  if (field)
    field.subscribe = async function* () {
      yield* payloads;
    };
  let subscribe: ((args: object) => Promise<AsyncIterable<ExecutionResult>>) | undefined;
  const documents = new Map<string, ReturnType<typeof parse>>();
  shareExecutions().onSubscribe?.({
    setSubscribeFn: (shared: typeof subscribe) => {
      subscribe = shared;
    },
  } as never);

  const follow = async (asker: Viewer, query: string, variableValues: object = {}) => {
    const document = documents.get(query) ?? parse(query);
    documents.set(query, document);
    const answers = await subscribe?.({ schema, document, variableValues, contextValue: { viewer: asker } });
    const taken: unknown[] = [];
    for await (const { data, errors } of answers ?? []) taken.push(errors ?? data?.thing);
    return taken;
  };
  return { follow, looks };
};

test('subscribers with the same document, variables and rights are answered by one execution', async () => {
  const { follow, looks } = openDoor();
  const query = 'subscription ($after: Int) { thing(after: $after) { title } }';
  const all = await Promise.all(
    ['ann', 'bob', 'cy'].map((name, after) => follow(viewer(name, 'MEMBER'), query, { after })),
  );
  for (const answers of all) expect(answers).toEqual([{ title: 'first' }, { title: 'second' }]);
  expect(looks).toEqual(['first', 'second']);
});

test('an answer that depends on who asks is nobody else’s', async () => {
  const { follow, looks } = openDoor();
  const query = 'subscription { thing { title own } }';
  const all = await Promise.all(['ann', 'bob', 'cy'].map((name) => follow(viewer(name, 'MEMBER'), query)));
  for (const [i, name] of ['ann', 'bob', 'cy'].entries())
    expect(all[i]).toEqual([
      { title: 'first', own: name },
      { title: 'second', own: name },
    ]);
  expect(looks).toHaveLength(6);
});

test('other rights and other variables are answered apart', async () => {
  const { follow } = openDoor();
  const query = 'subscription ($loud: Boolean) { thing { title(loud: $loud) seesAll } }';
  const [member, admin, loud] = await Promise.all([
    follow(viewer('ann', 'MEMBER'), query),
    follow(viewer('bob', 'MEMBER', 'ADMIN'), query),
    follow(viewer('cy', 'MEMBER'), query, { loud: true }),
  ]);
  expect(member?.[0]).toEqual({ title: 'first', seesAll: false });
  expect(admin?.[0]).toEqual({ title: 'first', seesAll: true });
  expect(loud?.[0]).toEqual({ title: 'FIRST', seesAll: false });
});

test('fragments count among what an answer depends on', async () => {
  const { follow } = openDoor();
  const query = 'subscription ($loud: Boolean) { thing { ...Shown } } fragment Shown on Thing { title(loud: $loud) }';
  const all = await Promise.all([false, true].map((loud) => follow(viewer('ann', 'MEMBER'), query, { loud })));
  expect(all.map((answers) => answers[0])).toEqual([{ title: 'first' }, { title: 'FIRST' }]);
});
