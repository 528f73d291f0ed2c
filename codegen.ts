import { writeFile } from 'node:fs/promises';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema/index.ts';
import { errorsPage, limitsPage } from './schema/pages.ts';

/** Prints the contract and the pages beside it, and types the operations that tests and the example tabs send. */
const config: CodegenConfig = {
  schema: printSchema(lexicographicSortSchema(schema)),
  documents: ['tests/support/operations/*.graphql', 'src/examples/*.graphql'],
  importExtension: '.ts',
  hooks: {
    afterAllFileWrite: async () => {
      await writeFile('schema/errors.md', errorsPage());
      await writeFile('schema/limits.md', limitsPage());
    },
  },
  generates: {
    'schema/schema.graphql': { plugins: ['schema-ast'] },
    'tests/support/operations/typed/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: { hashAlgorithm: 'sha256' } },
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
