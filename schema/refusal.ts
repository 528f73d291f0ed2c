import { faultCodes } from '../src/core/fault-codes.ts';
import type { RefusalRow } from '../src/core/refusals.ts';
import { builder } from './builder.ts';
import { connectionOf, pageArguments } from './connection.ts';
import { fault } from './fault.ts';
import { globalId, localId, PART_ID, partId } from './global-id.ts';
import { knownMember } from './member.ts';
import { numberedConnection } from './numbered.ts';
import { NOBODY } from './operation.ts';
import { Member } from './types.ts';

const Refusal = builder.objectRef<RefusalRow>('Refusal').implement({
  description:
    'Somebody was turned away. What is alike within a minute is one of them; what was typed, and from which address, is not kept.',
  fields: (t) => ({
    id: t.field({ type: 'ID', description: PART_ID, resolve: ({ number }) => partId('Refusal', String(number)) }),
    at: t.field({ type: 'DateTime', description: 'When it was; of several, the last.', resolve: ({ at }) => at }),
    times: t.exposeInt('times', { description: 'How often within that minute.' }),
    door: t.exposeString('door', { description: '`/graphql`, `WebSocket` or `/events`.' }),
    code: t.exposeString('code', { description: 'Why: a code such as `FORBIDDEN` or `RATE_LIMITED`.' }),
    limit: t.exposeString('limit', {
      nullable: true,
      description: 'Which limit it was; null where it was none.',
    }),
    member: t.field({
      type: Member,
      nullable: true,
      description: 'Who it was; null for whoever was not let in, and for a login that is nobody’s.',
      resolve: ({ memberId }, _, context) => (memberId ? knownMember(context, memberId) : null),
    }),
    machineKeyId: t.field({
      type: 'ID',
      nullable: true,
      description: 'The id of the machine key that was used; null for people.',
      resolve: ({ keyId }) => keyId && globalId('MachineKey', keyId),
    }),
    document: t.exposeString('document', {
      nullable: true,
      description:
        'The hash of the document, `sha256:` and hexadecimal; null where there was none, or there were too many.',
    }),
    operation: t.exposeString('operation', {
      nullable: true,
      description: 'The name of the operation; null for none.',
    }),
    requestId: t.exposeString('requestId', {
      description: 'The id of the request, the last of several: `x-request-id`, and in the log lines of the server.',
    }),
  }),
});

const RefusalConnection = connectionOf(Refusal, 'refusals');

const RefusalFilter = builder.inputType('RefusalFilter', {
  description: 'Which refusals; all conditions given hold.',
  fields: (t) => ({
    code: t.string({ description: 'Only those with this code.' }),
    memberId: t.id({ description: 'Only those of this member.' }),
  }),
});

builder.queryField('refusals', (t) =>
  t.field({
    type: RefusalConnection,
    nullable: true,
    authScopes: { may: 'refusals:read' },
    description: 'Who was turned away in the last year, on every door, the newest first. For admins.',
    args: {
      ...pageArguments(t.arg),
      filter: t.arg({ type: RefusalFilter, description: 'Only some of them.' }),
    },
    resolve: (_, { filter, ...args }, { log, refusals }) => {
      const code = filter?.code ?? undefined;
      if (code !== undefined && !Object.hasOwn(faultCodes, code))
        throw fault('BAD_USER_INPUT', `There is no code ${JSON.stringify(code.slice(0, 80))}.`);
      const memberId = filter?.memberId == null ? undefined : (localId('Member', filter.memberId) ?? NOBODY);
      const condition = { code, memberId };
      return numberedConnection('refusals', log.identity.logId, args, {
        list: (page) => refusals.list(condition, page),
        count: () => refusals.count(condition),
      });
    },
  }),
);
