import type { CommunityRow } from '../projections/communities.ts';
import { type PromiseTermsRow, termsOf } from '../projections/promise-rows.ts';
import { promises } from '../projections/promises.ts';
import { commands } from '../src/domain/index.ts';
import type { WorkingHours } from '../src/domain/working-week.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { commandField, guarded, idIn, repeatable } from './mutation.ts';
import { steered } from './steering.ts';
import { Community } from './types.ts';

type Policy = NonNullable<PromiseTermsRow['policy']>;
type Calendar = NonNullable<PromiseTermsRow['calendar']>;

const termsIn = async ({ loaders, read }: Context, { id }: CommunityRow): Promise<PromiseTermsRow> =>
  loaders.each('promise terms', (ids) => termsOf(read.from(promises), ids)).load(id);

const WorkingHoursType = builder.objectRef<WorkingHours>('WorkingHours').implement({
  description: 'Working hours that begin on a day of the week.',
  fields: (t) => ({
    day: t.exposeInt('day', { description: 'On which day they begin: 1 is Monday, 7 Sunday.' }),
    from: t.exposeString('from', { description: 'When they begin, on the clocks there: 09:00.' }),
    to: t.exposeString('to', {
      description: 'When they end: 17:00, or 24:00. At or before the beginning, it is the next day.',
    }),
  }),
});

const WorkingCalendar = builder.objectRef<Calendar>('WorkingCalendar').implement({
  description: 'When a community works: promises are counted in these hours.',
  fields: (t) => ({
    version: t.int({ description: 'Which version, from 1.', resolve: ({ calendarVersion }) => calendarVersion }),
    timeZone: t.exposeString('timeZone', { description: 'Where its clocks stand: an IANA name.' }),
    weeklyHours: t.field({
      type: [WorkingHoursType],
      description: 'The hours of a week.',
      resolve: ({ weeklyHours }) => weeklyHours,
    }),
    holidays: t.exposeStringList('holidays', { description: 'Days without working hours: 2026-12-25.' }),
  }),
});

const PromisePolicy = builder.objectRef<Policy & { readonly calendar: Calendar | null }>('PromisePolicy').implement({
  description: 'How soon a community promises to answer. It holds for questions asked from now on.',
  fields: (t) => ({
    version: t.int({ description: 'Which version, from 1.', resolve: ({ policyVersion }) => policyVersion }),
    firstResponseSeconds: t.exposeInt('firstResponseSeconds', {
      description: 'Working time until a first reply by another member, in seconds.',
    }),
    resolutionSeconds: t.exposeInt('resolutionSeconds', {
      nullable: true,
      description: 'Working time until an accepted answer, in seconds; null where none is promised.',
    }),
    newcomerFirstResponseSeconds: t.exposeInt('newcomerFirstResponseSeconds', {
      nullable: true,
      description: "The same for a member's first contribution to the community; null where it is not tighter.",
    }),
    warnPercent: t.exposeInt('warnPercent', {
      description: 'So many per cent of the working time before the end, a breach is imminent.',
    }),
    calendar: t.field({
      type: WorkingCalendar,
      nullable: true,
      description: 'The hours in which it counts; null where every hour does.',
      resolve: ({ calendar }) => calendar,
    }),
  }),
});

builder.objectField(Community, 'promisePolicy', (t) =>
  t.field({
    type: PromisePolicy,
    nullable: true,
    description: 'What it promises to whoever asks; null where it promises nothing.',
    resolve: async (row, _, context) => {
      const { policy, calendar } = await termsIn(context, row);
      return policy && { ...policy, calendar };
    },
  }),
);

builder.objectField(Community, 'workingCalendar', (t) =>
  t.field({
    type: WorkingCalendar,
    nullable: true,
    description: 'When it works; null where every hour is a working hour.',
    resolve: async (row, _, context) => (await termsIn(context, row)).calendar,
  }),
);

const COMMUNITY_ID = 'The community that promises.';
const reads = [...steered.reads, promises.name];

commandField({
  command: commands.declareResponsePromise,
  description:
    'Says how soon questions are answered here, in working time. Questions asked before keep their due times. For those who steer the community.',
  scope: 'communities:write',
  input: builder.inputType('DeclareResponsePromiseInput', {
    description: 'What `declareResponsePromise` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: COMMUNITY_ID }),
      firstResponseSeconds: t.int({
        required: true,
        description: 'Working time until a first reply by another member, in seconds: 1 to a year.',
      }),
      resolutionSeconds: t.int({
        description: 'Working time until an accepted answer, in seconds; none is promised unless given.',
      }),
      newcomerFirstResponseSeconds: t.int({
        description:
          "The same for a member's first contribution: at most firstResponseSeconds. Not tighter unless given.",
      }),
      warnPercent: t.int({
        description: 'So many per cent of the working time before the end, a breach is imminent: 25 unless given.',
      }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    firstResponseSeconds: input.firstResponseSeconds,
    resolutionSeconds: input.resolutionSeconds ?? undefined,
    newcomerFirstResponseSeconds: input.newcomerFirstResponseSeconds ?? undefined,
    warnPercent: input.warnPercent ?? undefined,
  }),
  ...steered,
  reads,
});

const HoursInput = builder.inputType('WorkingHoursInput', {
  description: 'Working hours that begin on a day of the week.',
  fields: (t) => ({
    day: t.int({ required: true, description: 'On which day they begin: 1 is Monday, 7 Sunday.' }),
    from: t.string({ required: true, description: 'When they begin, on the clocks there: 09:00.' }),
    to: t.string({
      required: true,
      description: 'When they end: 17:00, or 24:00. At or before the beginning, it is the next day.',
    }),
  }),
});

commandField({
  command: commands.defineWorkingCalendar,
  description:
    'Says in which hours a community works. Questions asked before keep their due times. For those who steer the community.',
  scope: 'communities:write',
  input: builder.inputType('DefineWorkingCalendarInput', {
    description: 'What `defineWorkingCalendar` asks for.',
    fields: (t) => ({
      communityId: t.id({ required: true, description: COMMUNITY_ID }),
      timeZone: t.string({ required: true, description: 'Where its clocks stand: an IANA name such as Europe/Paris.' }),
      weeklyHours: t.field({
        type: [HoursInput],
        required: true,
        description: 'The hours of a week, at most 100 intervals; what overlaps counts once.',
      }),
      holidays: t.stringList({
        description: 'Days without working hours, from midnight to midnight there: 2026-12-25. None unless given.',
      }),
      ...guarded(t),
      ...repeatable(t),
    }),
  }),
  toCommand: (input) => ({
    communityId: idIn('Community', input, 'communityId'),
    timeZone: input.timeZone,
    weeklyHours: [...input.weeklyHours],
    holidays: input.holidays ? [...input.holidays] : undefined,
  }),
  ...steered,
  reads,
});
