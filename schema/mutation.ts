import type { InputFieldBuilder, InputRef, InterfaceRef, ObjectRef } from '@pothos/core';
import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';
import type { Waited } from '../src/core/consistency.ts';
import type { AnyCommand, InputOf } from '../src/core/decider.ts';
import type { Executed } from '../src/core/execute.ts';
import { createdIdOf } from '../src/core/ids.ts';
import { encodeCursor } from '../src/core/position.ts';
import { Conflict, Rejection } from '../src/core/rejection.ts';
import type { Scope } from '../src/core/scopes.ts';
import { builder, type Types } from './builder.ts';
import { type Context, forgetLoaded } from './context.ts';
import { fault } from './fault.ts';
import { localId, type NodeType } from './global-id.ts';
import { UserError, type UserErrorFacts, userErrorsOf } from './user-error.ts';

type Given = {
  readonly idempotencyKey?: string | null | undefined;
  readonly expectedRevision?: number | null | undefined;
};

/** An entity that a payload shows: read by the type's own loader, so that there is one way from rows to answers. */
type Answer<I, R> = {
  readonly type: ObjectRef<Types, R> | InterfaceRef<Types, R>;
  readonly description: string;
  /** `id` is the entity whose stream was written, `created` the id of what the command made within it, if it did. */
  readonly load: (
    done: { readonly id: string; readonly created: string; readonly input: I },
    context: Context,
  ) => Promise<R | null>;
};

type CommandField<C extends AnyCommand, I extends Given> = {
  readonly command: C;
  readonly description: string;
  readonly scope: Scope;
  readonly input: InputRef<I>;
  /** The command's input in the domain's terms: local ids, no idempotency key. */
  readonly toCommand: (input: I, context: Context) => InputOf<C> | Promise<InputOf<C>>;
  /** What the command is about. To a viewer who does not see it every refusal is the one of a thing that is not there. */
  readonly about?: About<I>;
  /** The read models that the answer is read from. */
  readonly reads: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: variance: a payload shows entities of several types
  readonly answers: Readonly<Record<string, Answer<I, any>>>;
};

/** Whether the viewer sees what an input names, and how the refusal reads when not. */
type About<I> = {
  readonly isSeen: (input: I, context: Context) => Promise<boolean>;
  readonly refusal: () => Rejection;
};

type Payload<I> = {
  readonly executed: Executed | null;
  readonly input: I;
  readonly waited: Waited;
  readonly errors: readonly UserErrorFacts[];
};

/** All that the next query may read; figures say for themselves how far they are level. */
const READ_NEXT = [
  'communities',
  'members',
  'memberships',
  'projects',
  'foundations',
  'posts',
  'promises',
  'drafts',
  'reviews',
  'feeds',
];
const MAX_KEY = 255;

/** A mutation for a command: its name in camel case, one input, and a payload of what changed, errors and position. */
export const commandField = <C extends AnyCommand, I extends Given>(field: CommandField<C, I>): void => {
  const { command, description, scope, input } = field;
  const PayloadType = builder.objectRef<Payload<I>>(`${command.type}Payload`).implement({
    description: `What became of \`${nameOf(command)}\`.`,
    fields: (t) => ({
      ...Object.fromEntries(
        Object.entries(field.answers).map(([name, answer]) => [
          name,
          t.field({
            type: answer.type,
            nullable: true,
            description: `${answer.description} Null where the command was refused, or where the viewer does not see it.`,
            resolve: (payload, _, context) => answered(answer, payload, context) as never,
          }),
        ]),
      ),
      errors: t.field({
        type: [UserError],
        description: 'Why it was refused; empty when it was done, or was so already.',
        resolve: (payload) => payload.errors,
      }),
      position: t.field({
        type: 'Position',
        nullable: true,
        description: 'The place in the log of what this wrote; of the last word on it, when nothing was to do.',
        resolve: ({ executed }, _, { log }) => executed?.last && encodeCursor(log.identity, executed.last),
      }),
    }),
  });

  builder.mutationField(nameOf(command), (t) =>
    t.field({
      type: PayloadType,
      nullable: true,
      description,
      authScopes: { may: scope },
      args: { input: t.arg({ type: input, required: true, description: 'What is asked of the command.' }) },
      resolve: (_, args, context, info) =>
        run(field, withKeyOfHeader((args as { input: I }).input, context, info), context, String(info.path.key)),
    }),
  );
};

/** The header says the same as the input's own field, for clients and gateways that set it on every request. */
export const withKeyOfHeader = <I extends Pick<Given, 'idempotencyKey'>>(
  input: I,
  { idempotencyKey }: Context,
  info: GraphQLResolveInfo,
): I => {
  if (idempotencyKey === null) return input;
  if (rootFields(info.operation.selectionSet, info) > 1)
    throw fault(
      'BAD_USER_INPUT',
      'The header Idempotency-Key is for documents with one mutation: give each mutation an `idempotencyKey` of its own.',
    );
  if (input.idempotencyKey != null && input.idempotencyKey !== idempotencyKey)
    throw fault('BAD_USER_INPUT', 'The header Idempotency-Key and `idempotencyKey` differ: send one of them.');
  return { ...input, idempotencyKey };
};

