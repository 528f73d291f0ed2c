import { engagement } from '../projections/engagement/index.ts';
import { openScope, type Scope } from '../projections/engagement/scope.ts';
import {
  type Asked,
  type Cell as CellOf,
  type Computed,
  type Counted,
  countCounted,
  countedEvents,
  type CurvePoint as PointOf,
  type Statistic as StatisticBy,
  statisticOf,
  statistics,
} from '../projections/engagement/statistics/index.ts';
import { assertWindow, type Window, WindowError } from '../projections/engagement/window.ts';
import type { StoredEvent } from '../src/core/event.ts';
import { encodeCursor } from '../src/core/position.ts';
import { builder } from './builder.ts';
import type { Connection } from './connection.ts';
import type { Context } from './context.ts';
import { charged, STATISTIC_POINTS } from './cost.ts';
import { encodePlace, type ListOrder, pageOf } from './cursor.ts';
import { wholeScope } from './engagement.ts';
import { EventConnection } from './events.ts';
import { fault } from './fault.ts';
import { globalId } from './global-id.ts';
import { facilitates, seesAll } from './sight.ts';
import { Community, Organisation } from './types.ts';

/** A figure as it was asked for, and how far into the log it looks. */
type Answered = {
  readonly definition: StatisticBy;
  readonly asked: Asked;
  readonly computed: Computed;
  readonly through: bigint;
  readonly throughPosition: string;
};

const Definition = builder.objectRef<StatisticBy>('StatisticDefinition').implement({
  description: 'What a statistic means. Imported history counts.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'What to ask for it by.' }),
    version: t.exposeInt('version', { description: 'Raised when the definition changes.' }),
    definition: t.exposeString('definition', { description: 'What is counted, in words, with its source.' }),
  }),
});

const CurvePoint = builder.objectRef<PointOf>('SurvivalPoint').implement({
  description: 'A point of a survival curve.',
  fields: (t) => ({
    at: t.exposeInt('at', { description: 'Seconds after the post was opened.' }),
    survival: t.exposeFloat('survival', { description: 'The share that still waits, 0 to 1.' }),
    atRisk: t.exposeInt('atRisk', { description: 'How many posts had waited, or were watched, that long.' }),
  }),
});

const SUPPRESSED = 'Whether it is withheld because it is about too few people; never the same as zero.';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** The global id of what a part is about: `leaders.example` has two for each expectation. */
export const cellSubject = (key: string): string | null => {
  const [id] = UUID.exec(key) ?? [];
  return id === undefined ? null : globalId('Expectation', id);
};

export const StatisticCell = builder.objectRef<CellOf>('StatisticCell').implement({
  description: 'A part of a figure.',
  fields: (t) => ({
    key: t.string({
      description: 'Which part: the definition names them. Ids in it are those of every other field.',
      resolve: ({ key }) => key.replace(UUID, () => cellSubject(key) ?? ''),
    }),
    value: t.exposeFloat('value', { nullable: true, description: 'A count, or numerator ÷ denominator.' }),
    numerator: t.exposeInt('numerator', { nullable: true, description: 'Of a rate; null for a count.' }),
    denominator: t.exposeInt('denominator', { nullable: true, description: 'Of a rate; null for a count.' }),
    suppressed: t.boolean({ description: SUPPRESSED, resolve: ({ suppressed }) => suppressed ?? false }),
  }),
});

const Previous = builder.objectRef<Computed>('PreviousStatistic').implement({
  description: 'The same figure in the window of the same length just before.',
  fields: (t) => ({
    value: t.exposeFloat('value', { nullable: true, description: 'A count, or numerator ÷ denominator.' }),
    numerator: t.exposeInt('numerator', { nullable: true, description: 'Of a rate; null for a count.' }),
    denominator: t.exposeInt('denominator', { nullable: true, description: 'Of a rate; null for a count.' }),
  }),
});

