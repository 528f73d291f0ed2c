import { makeSubscribe } from '@envelop/core';
import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  Kind,
  visit,
} from 'graphql';
import { handed, mapped } from '../core/handed.ts';
import { rightsOf, type Viewer, watched } from '../core/viewer.ts';
import { maskedResult } from './faults.ts';
import type { ServingPlugin } from './serving.ts';

/** A context that says who asks, and where the stream began: the only things in it by which two subscribers with the same rights differ. */
type Asking = { readonly viewer: Viewer | null; readonly startedAt?: () => string };

/** The subscriptions of one document with the same variables and rights: one object that stands for all of them. */
type Group = object;

type Execution = {
  readonly since: number;
  readonly result: Promise<ExecutionResult>;
  /** The result once it is there, where it is everybody's. */
  shared?: ExecutionResult;
  readonly isPersonal: () => boolean;
};

/** An answer is that of this moment: whoever is slow, or comes later, is given one of their own. */
const SHARED_MS = 250;

/**
 * Executes a subscription once for all who are given the same thing at about the same time, with the same document, variables
 * and rights. An execution that asked for one of these belongs to that subscriber alone: it is watched, not guessed.
 */
export const shareExecutions = (): ServingPlugin => {
  const groups = new WeakMap<DocumentNode, Map<string, Group>>();
  const executions = new WeakMap<object, Map<Group, Execution>>();

  const groupOf = (args: ExecutionArgs): Group => {
    const { viewer } = args.contextValue as Asking;
    const known = groups.get(args.document) ?? new Map<string, Group>();
    groups.set(args.document, known);
    const key = JSON.stringify([args.operationName, viewer && rightsOf(viewer), variablesBelowRoot(args)]);
    // Variables are a client's to choose: too many of them are forgotten, which only costs an execution.
    if (!known.has(key) && known.size >= MAX_GROUPS) known.clear();
    const group = known.get(key) ?? {};
    known.set(key, group);
    return group;
  };

  const executed = async (args: ExecutionArgs): Promise<ExecutionResult> => maskedResult(await execute(args));

  const run = (args: ExecutionArgs, rootValue: object): Execution => {
    const context = args.contextValue as Asking;
    const since = performance.now();
    let isPersonal = false;
    const onAsked = () => {
      isPersonal = true;
    };
    const viewer = context.viewer && watched(context.viewer, onAsked);
    const startedAt = () => {
      onAsked();
      return context.startedAt?.();
    };
    const result = executed({ ...args, rootValue, contextValue: { ...context, viewer, startedAt } });
    const execution: Execution = { since, result, isPersonal: () => isPersonal };
    result.then(
      (shared) => {
        if (!isPersonal) execution.shared = shared;
      },
      () => {},
    );
    return execution;
  };

  const answer = (args: ExecutionArgs, group: Group, payload: object): ExecutionResult | Promise<ExecutionResult> => {
    const ofPayload = executions.get(payload) ?? new Map<Group, Execution>();
    if (ofPayload.size === 0) executions.set(payload, ofPayload);
    const known = ofPayload.get(group);
    if (known && performance.now() - known.since <= SHARED_MS)
      return (
        known.shared ??
        known.result.then((result) => (known.isPersonal() ? executed({ ...args, rootValue: payload }) : result))
      );
    const execution = run(args, payload);
    ofPayload.set(group, execution);
    return execution.result;
  };

  const subscribe = async (args: ExecutionArgs) => {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return source;
    const group = groupOf(args);
    return mapped(handed(source as AsyncGenerator<object>), (payload) => answer(args, group, payload));
  };

  return { onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(makeSubscribe(subscribe as never)) };
};

const MAX_GROUPS = 1_000;

/** The variables that an answer can depend on: what only the root field is given chooses what is delivered, not how it reads. */
const variablesBelowRoot = ({ document, operationName, variableValues }: ExecutionArgs): unknown => {
  let names = namesBelowRoot.get(document);
  if (!names) {
    names = new Set<string>();
    const operation = getOperationAST(document, operationName);
    const found = (node: Parameters<typeof visit>[0]) =>
      visit(node, { Variable: ({ name }) => void names?.add(name.value), VariableDefinition: () => false });
    for (const field of operation?.selectionSet.selections ?? []) {
      if (field.kind === Kind.FIELD) {
        for (const directive of field.directives ?? []) found(directive);
        if (field.selectionSet) found(field.selectionSet);
      } else found(field);
    }
    for (const definition of document.definitions) if (definition.kind === Kind.FRAGMENT_DEFINITION) found(definition);
    namesBelowRoot.set(document, names);
  }
  return [...names].sort().map((name) => [name, variableValues?.[name]]);
};

const namesBelowRoot = new WeakMap<DocumentNode, Set<string>>();
