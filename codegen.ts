import type { CodegenConfig } from '@graphql-codegen/cli';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema/index.ts';

/** Prints the contract, and types the operations that tests and the example tabs send. */
const config: CodegenConfig = {
  schema: printSchema(lexicographicSortSchema(schema)),
  documents: ['tests/support/operations/*.graphql', 'src/examples/*.graphql'],
  importExtension: '.ts',
  generates: {
    'schema/schema.graphql': { plugins: ['schema-ast'] },
    'tests/support/operations/typed/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: 'string', Position: 'string', JSON: 'unknown' },
      },
    },
  },
};

// The generator reads the default export of its configuration, and only that.
export default config;