type Fragments = Pick<GraphQLResolveInfo, 'fragments'>;

const rootFields = ({ selections }: SelectionSetNode, { fragments }: Fragments): number =>
  selections.reduce((count, selection) => {
    if (selection.kind === Kind.FIELD) return count + (selection.name.value.startsWith('__') ? 0 : 1);
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : (fragments[selection.name.value] ?? { selectionSet: null });
    return count + (selectionSet ? rootFields(selectionSet, { fragments }) : 0);
  }, 0);

const nameOf = ({ type }: AnyCommand) => type.charAt(0).toLowerCase() + type.slice(1);

const run = async <C extends AnyCommand, I extends Given>(
  field: CommandField<C, I>,
  input: I,
  context: Context,
  key: string,
): Promise<Payload<I>> => {
  try {
    const executed = await execute(field, input, context);
    context.done.push({ field: key, position: executed.last && encodeCursor(context.log.identity, executed.last) });
    const waited = executed.last ? await level(context, field.reads, executed.last) : 'reached';
    forgetLoaded(context);
    return { executed, input, waited, errors: [] };
  } catch (error) {
    const errors = userErrorsOf(error);
    if (!errors) throw error;
    return { executed: null, input, waited: 'reached', errors };
  }
};

const execute = async <C extends AnyCommand, I extends Given>(
  { command, toCommand, about }: CommandField<C, I>,
  input: I,
  context: Context,
): Promise<Executed> => {
  const idempotencyKey = input.idempotencyKey ?? undefined;
  if (idempotencyKey !== undefined && (idempotencyKey === '' || idempotencyKey.length > MAX_KEY))
    throw new Rejection('INVALID_INPUT', `An idempotency key has 1 to ${MAX_KEY} characters.`, ['idempotencyKey']);
  const expectedRevision = input.expectedRevision ?? undefined;
  try {
    const executed = await context.execute(command, await toCommand(input, context), {
      idempotencyKey,
      expectedRevision,
    });
    if (about && executed.events === 0 && !(await about.isSeen(input, context))) throw about.refusal();
    return executed;
  } catch (error) {
    const isRefused = error instanceof Rejection || error instanceof Conflict;
    if (about && isRefused && !(await about.isSeen(input, context))) throw about.refusal();
    throw error;
  }
};

/** Waits for what the answer is read from, and as long for what the next query may read. */
const level = async (context: Context, reads: readonly string[], last: NonNullable<Executed['last']>) => {
  const others = READ_NEXT.filter((name) => !reads.includes(name));
  const [waited] = await Promise.all([context.waitFor(reads, last), context.waitFor(others, last)]);
  return waited;
};

const answered = <I, R>(answer: Answer<I, R>, { executed, waited, input }: Payload<I>, context: Context) => {
  if (!executed) return null;
  if (waited !== 'reached')
    throw fault('STALE_READ', 'This is stored, but cannot be read yet: read it again, do not write it again.');
  return answer.load({ id: executed.id, created: createdIdOf(executed.commandId), input }, context);
};

const notFound = (type: NodeType, field: string) =>
  new Rejection(`${type.toUpperCase()}_NOT_FOUND`, `There is no such ${type.toLowerCase()}.`, [field]);

/** The command is about the node that a field of its input names. */
export const aboutNode = <F extends string>(
  type: NodeType,
  field: F,
  find: (context: Context, id: string) => Promise<object | null>,
): About<{ readonly [N in F]: string }> => ({
  isSeen: async (input, context) => (await find(context, idIn(type, input, field))) !== null,
  refusal: () => notFound(type, field),
});

/** The entity's own id in a field of an input; what is no id of that type is the id of nothing. */
export const idIn = <I>(type: NodeType, input: I, field: keyof I & string): string => {
  const id = localId(type, String(input[field]));
  if (id === null) throw notFound(type, field);
  return id;
};

type Fields = InputFieldBuilder<Types, 'InputObject'>;

/** In every input: makes a repeated mutation the same command. */
export const repeatable = (t: Fields) => ({
  idempotencyKey: t.string({
    description:
      'Any text of 1 to 255 characters. Repeating the mutation with the same key and input does it once and answers the same; with another input it is refused as `IDEMPOTENCY_KEY_REUSED`. Kept for 14 days. The header `Idempotency-Key` says the same for a document with one mutation.',
  }),
});

/** In the inputs of what two people may edit at once. */
export const guarded = (t: Fields) => ({
  expectedRevision: t.int({
    description: 'The revision that was read. If it has changed since, nothing is done and the error is a `Conflict`.',
  }),
});
