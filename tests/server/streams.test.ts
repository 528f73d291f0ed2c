import { once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOfMany } from '../../src/core/patience.ts';
import { decodeCursor, encodeCursor, START } from '../../src/core/position.ts';
import { anAppend, event } from '../adapters/appends.ts';
import { eventStream } from '../flows/clients/event-stream.ts';
import { doors, type Opened, openSocket } from '../support/doors.ts';
import {
  FoundCommunityDocument,
  InviteMemberDocument,
  JoinCommunityDocument,
  LeaveCommunityDocument,
  PublishPostDocument,
  ViewerDocument,
} from '../support/operations/typed/graphql.ts';
import { type Asker, openService, type Service } from '../support/service.ts';

let service: Service;
let ann: Asker;
const warnings: string[] = [];
const onWarning = ({ name, message }: Error) => void warnings.push(`${name}: ${message}`);

beforeAll(async () => {
  process.on('warning', onWarning);
  service = await openService({
    PALABRE_LIMIT_HEARTBEAT_MS: '200',
    PALABRE_LIMIT_SILENCE_MS: '3000',
    PALABRE_LIMIT_STREAMS: '3',
    PALABRE_LIMIT_SOCKETS: '3',
    PALABRE_LIMIT_SOCKET_OPERATIONS: '3',
    PALABRE_LIMIT_MESSAGE_BYTES: '20000',
  });
  ann = await service.as('ann');
});
afterAll(() => service.close());

let founded = 0;
const found = async (visibility: 'PUBLIC' | 'PRIVATE' = 'PUBLIC') => {
  const slug = `community-${founded++}`;
  const { data } = await ann.ask(FoundCommunityDocument, { input: { name: slug, slug, visibility } });
  return data.foundCommunity?.community?.id ?? expect.fail('not founded');
};

const publish = async (communityId: string, body = 'x') => {
  const { data } = await ann.ask(PublishPostDocument, {
    input: { communityId, kind: 'DISCUSSION', title: 'A post', body },
  });
  return data.publishPost?.post?.id ?? expect.fail(JSON.stringify(data.publishPost?.errors));
};

const positionNow = async () => (await ann.ask(ViewerDocument, {})).extensions?.position ?? '';

/** The first thing that is no mark. */
const nextThing = async (door: Opened) => {
  for (;;) {
    const said = await door.next();
    if (said.is !== 'mark') return said;
  }
};

/** Holds a table of a read model; the answer lets go of it after whoever waits for it has lost the connection to the database. */
const cutReaders = async ([projection, table]: readonly [string, string]) => {
  const { connectionString } = service.app.database;
  const holder = new pg.Client({ connectionString });
  await holder.connect();
  const name = `"${service.app.readModels.schemaOf(projection)}"."${table}"`;
  await holder.query(`begin; lock table ${name} in access exclusive mode`);
  const waiting = `select pid from pg_locks where relation = '${name}'::regclass and not granted`;
  return async () => {
    await expect.poll(async () => (await holder.query(waiting)).rowCount).toBe(1);
    await holder.query(`select pg_terminate_backend(pid) from (${waiting}) as waiting`);
    await holder.end();
  };
};

const placeOf = (cursor: string) => decodeCursor(service.app.log.identity, cursor).position;

/** Status or close code after which clients come back by themselves; an event stream that has begun only breaks off. */
const COMING_BACK: Readonly<Record<string, number>> = {
  'GraphQL over SSE': 503,
  'GraphQL over WebSocket': 1013,
  '/events': 200,
};

