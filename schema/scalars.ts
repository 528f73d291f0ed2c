import { GraphQLError, Kind } from 'graphql';
import { builder } from './builder.ts';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

const readDateTime = (value: unknown): Date => {
  const date = typeof value === 'string' && RFC_3339.test(value) ? new Date(value) : null;
  if (!date || Number.isNaN(date.getTime()))
    throw new GraphQLError(
      `A DateTime is RFC 3339 text such as "2026-11-24T12:00:00.000Z", not ${JSON.stringify(value)}.`,
    );
  return date;
};

builder.scalarType('DateTime', {
  description:
    'An instant: RFC 3339 text with a time zone, answered in UTC with milliseconds, such as `2026-11-24T12:00:00.000Z`.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => (value instanceof Date ? value : new Date(value)).toISOString(),
  parseValue: readDateTime,
  parseLiteral: (node) => readDateTime(node.kind === Kind.STRING ? node.value : null),
});

builder.scalarType('Position', {
  description:
    'A place in the log, as opaque text. Send it as `after` to go on from there, or in the header `x-palabre-min-position` to read nothing older.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc4648#section-5',
  serialize: String,
  parseValue: String,
});

builder.scalarType('JSON', {
  description: "An event's data as it is stored. No other field answers free-form JSON.",
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: () => {
    throw new GraphQLError('JSON is never taken as input.');
  },
});
