import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTrustedDocuments } from '../../src/server/trusted-documents.ts';
import { openSocket } from '../support/doors.ts';
import { openService, type Service } from '../support/service.ts';

const manifest = fileURLToPath(new URL('../support/operations/typed/persisted-documents.json', import.meta.url));

describe('a manifest', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'palabre-manifest-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const write = async (text: string) => {
    const file = join(folder, 'manifest.json');
    await writeFile(file, text);
    return file;
  };

  test.each([
    ['is not JSON', 'nonsense'],
    ['is a list', '[]'],
    ['has another text than its id says', JSON.stringify({ [`sha256:${'0'.repeat(64)}`]: '{ __typename }' })],
  ])('that %s stops the start, by name', async (_, text) => {
    const file = await write(text);
    await expect(openTrustedDocuments({ mode: 'prefer', file })).rejects.toThrow(
      `PALABRE_TRUSTED_DOCUMENTS names ${file}`,
    );
  });

  test('that is not there stops the start', async () => {
    const file = join(folder, 'nothing.json');
    await expect(openTrustedDocuments({ mode: 'require', file })).rejects.toThrow(file);
  });

  test('may have ids without their prefix, and is preferred to nothing', async () => {
    const text = '{ __typename }';
    const id = createHash('sha256').update(text).digest('hex');
    const trusted = await openTrustedDocuments({ mode: 'prefer', file: await write(JSON.stringify({ [id]: text })) });
    expect(trusted.textOf({ documentId: `sha256:${id.toUpperCase()}` })).toBe(text);
    expect(trusted.textOf({ extensions: { persistedQuery: { version: 1, sha256Hash: id } } })).toBe(text);
    expect(trusted.textOf({ query: '{ a }' })).toBe('{ a }');
    expect(trusted.textOf({})).toBeUndefined();
  });
});

describe('a server that requires trusted documents', () => {
  let service: Service;
  let token: string;
  let documents: [string, string][];
  beforeAll(async () => {
    service = await openService({ PALABRE_TRUSTED_DOCUMENTS: manifest, PALABRE_TRUSTED_DOCUMENTS_MODE: 'require' });
    token = await service.token('ann');
    documents = Object.entries(JSON.parse(await readFile(manifest, 'utf8')) as Record<string, string>);
  });
  afterAll(() => service.close());

  const headers = (accept: string) => ({
    'content-type': 'application/json',
    accept,
    authorization: `Bearer ${token}`,
  });
  const idOf = (operation: string) => documents.find(([, text]) => text.includes(operation))?.[0] ?? '';
  const post = async (body: object, accept = 'application/json') => {
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: headers(accept),
      body: JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  const get = async (parameters: Record<string, string>, accept = 'application/json') => {
    const address = `${service.url}/graphql?${new URLSearchParams(parameters)}`;
    const response = await fetch(address, { headers: headers(accept) });
    return { status: response.status, allow: response.headers.get('allow'), text: await response.text() };
  };

  test('answers their ids, by POST and by GET', async () => {
    for (const answer of [
      await post({ documentId: idOf('query Viewer') }),
      await get({ documentId: idOf('query Viewer') }),
    ]) {
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.text).data.viewer.name).toBe('ann');
    }
  });

  test('takes variables by GET, and refuses such that are no JSON', async () => {
    const documentId = idOf('query CommunityPage');
    const answer = await get({ documentId, variables: '{"slug":"none"}' });
    expect(JSON.parse(answer.text).data).toEqual({ community: null });
    expect((await get({ documentId, variables: '{' })).status).toBe(400);
  });

  test.each(['application/json', 'text/event-stream'])('refuses texts, also for %s', async (accept) => {
    for (const text of ['{ __typename }', documents[0]?.[1] ?? ''])
      expect((await post({ query: text }, accept)).text).toContain('DOCUMENT_NOT_TRUSTED');
    expect(await get({ query: '{ __typename }' }, accept)).toMatchObject({ status: 405, allow: 'POST' });
  });

  test('asks the same of WebSockets', async () => {
    const { socket, send, next, close } = openSocket(service);
    send({ type: 'connection_init', payload: { token } });
    await next();
    const ask = async (id: string, payload: object) => {
      send({ type: 'subscribe', id, payload });
      for (;;) {
        const heard = await next();
        if (heard.type === 'next' || heard.type === 'error') return JSON.stringify(heard.payload);
      }
    };
    expect(socket.readyState).toBe(socket.OPEN);
    for (const text of ['{ __typename }', documents[0]?.[1] ?? ''])
      expect(await ask('1', { query: text })).toContain('DOCUMENT_NOT_TRUSTED');
    expect(await ask('2', { query: '', extensions: { documentId: 'sha256:00' } })).toContain('DOCUMENT_NOT_FOUND');
    const { data } = JSON.parse(await ask('3', { query: '', extensions: { documentId: idOf('query Viewer') } }));
    expect(data.viewer.name).toBe('ann');
    close();
  });

  test('refuses ids that it does not know', async () => {
    expect((await post({ documentId: 'sha256:00' })).text).toContain('DOCUMENT_NOT_FOUND');
    expect((await post({ documentId: 'sha256:00', query: '{ __typename }' })).text).toContain('DOCUMENT_NOT_FOUND');
  });

  test('changes nothing by GET', async () => {
    const documentId = idOf('mutation FoundCommunity');
    const input = { name: 'By GET', slug: 'by-get', visibility: 'PUBLIC' };
    const { status, allow } = await get({ documentId, variables: JSON.stringify({ input }) });
    expect([status, allow]).toEqual([405, 'POST']);
    const page = await post({ documentId: idOf('query CommunityPage'), variables: { slug: 'by-get' } });
    expect(JSON.parse(page.text).data).toEqual({ community: null });
  });

  test('holds trusted documents to its limits as well', async () => {
    const { text } = await post({ documentId: idOf('query HomeFeed'), variables: { first: 101 } });
    expect(text).toContain('PAGE_SIZE_OUT_OF_RANGE');
    expect(JSON.parse(text).extensions.cost.requestedQueryCost).toBe(102);
  });
});