const Statistic = builder.objectRef<Answered>('Statistic').implement({
  description:
    'A figure with all that it takes to trust it: its definition, what it was divided by, and the events counted.',
  fields: (t) => {
    const number = (name: 'value' | 'median' | 'p90', description: string) =>
      t.float({ nullable: true, description, resolve: ({ computed }) => told(computed)[name] });
    const count = (name: 'numerator' | 'denominator', description: string) =>
      t.int({ nullable: true, description, resolve: ({ computed }) => told(computed)[name] });
    return {
      key: t.string({ description: 'Which statistic it is.', resolve: ({ definition }) => definition.key }),
      version: t.int({ description: 'Of the definition.', resolve: ({ definition }) => definition.version }),
      definition: t.string({
        description: 'What is counted, in words.',
        resolve: ({ definition }) => definition.definition,
      }),
      value: number(
        'value',
        'A count, or numerator ÷ denominator, or what the definition says; null where there is none.',
      ),
      numerator: count('numerator', 'Of a rate: how many of the denominator.'),
      denominator: count('denominator', 'Of a rate: of how many.'),
      median: number('median', 'In seconds; null when it was not reached.'),
      p90: number('p90', 'In seconds; null when it was not reached.'),
      curve: t.field({
        type: [CurvePoint],
        description: 'Of a response time: how many still wait after each time. Empty for other figures.',
        resolve: ({ computed }) => told(computed).curve,
      }),
      cells: t.field({
        type: [StatisticCell],
        description: 'The parts of a figure that has parts.',
        resolve: ({ computed }) => computed.cells,
      }),
      suppressed: t.boolean({ description: SUPPRESSED, resolve: ({ computed }) => computed.suppressed ?? false }),
      throughPosition: t.field({
        type: 'Position',
        description: 'How far into the log it looks: the same position gives the same figure.',
        resolve: ({ throughPosition }) => throughPosition,
      }),
      previous: t.field({
        ...charged({ points: STATISTIC_POINTS }),
        type: Previous,
        nullable: true,
        description: 'The window of the same length just before, for comparison.',
        resolve: ({ definition, asked }, _, context) => previousOf(definition, asked, context),
      }),
      events: t.field({
        type: EventConnection,
        authScopes: { may: ['figures:read', 'events:read'] },
        nullable: true,
        description:
          "What was counted: one event for each thing in the numerator, or in a count. For analysts and admins; of a community's figure for its facilitators too.",
        args: {
          first: t.arg.int({ description: 'How many events: 1 to 100, 20 unless given.' }),
          after: t.arg.string({ description: 'Only events after this cursor.' }),
        },
        resolve: (answered, { first, after }, context) => eventsOf(answered, { first, after }, context),
      }),
    };
  },
});

/** Of a figure that is withheld nothing is told that could be taken for a number of it. */
const told = (computed: Computed): Computed =>
  computed.suppressed
    ? { ...computed, value: null, numerator: null, denominator: null, median: null, p90: null, curve: [] }
    : computed;

/** Computes in one transaction, so that all of them look equally far into the log. */
const compute = async (
  context: Context,
  scope: Scope,
  keys: readonly string[],
  { from, to }: Window,
): Promise<readonly Answered[]> => {
  const wanted = keys.map(known);
  const window = valid({ from, to });
  return context.read.snapshot(engagement, async (db, at, recordedAt) => {
    const asked = { scope: await openScope(db, scope), window, until: earlier(window.to, recordedAt) };
    const throughPosition = encodeCursor(context.log.identity, at);
    const answers: Answered[] = [];
    for (const definition of wanted) {
      const computed = await definition.compute(db, asked);
      answers.push({ definition, asked, computed, through: at.position, throughPosition });
    }
    return answers;
  });
};

const earlier = (to: Date, recordedAt: Date | null) => (recordedAt !== null && recordedAt < to ? recordedAt : to);

const known = (key: string): StatisticBy => {
  const statistic = statisticOf(key);
  if (statistic) return statistic;
  const keys = statistics.map((one) => one.key).join(', ');
  throw fault('BAD_USER_INPUT', `There is no statistic ${JSON.stringify(key.slice(0, 80))}: there are ${keys}.`);
};

const valid = (window: Window): Window => {
  try {
    assertWindow(window);
    return window;
  } catch (error) {
    throw error instanceof WindowError ? fault('WINDOW_INVALID', error.message) : error;
  }
};