describe.each(doors)('%s', (name, open) => {
  test('delivers what comes, after a mark that says where the present begins', async () => {
    const communityId = await found();
    await using door = open(service, await service.token('bob'), { communityId });
    const mark = await door.next();
    expect(mark).toMatchObject({ is: 'mark', cursor: expect.stringMatching(/./) });
    const id = await publish(communityId);
    expect(await nextThing(door)).toMatchObject({ is: 'thing', id });
  });

  test('has a heartbeat that moves the cursor past what concerns others', async () => {
    const communityId = await found();
    const hidden = await found('PRIVATE');
    await using door = open(service, await service.token('bob'), { communityId });
    const { cursor } = await door.next();
    await publish(hidden);
    const later = await positionNow();
    let said = await door.next();
    for (; placeOf(said.cursor) < placeOf(later); said = await door.next()) expect(said.is).toBe('mark');
    expect(placeOf(said.cursor)).toBeGreaterThan(placeOf(cursor));

    await using resumed = open(service, await service.token('bob'), { communityId, after: said.cursor });
    const id = await publish(communityId);
    expect(await nextThing(resumed)).toMatchObject({ is: 'thing', id });
  });

  test('begins at the beginning for whoever asks for it', async () => {
    const communityId = await found();
    const [one, two] = [await publish(communityId), await publish(communityId)];
    await using door = open(service, await service.token('bob'), { communityId, after: 'start' });
    const told: (string | null)[] = [];
    while (!told.includes(two)) told.push((await nextThing(door)).id);
    if (name !== '/events') expect(told).toEqual([one, two]);
    expect(told.filter((id) => id === one || id === two)).toEqual([one, two]);
  });

  test('ends with the token, and says so', async () => {
    const communityId = await found();
    await using door = open(service, await service.token('bob', { ttl: '2s' }), { communityId });
    const { cursor } = await door.next();
    const end = await nextThing(door);
    expect(end).toMatchObject({ is: 'end', code: 'TOKEN_EXPIRED' });
    expect(placeOf(end.cursor)).toBeGreaterThanOrEqual(placeOf(cursor));
  });

  test('says nothing more to whoever left a private community', async () => {
    const communityId = await found('PRIVATE');
    const bob = await service.as(`leaver of ${name}`);
    const { data } = await bob.ask(ViewerDocument, {});
    await ann.ask(InviteMemberDocument, { input: { communityId, memberId: data.viewer?.id ?? '' } });
    await bob.ask(JoinCommunityDocument, { input: { communityId } });
    await using door = open(service, await service.token(`leaver of ${name}`), { communityId });
    await door.next();
    const seen = await publish(communityId);
    expect(await nextThing(door)).toMatchObject({ id: seen });
    await bob.ask(LeaveCommunityDocument, { input: { communityId } });
    const unseen = await publish(communityId);
    const open_ = await publish(await found());
    const said = await nextThing(door);
    expect(said.id).not.toBe(unseen);
    if (name === '/events') expect(said.id).toBe(open_);
    else expect(said).toMatchObject({ is: 'end', code: 'NOT_FOUND' });
  });

  test('names what is wrong with a cursor, and gives a fresh one where that helps', async () => {
    const communityId = await found();
    const { identity } = service.app.log;
    const here = decodeCursor(identity, await positionNow());
    const refused = async (after: string) => {
      await using door = open(service, await service.token('bob'), { communityId, after });
      const { code, cursor } = await door.next();
      return { code, isFresh: cursor !== '' && placeOf(cursor) >= here.position };
    };
    expect(await refused('nonsense')).toEqual({ code: 'CURSOR_MALFORMED', isFresh: false });
    const elsewhere = { ...identity, logId: '00000000-0000-4000-8000-000000000000' };
    expect(await refused(encodeCursor(elsewhere, here))).toEqual({ code: 'CURSOR_OF_ANOTHER_LOG', isFresh: true });
    const earlier = { ...identity, incarnation: identity.incarnation + 1 };
    expect(await refused(encodeCursor(earlier, here))).toEqual({ code: 'CURSOR_OF_OLDER_INCARNATION', isFresh: true });
    const beyond = { ...here, position: here.position + 1_000_000n };
    expect(await refused(encodeCursor(identity, beyond))).toEqual({ code: 'CURSOR_FROM_THE_FUTURE', isFresh: true });
  });

  test('lets a member have so many open, whatever tokens they come with, and one more when one was left', async () => {
    const communityId = await found();
    const token = await service.token(`many of ${name}`);
    const another = await service.token(`many of ${name}`, { ttl: '9m' });
    const some = [token, another, ` ${token}`].map((one) => open(service, one, { communityId }));
    for (const door of some) expect((await door.next()).is).toBe('mark');
    await using refused = open(service, token, { communityId });
    expect(await refused.next()).toMatchObject({ is: 'end', code: 'TOO_MANY_STREAMS' });
    some[0]?.close();
    await expect
      .poll(async () => {
        await using again = open(service, token, { communityId });
        return (await again.next()).is;
      })
      .toBe('mark');
    for (const door of some) door.close();
  });

  test('ends before what could not be read, so that it is given whole to whoever resumes', async () => {
    const communityId = await found('PRIVATE');
    const sub = `reader at ${name}`;
    const reader = await service.as(sub);
    const { data } = await reader.ask(ViewerDocument, {});
    await ann.ask(InviteMemberDocument, { input: { communityId, memberId: data.viewer?.id ?? '' } });
    await reader.ask(JoinCommunityDocument, { input: { communityId } });
    const after = await positionNow();
    // Its answer does not read the post, so that nobody has it in memory.
    await ann.query('mutation ($input: PublishPostInput!) { publishPost(input: $input) { errors { code } } }', {
      input: { communityId, kind: 'DISCUSSION', title: 'Read twice', body: 'x' },
    });
    const token = await service.token(sub);
    const cutOff = await cutReaders(name === '/events' ? ['memberships', 'memberships'] : ['posts', 'posts']);
    await using door = open(service, token, { communityId, after });
    const heard = door.next();
    await cutOff();
    const end = await heard;
    expect(end).toMatchObject({ is: 'end', code: 'LOG_UNAVAILABLE', id: null });
    expect(end.text).not.toContain('"data"');
    await using resumed = open(service, token, { communityId, after: end.cursor || after });
    const given = await nextThing(resumed);
    expect(given).toMatchObject({ is: 'thing', id: expect.stringMatching(/./) });
    const query = 'query ($id: ID!) { node(id: $id) { ... on Post { title } } }';
    expect(await reader.query(query, { id: given.id })).toMatchObject({ data: { node: { title: 'Read twice' } } });
  });

  test('is told to come back where an outage keeps it from beginning', async () => {
    const communityId = await found('PRIVATE');
    const sub = `early at ${name}`;
    const early = await service.as(sub);
    const { data } = await early.ask(ViewerDocument, {});
    await ann.ask(InviteMemberDocument, { input: { communityId, memberId: data.viewer?.id ?? '' } });
    await early.ask(JoinCommunityDocument, { input: { communityId } });
    const token = await service.token(sub);
    const after = await positionNow();
    await publish(communityId);
    const cutOff = await cutReaders(['memberships', 'memberships']);
    await using door = open(service, token, { communityId, after });
    const heard = door.next();
    await cutOff();
    expect(await heard).toMatchObject({ is: 'end', code: 'LOG_UNAVAILABLE', how: COMING_BACK[name] });
  });

  test.each(['nobody', ''])('lets nobody in with the token %j', async (token) => {
    await using door = open(service, token, { communityId: await found() });
    expect(await door.next()).toMatchObject({ is: 'end', code: 'UNAUTHENTICATED' });
  });
});

