import type { FieldRef, InputRef, ObjectFieldBuilder } from '@pothos/core';
import type { Scope } from '../src/core/scopes.ts';
import type { Asking, Changed } from '../src/core/webhook-commands.ts';
import { builder, type Types } from './builder.ts';
import type { Context } from './context.ts';
import { fault } from './fault.ts';
import { withKeyOfHeader } from './mutation.ts';
import { UserError, type UserErrorFacts, userErrorsOf } from './user-error.ts';

/** An id that nothing has. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

type Given = { readonly idempotencyKey?: string | null | undefined };

type OperationField<I extends Given> = {
  readonly name: string;
  readonly description: string;
  readonly scope: Scope;
  readonly input: InputRef<I>;
  /** What the payload's `secret` is; without it the payload has none. */
  readonly secret?: string;
  /** The fields of its payload that show what was changed; null where it was refused. */
  readonly answers: (t: PayloadFields) => Readonly<Record<string, FieldRef<Types>>>;
  readonly run: (input: I, asking: Asking, context: Context) => Promise<Changed>;
};

type Payload = { readonly changed: Changed | null; readonly errors: readonly UserErrorFacts[] };
export type PayloadFields = ObjectFieldBuilder<Types, Payload>;

/**
 * A mutation of what is kept beside the log: like a command's, but its payload may show a secret, once, and nothing of it
 * has a place in the log.
 */
export const operationField = <I extends Given>(field: OperationField<I>): void => {
  const { name, description, scope, input, secret } = field;
  const typeName = `${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`;
  const PayloadType = builder.objectRef<Payload>(typeName).implement({
    description: `What became of \`${name}\`.`,
    fields: (t) => ({
      ...field.answers(t),
      ...(secret === undefined
        ? {}
        : {
            secret: t.string({
              nullable: true,
              description: secret,
              resolve: ({ changed }) => changed?.secret ?? null,
            }),
          }),
      isRepeated: t.boolean({
        description:
          'Whether an earlier mutation with the same idempotency key did it already. A secret was shown then, and is not shown again.',
        resolve: ({ changed }) => changed?.isRepeated ?? false,
      }),
      errors: t.field({
        type: [UserError],
        description: 'Why it was refused; empty when it was done, or was so already.',
        resolve: ({ errors }) => errors,
      }),
      position: t.field({
        type: 'Position',
        nullable: true,
        description: 'Always null: this is kept beside the log, and has no place in it.',
        resolve: () => null,
      }),
    }),
  });

  builder.mutationField(name, (t) =>
    t.field({
      type: PayloadType,
      nullable: true,
      description,
      authScopes: { may: scope },
      args: { input: t.arg({ type: input, required: true, description: 'What is asked for.' }) },
      resolve: async (_, args, context, info): Promise<Payload> => {
        const given = withKeyOfHeader((args as { input: I }).input, context, info);
        try {
          const changed = await field.run(given, await askingOf(context, given), context);
          context.done.push({ field: String(info.path.key), position: null });
          return { changed, errors: [] };
        } catch (error) {
          const errors = userErrorsOf(error);
          if (!errors) throw error;
          return { changed: null, errors };
        }
      },
    }),
  );
};

/** Who asks, as what is made acts later: a login that is nobody's member yet becomes one first. */
const askingOf = async ({ viewer }: Context, { idempotencyKey }: Given): Promise<Asking> => {
  const actor = await viewer?.actor();
  if (!viewer || !actor || actor.kind === 'SYSTEM') throw fault('UNAUTHENTICATED', 'This needs a valid token.');
  const { roles, scopes, keyId } = viewer;
  return {
    grant: { memberId: actor.memberId, kind: actor.kind, roles: [...roles], scopes: [...scopes], keyId },
    idempotencyKey: idempotencyKey ?? undefined,
  };
};
