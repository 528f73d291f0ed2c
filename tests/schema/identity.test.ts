import { isNonNullType, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../schema/index.ts';

/**
 * What has no id, and why none is missing: it is one with what it stands in, or another one for other arguments.
 * Everything else must be told apart in a client's cache.
 */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'a root': ['Query', 'Mutation', 'Subscription'],
  'a page of a list': ['PageInfo'],
  'another one for other arguments': [
    'EngagementFigures',
    'EngagementPoint',
    'OrganisationTotals',
    'PreviousStatistic',
    'Statistic',
    'StatisticCell',
    'SurvivalPoint',
    'TopContributor',
    'CommunityActivity',
    'Activity',
  ],
  'one with what it stands in': [
    'Audience',
    'ExpectationMeasure',
    'PromisePolicy',
    'PublicationFailure',
    'ScheduledEarlyAccess',
    'WorkingCalendar',
    'WorkingHours',
  ],
  'a definition, known by its key': ['StatisticDefinition'],
  'a delivery or an event, known by its cursor or position': ['Event', 'PostPublication', 'PromiseTransitionDelivery'],
  'an error': ['Conflict', 'Rejection'],
};

const types = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .filter(({ name }) => !name.startsWith('__'));
const isPart = (name: string) => /(Payload|Connection|Edge)$/.test(name);

test('every type has an id, or a reason to have none', () => {
  const values = Object.values(VALUES).flat();
  const without = types
    .filter((type) => !isPart(type.name) && type.getFields().id === undefined)
    .map(({ name }) => name)
    .filter((name) => !values.includes(name));
  expect(without).toEqual([]);
  expect(
    values.filter((name) => !types.some((type) => type.name === name && type.getFields().id === undefined)),
  ).toEqual([]);
});

test('an id is never null, and depends on no argument', () => {
  for (const type of types) {
    const { id } = type.getFields();
    if (!id) continue;
    expect([type.name, isNonNullType(id.type), id.args.length]).toEqual([type.name, true, 0]);
  }
});