test('each of many subscribers is told where their own stream began, in every delivery', async () => {
  const communityId = await found();
  const before = await positionNow();
  const first = await publish(communityId);
  const document = `subscription ($communityId: ID!, $after: String) {
    postPublished(communityId: $communityId, after: $after) { cursor caughtUp startedAt post { id } }
  }`;
  const bob = await service.as('bob');
  type Told = { postPublished: { startedAt: string; post: { id: string } | null } };
  const follow = (after?: string) => {
    const said = bob.subscribeTo(document, { communityId, after });
    return async (last: string) => {
      const started = new Set<string>();
      for (;;) {
        const { data } = (await said.next()).value as { data: Told };
        started.add(data.postPublished.startedAt);
        if (data.postPublished.post?.id === last) return [...started].map(placeOf);
      }
    };
  };
  const following = [follow(before), follow(before), follow('start')];
  await Promise.all(following.map((until) => until(first)));
  const now = placeOf(await positionNow());
  const fresh = (await service.as('carl')).subscribeTo(document, { communityId });
  const mark = (await fresh.next()).value as { data: Told };
  const second = await publish(communityId);
  expect(await Promise.all(following.map((until) => until(second)))).toEqual([
    [placeOf(before)],
    [placeOf(before)],
    [START.position],
  ]);
  expect(placeOf(mark.data.postPublished.startedAt)).toBeGreaterThanOrEqual(now);
  await fresh.return(undefined);
});

