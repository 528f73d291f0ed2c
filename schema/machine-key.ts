import type { MachineKeyRow } from '../src/core/machine-keys.ts';
import { Rejection } from '../src/core/rejection.ts';
import { may } from '../src/core/scopes.ts';
import { builder } from './builder.ts';
import { pageArguments } from './connection.ts';
import type { Context } from './context.ts';
import { globalId, localId } from './global-id.ts';
import { knownMember } from './member.ts';
import { repeatable } from './mutation.ts';
import { numberedConnection } from './numbered.ts';
import { NOBODY, operationField, type PayloadFields } from './operation.ts';
import { MachineKey, MachineKeyConnection, Member, Node } from './types.ts';
import { RoleType } from './viewer.ts';

const State = builder.enumType('MachineKeyState', {
  description: 'Whether a machine key is good.',
  values: {
    ACTIVE: { description: 'It lets its bearer in.' },
    EXPIRED: { description: 'Its time is over; a rotation renews it.' },
    REVOKED: { description: 'Somebody ended it, for good.' },
  },
});

const stateOf = ({ revokedAt, expiresAt }: MachineKeyRow) => {
  if (revokedAt) return 'REVOKED';
  return expiresAt.getTime() > Date.now() ? 'ACTIVE' : 'EXPIRED';
};

MachineKey.implement({
  description:
    'A credential of a machine: `Authorization: Bearer pal_…` on every door. It acts as its owner, with its own scopes, and never with more than the owner has.',
  interfaces: [Node],
  fields: (t) => ({
    id: t.field({
      type: 'ID',
      description: 'Opaque and permanent; it is not the secret.',
      resolve: ({ id }) => globalId('MachineKey', id),
    }),
    name: t.exposeString('name', { description: 'What it is for, in the words of whoever made it.' }),
    owner: t.field({
      type: Member,
      description: 'As whom its bearer acts: a service account, or the member who made it.',
      resolve: ({ ownerId }, _, context) => knownMember(context, ownerId),
    }),
    madeBy: t.field({
      type: Member,
      description: 'Who made it.',
      resolve: ({ madeBy }, _, context) => knownMember(context, madeBy),
    }),
    roles: t.field({ type: [RoleType], description: 'What its bearer sees.', resolve: ({ roles }) => roles }),
    scopes: t.field({
      type: ['String'],
      description: 'What its bearer may ask for, such as `posts:read`.',
      resolve: ({ scopes }) => scopes,
    }),
    state: t.field({ type: State, description: 'Whether it is good.', resolve: stateOf }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ createdAt }) => createdAt }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When its newest secret ends.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to within five minutes; null when never.',
      resolve: ({ lastUsedAt }) => lastUsedAt,
    }),
    revokedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null when it was not.',
      resolve: ({ revokedAt }) => revokedAt,
    }),
  }),
});

/** A key that the viewer may see: one's own, or any for an admin. */
export const visibleMachineKey = async (
  { viewer, machineKeys }: Context,
  id: string,
): Promise<MachineKeyRow | null> => {
  if (!may(viewer, 'keys:admin')) return null;
  const row = await machineKeys.store.find(id);
  return row && (row.ownerId === viewer?.memberId || viewer?.roles.has('ADMIN')) ? row : null;
};

builder.queryField('machineKeys', (t) =>
  t.field({
    type: MachineKeyConnection,
    nullable: true,
    authScopes: { may: 'keys:admin' },
    description: 'The machine keys of the viewer, or of everybody for an admin, newest first.',
    args: pageArguments(t.arg),
    resolve: (_, args, { viewer, log, machineKeys: { store } }) => {
      const owner = viewer?.roles.has('ADMIN') ? null : (viewer?.memberId ?? NOBODY);
      return numberedConnection('machine keys', log.identity.logId, args, {
        list: (page) => store.list(owner, page),
        count: () => store.count(owner),
      });
    },
  }),
);

