import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { doors } from '../support/doors.ts';
import { FoundCommunityDocument } from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;
let operator: pg.Client;

beforeAll(async () => {
  service = await openService();
  ann = await service.as('ann');
  operator = new pg.Client({ connectionString: service.app.database.connectionString });
  await operator.connect();
});
afterAll(async () => {
  await operator.end();
  await service.close();
});

/** Puts a table of a read model out of reach while something runs. */
const without = async (projection: string, table: string, run: () => Promise<void>) => {
  const schema = `"${service.app.readModels.schemaOf(projection)}"`;
  await operator.query(`alter table ${schema}."${table}" rename to hidden`);
  try {
    await run();
  } finally {
    await operator.query(`alter table ${schema}.hidden rename to "${table}"`);
  }
};

const UNDEFINED_TABLE = '42P01';

describe('a fault of ours is logged under the request id of the answer, which says nothing of it', () => {
  test('on a request', async () => {
    const logged = vi.spyOn(service.app.logger, 'error');
    await without('communities', 'communities', async () => {
      const { data, errors } = await ann.query(
        '{ communities { nodes { slug } } }',
        {},
        { 'x-request-id': 'asked-by-ann' },
      );
      expect(data).toEqual({ communities: null });
      const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: 'asked-by-ann' };
      expect(errors).toMatchObject([
        { message: expect.stringContaining('request id'), path: ['communities'], extensions },
      ]);
      expect(JSON.stringify(errors)).not.toMatch(/hidden|relation|stack/);
    });
    expect(logged.mock.calls).toEqual([
      [{ err: expect.objectContaining({ code: UNDEFINED_TABLE }), requestId: 'asked-by-ann' }, 'A request failed.'],
    ]);
    logged.mockRestore();
  });

  test.each(doors.slice(0, 2))('on %s', async (name, open) => {
    const slug = name.toLowerCase().replaceAll(' ', '-');
    const { data } = await ann.ask(FoundCommunityDocument, { input: { name: slug, slug } });
    const communityId = data.foundCommunity?.community?.id ?? expect.fail(JSON.stringify(data));
    const after = (await ann.query('{ viewer { id } }')).extensions?.position;
    // Its answer does not read the post, so that nobody has it in memory.
    await ann.query('mutation ($input: PublishPostInput!) { publishPost(input: $input) { errors { code } } }', {
      input: { communityId, kind: 'DISCUSSION', title: 'A post', body: 'Which cannot be read.' },
    });
    const logged = vi.spyOn(service.app.logger, 'error');
    await without('posts', 'posts', async () => {
      await using door = open(service, await service.token(`reader at ${slug}`), { communityId, after });
      let said = await door.next();
      while (said.is === 'mark') said = await door.next();
      expect(said).toMatchObject({ is: 'end', code: 'INTERNAL_SERVER_ERROR' });
      const requestId = /"requestId":"([\w-]+)"/.exec(said.text)?.[1] ?? expect.fail(said.text);
      expect(logged.mock.calls).toContainEqual([
        { err: expect.objectContaining({ code: UNDEFINED_TABLE }), requestId },
        'A request failed.',
      ]);
    });
    logged.mockRestore();
  });
});
