import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An operation that works on the demo organisation as it stands. */
export type Example = { readonly name: string; readonly query: string; readonly variables?: string };

/** The example operations in their order: `1-communities.graphql`, with `1-communities.json` for its variables. */
export const readExamples = async (): Promise<Example[]> => {
  const folder = examplesFolder();
  const files = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const name = file.slice(0, -'.graphql'.length);
      const variables = join(folder, `${name}.json`);
      return {
        name,
        query: await readFile(join(folder, file), 'utf8'),
        ...(existsSync(variables) ? { variables: await readFile(variables, 'utf8') } : {}),
      };
    }),
  );
};

/** The compiler leaves .graphql files where they are, so they are looked for from here upwards: from `src/` and from `dist/src/`. */
const examplesFolder = (): string => {
  const path = join('src', 'examples');
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, path, 'README.md'))) {
    if (folder === dirname(folder)) throw new Error(`The folder ${path} is missing: install Palabre again.`);
    folder = dirname(folder);
  }
  return join(folder, path);
};
