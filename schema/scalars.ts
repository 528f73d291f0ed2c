import { Kind } from 'graphql';
import { builder } from './builder.ts';
import { fault } from './fault.ts';

const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;
const SHOWN = 60;

const readDateTime = (value: unknown): Date => {
  const [, year, month, day] = (typeof value === 'string' && RFC_3339.exec(value)) || [];
  const date = isDay(Number(year), Number(month), Number(day)) ? new Date(String(value)) : null;
  if (date && !Number.isNaN(date.getTime())) return date;
  const shown = JSON.stringify(value)?.slice(0, SHOWN);
  throw fault('BAD_USER_INPUT', `A DateTime is RFC 3339 text such as "2026-11-24T12:00:00.000Z", not ${shown}.`);
};

/** JavaScript would take 30 February for 2 March. */
const isDay = (year: number, month: number, day: number) =>
  year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();

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
    throw fault('BAD_USER_INPUT', 'JSON is never taken as input.');
  },
});
