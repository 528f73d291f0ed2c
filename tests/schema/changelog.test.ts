import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

test('what was released stands under the version of the package, and what was not above it', () => {
  const sections = [...read('schema/CHANGELOG.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
  expect(sections.slice(0, 2)).toEqual(['Unreleased', JSON.parse(read('package.json')).version]);
});

test('what is released is not called unreleased', () => {
  const [, unreleased = ''] = /^## Unreleased$(.*?)^## /ms.exec(read('schema/CHANGELOG.md')) ?? [];
  const released = read('schema/released.graphql');
  const root = /^type (Query|Mutation|Subscription) \{$(.*?)^\}/gms;
  const fieldsOf = (text: string) =>
    [...text.matchAll(root)].flatMap(([, , fields = '']) =>
      [...fields.matchAll(/^ {2}(\w+)[(:]/gm)].map(([, name]) => name),
    );
  const added = fieldsOf(read('schema/schema.graphql')).filter((name) => !fieldsOf(released).includes(name));
  for (const name of added) expect(unreleased).toContain(`\`${name}\``);
});