const previousOf = async ({ key }: StatisticBy, { scope, window }: Asked, context: Context) => {
  const before = { from: new Date(2 * window.from.getTime() - window.to.getTime()), to: window.from };
  const [answered] = await compute(context, scope, [key], before);
  return answered ? told(answered.computed) : null;
};

const byPosition = (of: string): ListOrder => ({ name: 'counted', of, parts: ['position'] });

const eventsOf = async (
  { definition, asked, computed, through }: Answered,
  { first, after }: { first?: number | null | undefined; after?: string | null | undefined },
  context: Context,
): Promise<Connection<StoredEvent>> => {
  if (!(await seesCounted(asked.scope, context)))
    throw fault(
      'FORBIDDEN',
      "What a figure counted is shown to analysts and admins, and of a community's figure to its facilitators: a part of it would mislead.",
    );
  if (computed.suppressed)
    throw fault('FORBIDDEN', 'This figure is withheld, for it is about too few people: so is what it counted.');
  const order = byPosition(context.log.identity.logId);
  const page = pageOf(order, { first, after });
  const [behind] = page.after ?? [0n];
  const size = page.size + 1;
  const found = await context.read.snapshot(engagement, (db) =>
    countedEvents(db, definition, asked, { after: behind as bigint, size }),
  );
  const events = await Promise.all(
    found
      .filter(({ position }) => position <= through)
      .slice(0, page.size)
      .map(readEvent(context)),
  );
  return {
    edges: events.map((event) => ({ node: event, cursor: () => encodePlace(order, [event.position]) })),
    hasNextPage: found.length > page.size,
    hasPreviousPage: after != null,
    count: () => context.read.snapshot(engagement, (db) => countCounted(db, definition, asked)),
  };
};

/** Whoever sees all of it: never a part. */
const seesCounted = async (scope: Scope, context: Context): Promise<boolean> =>
  seesAll(context.viewer) || ('communityId' in scope && (await facilitates(context, scope.communityId)));

const readEvent =
  ({ log }: Context) =>
  async ({ position, stream }: Counted): Promise<StoredEvent> => {
    const event = (await log.readStream(stream)).find((one) => one.position === position);
    if (!event) throw new Error(`The stream ${stream} has no event at position ${position}.`);
    return event;
  };

builder.queryField('statisticCatalogue', (t) =>
  t.field({
    type: [Definition],
    nullable: true,
    authScopes: { may: 'figures:read' },
    description: 'Every statistic that can be asked for, with its definition.',
    resolve: () => statistics,
  }),
);

const chargedByKey = charged({
  points: ({ keys }) => STATISTIC_POINTS * lengthOf(keys),
  times: ({ keys }) => lengthOf(keys),
});
const lengthOf = (keys: unknown) => (Array.isArray(keys) ? keys.length : 1);

const KEYS = 'Which statistics, by their keys in `statisticCatalogue`: at most 100.';
const FROM = 'Where the window begins, inclusive.';
const TO = 'Where the window ends, exclusive: after `from`, at most 50 years later.';

builder.objectField(Community, 'statistics', (t) =>
  t.field({
    ...chargedByKey,
    type: [Statistic],
    nullable: true,
    description:
      'Figures of the community in a window, in the order of the keys. Null where the window or a key is refused.',
    args: {
      keys: t.arg.stringList({ required: true, description: KEYS }),
      from: t.arg({ type: 'DateTime', required: true, description: FROM }),
      to: t.arg({ type: 'DateTime', required: true, description: TO }),
    },
    resolve: ({ id }, { keys, ...window }, context) => compute(context, { communityId: id }, keys, window),
  }),
);

builder.objectField(Organisation, 'statistics', (t) =>
  t.field({
    ...chargedByKey,
    type: [Statistic],
    nullable: true,
    description:
      'Figures of the organisation in a window, in the order of the keys; to those who do not see everything, without private communities. Null where the window or a key is refused.',
    args: {
      keys: t.arg.stringList({ required: true, description: KEYS }),
      from: t.arg({ type: 'DateTime', required: true, description: FROM }),
      to: t.arg({ type: 'DateTime', required: true, description: TO }),
    },
    resolve: async (_, { keys, ...window }, context) => compute(context, await wholeScope(context), keys, window),
  }),
);