const answers = (t: PayloadFields) => ({
  machineKey: t.field({
    type: MachineKey,
    nullable: true,
    description: 'The key as it is now. Null where it was refused.',
    resolve: ({ changed }, _, context) => changed && visibleMachineKey(context, changed.id),
  }),
});
const SECRET =
  'Begins with `pal_`: send it as `Authorization: Bearer pal_…`. Shown this once, and never again: null when an earlier mutation with the same key did it.';

const keyIdIn = ({ machineKeyId }: { readonly machineKeyId: string }): string => {
  const id = localId('MachineKey', machineKeyId);
  if (id === null) throw new Rejection('MACHINE_KEY_NOT_FOUND', 'There is no such machine key.', ['machineKeyId']);
  return id;
};

operationField({
  name: 'createMachineKey',
  description:
    'Makes a key for a machine: for the viewer, or for a service account, which takes an admin. Not with a machine key.',
  scope: 'keys:admin',
  input: builder.inputType('CreateMachineKeyInput', {
    description: 'What `createMachineKey` asks for.',
    fields: (t) => ({
      name: t.string({ required: true, description: 'What it is for: 1 to 120 characters.' }),
      scopes: t.stringList({
        required: true,
        description: 'What it may ask for, such as `posts:read`: at least one, and only what the viewer may.',
      }),
      serviceAccountId: t.id({ description: 'The service account that it acts as; the viewer unless given.' }),
      roles: t.field({
        type: [RoleType],
        description: "What it sees: the viewer's roles unless given; a service account is a member unless given.",
      }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When it ends: at most a year from now, 90 days unless given.',
      }),
      ...repeatable(t),
    }),
  }),
  secret: SECRET,
  answers,
  run: ({ name, scopes, serviceAccountId, roles, expiresAt }, asking, { machineKeys }) => {
    const account = serviceAccountId == null ? null : localId('Member', serviceAccountId);
    if (serviceAccountId != null && account === null)
      throw new Rejection('MEMBER_NOT_FOUND', 'There is no such service account.', ['serviceAccountId']);
    return machineKeys.commands.create(asking, {
      name,
      scopes,
      serviceAccountId: account,
      roles: roles ?? null,
      expiresAt: expiresAt ?? null,
    });
  },
});

operationField({
  name: 'rotateMachineKey',
  description:
    'Makes a new secret for a key, and so renews it. The secret before lives on for a while; never more than two do. Not with a machine key.',
  scope: 'keys:admin',
  input: builder.inputType('RotateMachineKeyInput', {
    description: 'What `rotateMachineKey` asks for.',
    fields: (t) => ({
      machineKeyId: t.id({ required: true, description: 'The id of the machine key.' }),
      expiresAt: t.field({
        type: 'DateTime',
        description: 'When the new secret ends: at most a year from now, 90 days unless given.',
      }),
      graceHours: t.int({ description: 'How long the secret before lives on: 0 to 168 hours, 24 unless given.' }),
      ...repeatable(t),
    }),
  }),
  secret: SECRET,
  answers,
  run: ({ expiresAt, graceHours, ...input }, asking, { machineKeys }) =>
    machineKeys.commands.rotate(asking, keyIdIn(input), {
      expiresAt: expiresAt ?? null,
      graceHours: graceHours ?? null,
    }),
});

operationField({
  name: 'revokeMachineKey',
  description: 'Ends a key at once and for good, and the webhooks that were made with it. For its owner, and admins.',
  scope: 'keys:admin',
  input: builder.inputType('RevokeMachineKeyInput', {
    description: 'What `revokeMachineKey` asks for.',
    fields: (t) => ({
      machineKeyId: t.id({ required: true, description: 'The id of the machine key.' }),
      ...repeatable(t),
    }),
  }),
  answers,
  run: (input, asking, { machineKeys }) => machineKeys.commands.revoke(asking, keyIdIn(input)),
});