describe('a client that takes nothing', () => {
  /** A delivery of a long post is more than a megabyte. */
  const MUCH = `subscription ($communityId: ID!, $after: String) {
    postPublished(communityId: $communityId, after: $after) { cursor post { id ${'abcdefgh'.replace(/./g, '$&: body ')} } }
  }`;

  /** A connection whose client reads when it wants to. */
  const ask = (lines: readonly string[], body = '') => {
    const { hostname, port } = new URL(service.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    const length = body && [`Content-Length: ${Buffer.byteLength(body)}`, 'Content-Type: application/json'];
    socket.write(`${[...lines, `Host: ${hostname}`, 'Connection: close', ...length].join('\r\n')}\r\n\r\n${body}`);
    return socket;
  };

  const restOf = async (socket: ReturnType<typeof connect>) => {
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    socket.resume();
    await once(socket, 'close');
    return text;
  };

  test('is closed with a reason and its last cursor once it took no byte for too long, and is resumed from there', async () => {
    const communityId = await found();
    const after = await positionNow();
    const ids: string[] = [];
    for (let n = 0; n < 8; n++) ids.push(await publish(communityId, '😀'.repeat(39_000)));
    const token = await service.token('sleeper');
    const { tooSlow } = service.streams();
    const socket = ask(
      ['POST /graphql HTTP/1.1', `Authorization: Bearer ${token}`, 'Accept: text/event-stream'],
      JSON.stringify({ query: MUCH, variables: { communityId, after } }),
    );
    await once(socket, 'readable');
    socket.pause();
    await expect.poll(() => service.streams().tooSlow, { timeout: 20_000 }).toBe(tooSlow + 1);
    const text = await restOf(socket);
    const cursor = /"code":"CONSUMER_TOO_SLOW".*?"cursor":"([\w-]+)"/.exec(text)?.[1] ?? expect.fail(text.slice(-500));
    const before = ids.filter((id) => text.includes(id));
    expect(before.length).toBeLessThan(ids.length);

    await using resumed = doors[0]?.[1](service, token, { communityId, after: cursor }) ?? expect.fail();
    const rest: (string | null)[] = [];
    while (before.length + rest.length < ids.length) rest.push((await nextThing(resumed)).id);
    expect([...before, ...rest]).toEqual(ids);
  }, 60_000);

  test('is told so on a WebSocket too, behind what was on its way', async () => {
    const communityId = await found();
    const after = await positionNow();
    const ids: string[] = [];
    for (let n = 0; n < 8; n++) ids.push(await publish(communityId, '😀'.repeat(39_000)));
    const token = await service.token('sleeper on a socket');
    const { tooSlow } = service.streams();
    const { socket, next, send } = openSocket(service);
    send({ type: 'connection_init', payload: { token } });
    await next();
    send({ type: 'subscribe', id: '1', payload: { query: MUCH, variables: { communityId, after } } });
    const heard = [await next()];
    socket.pause();
    await expect.poll(() => service.streams().tooSlow, { timeout: 20_000 }).toBe(tooSlow + 1);
    socket.resume();
    while (heard.at(-1)?.type !== 'closed') heard.push(await next());
    expect(heard.at(-1)).toMatchObject({ code: 1013, reason: expect.stringMatching(/^CONSUMER_TOO_SLOW/) });
    const last = heard.at(-2) as { type: string; payload?: { data?: { postPublished?: { cursor: string } } } };
    const { cursor } = last.payload?.data?.postPublished ?? expect.fail(last.type);
    const text = JSON.stringify(heard);
    const before = ids.filter((id) => text.includes(id));
    expect(before.length).toBeLessThan(ids.length);

    await using resumed = doors[1]?.[1](service, token, { communityId, after: cursor }) ?? expect.fail();
    const rest: (string | null)[] = [];
    while (before.length + rest.length < ids.length) rest.push((await nextThing(resumed)).id);
    expect([...before, ...rest]).toEqual(ids);
  }, 60_000);

  test('is told so on /events too, with its last cursor', async () => {
    const after = await positionNow();
    const status = 'x'.repeat(250_000);
    const ids = Array.from({ length: 32 }, () => crypto.randomUUID());
    await service.app.log.append(
      ids.map((id) => anAppend({ events: [{ ...event({ projectId: id, status }, 'ProjectStatusChanged'), id }] })),
    );
    const token = await service.token('sleeper at /events', { roles: ['analyst'] });
    const { tooSlow } = service.streams();
    const path = `/events?types=ProjectStatusChanged&after=${after}`;
    const socket = ask([`GET ${path} HTTP/1.1`, `Authorization: Bearer ${token}`]);
    await once(socket, 'readable');
    socket.pause();
    await expect.poll(() => service.streams().tooSlow, { timeout: 20_000 }).toBe(tooSlow + 1);
    const text = await restOf(socket);
    const cursor =
      /event: end\r?\ndata: .*"code":"CONSUMER_TOO_SLOW".*"cursor":"([\w-]+)"/.exec(text)?.[1] ??
      expect.fail(text.slice(-500));
    const before = ids.filter((id) => text.includes(id));
    expect(before.length).toBeLessThan(ids.length);

    const rest: string[] = [];
    const response = await fetch(`${service.url}/events?types=ProjectStatusChanged&after=${after}`, {
      headers: { authorization: `Bearer ${token}`, 'last-event-id': cursor },
    });
    for await (const { event, data } of eventStream(response)) {
      if (event === 'caught-up') break;
      if (data) rest.push(JSON.parse(data).id);
    }
    expect([...before, ...rest]).toEqual(ids);
  }, 60_000);

  test('holds up nobody else', async () => {
    const communityId = await found();
    const token = await service.token('sleeper too');
    const sleeping = ask(['GET /events HTTP/1.1', `Authorization: Bearer ${token}`]);
    await once(sleeping, 'readable');
    sleeping.pause();
    await using awake = doors[2]?.[1](service, token, { communityId }) ?? expect.fail();
    await awake.next();
    const id = await publish(communityId);
    expect((await nextThing(awake)).id).toBe(id);
    sleeping.destroy();
  });
});

describe('a WebSocket', () => {
  const until = async (socket: ReturnType<typeof openSocket>, type: string) => {
    for (;;) {
      const heard = await socket.next();
      if (heard.type === type) return heard;
    }
  };
  const opened = async (sub: string) => {
    const socket = openSocket(service);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${await service.token(sub)}` } });
    await until(socket, 'connection_ack');
    return socket;
  };

  test('answers queries and mutations with their position too', async () => {
    const socket = await opened('asker');
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ viewer { id } }' } });
    const { payload } = await until(socket, 'next');
    expect(payload).toMatchObject({
      data: { viewer: { id: expect.any(String) } },
      extensions: { position: expect.any(String) },
    });
    expect((await until(socket, 'complete')).type).toBe('complete');
    socket.close();
  });

  test('tells what is wrong with a document, under a code, without naming what it might have meant', async () => {
    const socket = await opened('writer');
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ viewr { id } }' } });
    const { payload } = await until(socket, 'error');
    const requestId = expect.any(String);
    expect(payload).toEqual([
      expect.objectContaining({ extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId } }),
    ]);
    const twice = 'query A { __typename } query B { __typename }';
    socket.send({ type: 'subscribe', id: '2', payload: { query: twice } });
    expect((await until(socket, 'error')).payload).toMatchObject([
      { extensions: { code: 'OPERATION_RESOLUTION_FAILURE', requestId } },
    ]);
    socket.send({ type: 'subscribe', id: '3', payload: { query: '{ communities(first: 0) { totalCount } }' } });
    expect((await until(socket, 'next')).payload).toMatchObject({
      errors: [{ extensions: { code: 'PAGE_SIZE_OUT_OF_RANGE', requestId } }],
    });
    expect(JSON.stringify(payload)).not.toContain('Did you mean');
    socket.close();
  });

  test('has so many operations at once, and one more when one ended', async () => {
    const communityId = await found();
    const socket = await opened('busy');
    const payload = {
      query: 'subscription ($id: ID!) { postPublished(communityId: $id) { cursor } }',
      variables: { id: communityId },
    };
    for (const id of ['1', '2', '3', '4']) socket.send({ type: 'subscribe', id, payload });
    expect((await until(socket, 'error')).payload).toMatchObject([{ extensions: { code: 'TOO_MANY_STREAMS' } }]);
    socket.send({ type: 'complete', id: '1' });
    socket.send({ type: 'subscribe', id: '5', payload: { query: '{ viewer { id } }' } });
    for (;;) {
      const heard = await until(socket, 'next');
      if ((heard as { id?: string }).id === '5') break;
    }
    socket.close();
  });

  test.each([
    ['with a message before its token', { type: 'subscribe', id: '1', payload: { query: '{ __typename }' } }, 4401],
    ['with what is no message', { type: 'hello' }, 4400],
    ['with too long a message', { type: 'ping', payload: { text: 'x'.repeat(21_000) } }, 1009],
    ['with a wrong token', { type: 'connection_init', payload: { authorization: 'Bearer nobody' } }, 4401],
    ['without a token', { type: 'connection_init' }, 4401],
  ])('is closed %s', async (_, message, code) => {
    const socket = openSocket(service);
    socket.send(message);
    expect(await until(socket, 'closed')).toMatchObject({ code });
  });

  test('is closed at the end of its token, or with a token that has ended, with 4403, after which clients get a new one', async () => {
    for (const ttl of ['2s', '40s ago']) {
      const socket = openSocket(service);
      socket.send({ type: 'connection_init', payload: { token: await service.token('short', { ttl }) } });
      expect(await until(socket, 'closed')).toMatchObject({ code: 4403 });
    }
  });

  test('says nothing of an end before it is closed, neither that an operation is complete nor that it failed', async () => {
    const communityId = await found();
    const socket = openSocket(service);
    socket.send({ type: 'connection_init', payload: { token: await service.token('short', { ttl: '2s' }) } });
    await until(socket, 'connection_ack');
    const query = 'subscription ($id: ID!) { postPublished(communityId: $id) { cursor } }';
    for (const id of ['1', '2'])
      socket.send({ type: 'subscribe', id, payload: { query, variables: { id: communityId } } });
    const heard = [await socket.next()];
    while (heard.at(-1)?.type !== 'closed') heard.push(await socket.next());
    expect(heard.length).toBeGreaterThan(2);
    for (const { type, payload } of heard.slice(0, -1))
      expect({ type, payload }).toEqual({ type: 'next', payload: { data: expect.anything() } });
  });

  test('is closed with 1013 where there are too many, after which clients try again later', async () => {
    const sockets = await Promise.all([opened('many'), opened('many'), opened('many')]);
    const socket = openSocket(service);
    socket.send({ type: 'connection_init', payload: { token: await service.token('many') } });
    expect(await until(socket, 'closed')).toMatchObject({
      code: 1013,
      reason: expect.stringMatching(/^TOO_MANY_STREAMS/),
    });
    for (const each of sockets) each.close();
  });

  test('is closed when no token comes in time', async () => {
    expect(await until(openSocket(service), 'closed')).toMatchObject({ code: 4408 });
  });

  test('is not opened for a page of another origin, or elsewhere', async () => {
    expect(await until(openSocket(service, { origin: 'https://evil.example' }), 'refused')).toMatchObject({
      code: 403,
    });
    expect(await until(openSocket(service, { path: '/events' }), 'refused')).toMatchObject({ code: 404 });
    const own = openSocket(service, { origin: service.url });
    await once(own.socket, 'open');
    own.close();
  });
});

describe('/events', () => {
  const get = async (query: string, headers: Record<string, string> = {}, roles = ['member']) =>
    fetch(`${service.url}/events${query}`, {
      headers: { authorization: `Bearer ${await service.token(`reader ${roles}`, { roles })}`, ...headers },
    });

  const eventsOf = async (query: string, headers: Record<string, string> = {}, roles = ['member']) => {
    const events: { readonly id: string; readonly type: string; readonly data: object }[] = [];
    for await (const { event, data } of eventStream(await get(query, headers, roles))) {
      if (event === 'caught-up') break;
      if (event === '' && data) events.push(JSON.parse(data));
    }
    return events;
  };

  test('tells analysts exactly what the log holds', async () => {
    const after = await positionNow();
    const communityId = await found('PRIVATE');
    await publish(communityId);
    const told = await eventsOf(`?after=${after}`, {}, ['analyst']);
    const { events } = await service.app.log.readAll({ after: decodeCursor(service.app.log.identity, after) });
    expect(told.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(told.map(({ type }) => type)).toContain('io.palabre.KeyClaimed');
  });

  test('tells members neither what they do not see nor what anybody typed', async () => {
    await (await service.as('reader member')).ask(ViewerDocument, {});
    const after = await positionNow();
    await publish(await found('PRIVATE'), 'a secret');
    const id = await publish(await found(), 'a public text');
    const told = await eventsOf(`?after=${after}`);
    expect(told.map(({ type }) => type).sort()).toEqual(
      ['CommunityFounded', 'MemberJoined', 'PostPublished'].map((type) => `io.palabre.${type}`),
    );
    expect(told.at(-1)).toMatchObject({ specversion: '1.0', subject: id });
    expect(JSON.stringify(told)).not.toMatch(/sealed|secret|public text/);
  });

  test('goes on after Last-Event-ID, whatever the address says', async () => {
    const start = await positionNow();
    const communityId = await found();
    const [first, second] = [await publish(communityId), await publish(communityId)];
    const all = await eventsOf(`?after=${start}&types=PostPublished`);
    expect(all.map((event) => (event as { subject?: string }).subject)).toEqual([first, second]);
    const { position } = all[0] as unknown as { position: string };
    const rest = await eventsOf(`?after=${start}&types=PostPublished`, { 'last-event-id': position });
    expect(rest.map(({ id }) => id)).toEqual([all[1]?.id]);
  });

  test('begins at the beginning for whoever wants everything', async () => {
    const [first] = await eventsOf('?after=start&types=MemberRegistered,CommunityFounded');
    expect(first?.type).toBe('io.palabre.MemberRegistered');
  });

  test('takes types by the name that events carry, and by the bare one', async () => {
    const [bare, told] = await Promise.all(
      ['CommunityFounded', 'io.palabre.CommunityFounded'].map((type) => eventsOf(`?after=start&types=${type}`)),
    );
    expect(bare?.length).toBeGreaterThan(0);
    expect(told).toEqual(bare);
  });

  test('has an index of what can be told, each with its schema, for whoever asks', async () => {
    const response = await fetch(`${service.url}/events/schemas`);
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    const { types } = (await response.json()) as { types: { type: string; dataschema: string; scope: string }[] };
    const told = types.find(({ type }) => type === 'io.palabre.PostPublished');
    expect(told).toMatchObject({ dataversion: 1, scope: 'posts:read' });
    expect(types.map(({ type }) => type)).not.toContain('io.palabre.PostDrafted');
    for (const { type, dataschema } of types)
      expect(await (await fetch(dataschema)).json()).toMatchObject({ $id: dataschema, title: type });
  });

  test.each([
    ['?types=Nothing', 'BAD_USER_INPUT', /"Nothing"/],
    ['?after=nonsense', 'CURSOR_MALFORMED', /cursor/],
    ['?from=start', 'BAD_USER_INPUT', /"from"/],
    ['?type=PostPublished', 'BAD_USER_INPUT', /"type"/],
    ['?after=start&after=start', 'BAD_USER_INPUT', /after/],
  ])('refuses %s, by name', async (query, code, message) => {
    const response = await get(query);
    const error = { message: expect.stringMatching(message), extensions: { code } };
    expect([response.status, await response.json()]).toMatchObject([400, { errors: [error] }]);
  });

  test('refuses a token that is for something else', async () => {
    const response = await fetch(`${service.url}/events`, {
      headers: { authorization: `Bearer ${await service.token('narrow', { scope: 'figures:read' })}` },
    });
    expect([response.status, await response.json()]).toMatchObject([
      403,
      { errors: [{ extensions: { code: 'FORBIDDEN' } }] },
    ]);
  });

  test('says 401 without a token', async () => {
    const response = await fetch(`${service.url}/events`);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });
});

test('nobody takes many who follow at once for a leak', async () => {
  const leaving = endOfMany();
  const token = await service.token('many on one socket');
  const followers = Array.from({ length: 12 }, () =>
    service.app.log.subscribe({ after: START, signal: leaving.signal })[Symbol.asyncIterator](),
  );
  await Promise.all(followers.map((follower) => follower.next()));
  leaving.abort();
  await Promise.all(followers.map((follower) => follower.return?.()));
  await using door = doors[1]?.[1](service, token, { communityId: await found() }) ?? expect.fail();
  await door.next();
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});

test('a server that stops ends its streams with a reason', async () => {
  const another = await openService();
  const asker = await another.as('ann');
  const { data } = await asker.ask(FoundCommunityDocument, { input: { name: 'Last', slug: 'last' } });
  const communityId = data.foundCommunity?.community?.id ?? expect.fail();
  const token = await another.token('ann');
  const opened = doors.map(([, open]) => open(another, token, { communityId }));
  for (const door of opened) await door.next();
  const ends = Promise.all(opened.map(nextThing));
  await another.close();
  for (const end of await ends) expect(end).toMatchObject({ is: 'end', code: 'SERVER_STOPPING' });
});
