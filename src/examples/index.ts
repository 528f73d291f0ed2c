import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An operation that works on the demo organisation as it stands. */
export type Example = { readonly name: string; readonly query: string; readonly variables: string | null };

const DAY_MS = 24 * 60 * 60_000;

/** The example operations in their order: `1-communities.graphql`, with `1-communities.json` for its variables. */
export const readExamples = async (now = new Date()): Promise<Example[]> => {
  const folder = examplesFolder();
  const files = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
  return Promise.all(
    files.map(async (file) => {
      const name = file.slice(0, -'.graphql'.length);
      const variables = join(folder, `${name}.json`);
      return {
        name,
        query: await readFile(join(folder, file), 'utf8'),
        variables: existsSync(variables) ? withTimes(await readFile(variables, 'utf8'), now) : null,
      };
    }),
  );
};

/** What stands in one tab: the examples of one number, of which ▶ asks which one to send, and the variables of all of them. */
export const readTabs = async (now = new Date()): Promise<Omit<Example, 'name'>[]> => {
  const tabs = new Map<string, Example[]>();
  for (const example of await readExamples(now)) {
    const [number = ''] = example.name.split('-');
    tabs.set(number, [...(tabs.get(number) ?? []), example]);
  }
  return [...tabs.values()].map((examples) => {
    const variables = examples.map(({ variables }) => JSON.parse(variables ?? '{}') as object);
    return {
      query: examples.map(({ query }) => query).join('\n'),
      variables: JSON.stringify(Object.assign({}, ...variables), null, 2),
    };
  });
};

/** `"now"`, `"now-90d"` and `"now+1d"` become times: the demo organisation's history ends when it is made. */
const withTimes = (json: string, now: Date) =>
  json.replace(/"now(?:([+-]\d+)d)?"/g, (_, days = '0') =>
    JSON.stringify(new Date(now.getTime() + Number(days) * DAY_MS).toISOString()),
  );

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
