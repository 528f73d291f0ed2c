import { useGraphQlJit } from '@envelop/graphql-jit';
import { type DocumentNode, Kind, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Operations that come back are compiled once and run as plain code. A document seen for the first time is interpreted, so
 * that clients who write values into their documents do not make us compile each of them. A document with several operations
 * is always interpreted: the compiled form is remembered by document and would answer one operation with another.
 */
export const compileRepeated = (): Plugin => {
  const seen = new WeakSet<DocumentNode>();
  return useGraphQlJit(
    {},
    {
      enableIf: ({ document }) => {
        if (seen.has(document)) return true;
        const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
        if (operations.length === 1) seen.add(document);
        return false;
      },
    },
  ) as Plugin;
};

/** Far above what people and programs write; far below what overflows a stack. */
const MAX_TOKENS = 1_000;

export const limitTokens = (): Plugin => ({
  onParse: ({ setParseFn }) => {
    setParseFn((source, options) => parse(source, { ...options, maxTokens: MAX_TOKENS }));
  },
});
