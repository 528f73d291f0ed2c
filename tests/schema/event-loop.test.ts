import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

// What is synchronous can be cut by no time limit: while one request computes, health is answered to nobody.

const MOST_MS = 50;
const DAY = 86_400_000;
/** What an operation may have in a list. */
const LONGEST_LIST = 100;

let service: Service;
let ann: Asker;
/** An id that is there, for each field that names one. */
const ids: Record<string, string> = {};

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test asked for
const made = async (name: string, input: object, answer: string): Promise<any> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${answer} errors { code message } } }`;
  const { data, errors } = await ann.query(query, { input });
  expect(errors).toBeUndefined();
  const payload = (data as Record<string, { errors: object[] }>)[name];
  expect(payload?.errors).toEqual([]);
  return payload;
};

beforeAll(async () => {
  service = await openService({ PALABRE_LIMITS: 'off' });
  ann = await service.as('ann', ['admin', 'member']);
  const { data } = await ann.query('{ viewer { id } }');
  ids.memberId = (data as { viewer: { id: string } }).viewer.id;
  ids.communityId = (await made('foundCommunity', { name: 'Loop', slug: 'loop' }, 'community { id }')).community.id;
  const { communityId } = ids;
  // The worst calendar: a hundred intervals that overlap, a hundred holidays, and what falls due at the end of the horizon.
  await made('defineWorkingCalendar', largest('DefineWorkingCalendarInput'), 'community { id }');
  await made(
    'declareResponsePromise',
    { communityId, firstResponseSeconds: 1, resolutionSeconds: 3_600 },
    'community { id }',
  );
  const post = { communityId, kind: 'QUESTION', title: 'Which spade?', body: 'Heavy soil.' };
  ids.postId = (await made('publishPost', post, 'post { id }')).post.id;
  ids.ofPostId = (await made('publishPost', post, 'post { id }')).post.id;
  const reply = { postId: ids.postId, kind: 'ANSWER', body: 'A fork.' };
  ids.commentId = (await made('publishComment', reply, 'comment { id }')).comment.id;
  ids.draftId = (await made('saveDraft', post, 'draft { id }')).draft.id;
  ids.projectId = (await made('registerProject', { name: 'Orchard' }, 'project { id }')).project.id;
}, 60_000);
afterAll(() => service.close());

/** The last number that a description names before such a word: `1 to 40,000 characters`. */
const most = (description: string, word = ''): number | undefined => {
  const found = [...description.matchAll(new RegExp(`([\\d,]+)${word}`, 'g'))].at(-1)?.[1];
  return found === undefined ? undefined : Number(found.replaceAll(',', ''));
};

const text = (name: string, { description }: GraphQLInputField, n: number): unknown => {
  const said = description ?? '';
  if (name === 'timeZone') return 'Africa/Casablanca';
  if (name === 'from') return `00:${String(n % 60).padStart(2, '0')}`;
  if (name === 'to') return `23:${String(59 - (n % 60)).padStart(2, '0')}`;
  if (name === 'holidays') return new Date(Date.UTC(2026, 0, 1) + 2 * n * DAY).toISOString().slice(0, 10);
  if (name === 'url') return `https://hooks.example.org/${'x'.repeat(300)}`;
  if (/slug|handle/i.test(name)) return `loop-${'x'.repeat(40)}`;
  if (name === 'topics' || name === 'scopes' || name === 'types') return `Topic ${n}`;
  if (name === 'idempotencyKey') return undefined;
  // Letters of several bytes that a normalisation has most to do with.
  return 'ﷺé'.repeat(Math.floor((most(said, ' characters') ?? 300) / 2));
};

const value = (name: string, field: GraphQLInputField, type: GraphQLInputType, n = 0): unknown => {
  if (isNonNullType(type)) return value(name, field, type.ofType, n);
  if (isListType(type)) {
    const length = name === 'holidays' ? LONGEST_LIST : (most(field.description ?? '') ?? LONGEST_LIST);
    return Array.from({ length: Math.min(length, LONGEST_LIST) }, (_, i) => value(name, field, type.ofType, i));
  }
  const named = getNamedType(type);
  if (isInputObjectType(named)) return largest(named.name, n);
  if (isEnumType(named)) return named.getValues()[0]?.name;
  if (named.name === 'ID') return ids[name] ?? ids[name.replace(/s$/, '')] ?? ids.memberId;
  if (named.name === 'DateTime') return new Date(Date.now() + 360 * DAY).toISOString();
  if (named.name === 'Boolean') return true;
  if (named.name === 'Int') return name === 'day' ? (n % 7) + 1 : (most(field.description ?? '') ?? 366 * 86_400);
  if (named.name === 'Float') return 1;
  return text(name, field, n);
};

/** The largest input that a mutation may take. */
const largest = (type: string, n = 0): Record<string, unknown> => {
  const input = schema.getType(type);
  if (!isInputObjectType(input)) return {};
  const entries = Object.entries(input.getFields())
    .filter(([name]) => name !== 'expectedRevision')
    .map(([name, field]) => [name, value(name, field, field.type, n)] as const);
  return Object.fromEntries(entries.filter(([, given]) => given !== undefined));
};

/** Those that end something come last, so that the others find it. */
const ends = ({ name }: { readonly name: string }) =>
  /^(archive|leave|retract|discard|close|delete|revoke|end|unaccept)/.test(name);

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ name, args }) => ({
  name,
  input: getNamedType(args[0]?.type as GraphQLInputType).name,
}));
mutations.sort((a, b) => Number(ends(a)) - Number(ends(b)));

/** How long the loop stood still while a request was answered: the least of several tries, for the machine has other things to do. */
const heldBy = async (name: string, input: string, given: object): Promise<number> => {
  const query = `mutation ($input: ${input}!) { ${name}(input: $input) { errors { code } } }`;
  let least = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 8 && least > MOST_MS / 2; tries++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await ann.query(query, { input: given });
    delay.disable();
    least = Math.min(least, delay.max / 1e6);
  }
  return least;
};

test.each(mutations)('the largest input of $name holds the event loop for less than 50 ms', async ({ name, input }) => {
  expect(await heldBy(name, input, largest(input))).toBeLessThan(MOST_MS);
});
