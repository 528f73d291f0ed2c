import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';
import { atLength } from '../support/at-length.ts';
import { openService, type Service } from '../support/service.ts';
import {
  EARLY,
  makeOrganisation,
  type Organisation,
  PLANTED,
  UNPUBLISHED,
  VIEWERS,
  type ViewerName,
} from '../support/walk/organisation.ts';
import { nodeTypes, type Walked, walk } from '../support/walk/walk.ts';

// Every field of every type is asked by every viewer, from every root, and from every node that an answer named. The walk knows no
// type by name: whatever is added to the schema is walked.

const NAMES = Object.keys(VIEWERS) as ViewerName[];

let service: Service;
let organisation: Organisation;
const walks = new Map<ViewerName, Walked>();
beforeAll(
  async () => {
    service = await openService({ PALABRE_LIMITS: 'off', PALABRE_LIMIT_TOKENS: '1500' });
    organisation = await makeOrganisation(service);
    const { ids, walkers } = organisation;
    for (const name of NAMES) walks.set(name, await walk(walkers[name], { ids, each: atLength(3, 1_000) }));
  },
  atLength(120_000, 1_800_000),
);
afterAll(() => service.close());

const walkOf = (name: ViewerName) => walks.get(name) ?? expect.fail(`Nobody walked as ${name}.`);

describe.each(NAMES)('what %s reaches', (name) => {
  test('by any path, node(id) gives as well', () => {
    expect(walkOf(name).denied.map(({ type, by }) => `${type} by ${by}`)).toEqual([]);
  });

  test('holds no text that is for others', () => {
    const sees: readonly string[] = VIEWERS[name].sees;
    const hidden = [PLANTED, EARLY, UNPUBLISHED].filter((text) => !sees.includes(text));
    const leaks = walkOf(name).texts.filter(({ text }) => hidden.some((one) => text.includes(one)));
    expect(leaks.map(({ text, by }) => `${text} by ${by}`)).toEqual([]);
  });

  test('holds what is for them', () => {
    const { texts } = walkOf(name);
    for (const one of VIEWERS[name].sees)
      expect([one, texts.some(({ text }) => text.includes(one))]).toEqual([one, true]);
  });
});

test('between them the viewers ask for every field of every node that is in the story', () => {
  const reached = new Set(NAMES.flatMap((name) => [...walkOf(name).reached.values()].map(({ type }) => type)));
  const fields = [...reached].flatMap((type) => {
    const of = schema.getType(type);
    return isObjectType(of) ? Object.keys(of.getFields()).map((field) => `${type}.${field}`) : [];
  });
  const asked = new Set(NAMES.flatMap((name) => [...walkOf(name).asked]));
  expect(fields.filter((field) => !asked.has(field))).toEqual([]);
  // What the story has none of has no text of a community: each is named here, and a new type must come into the story.
  const absent = ['Webhook', 'WebhookDelivery', 'MachineKey', 'Project', 'Milestone', 'Objective', 'Expectation'];
  expect([...nodeTypes].filter((type) => !reached.has(type) && !absent.includes(type))).toEqual([]);
});
