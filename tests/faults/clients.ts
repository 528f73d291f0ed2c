import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from './deployment.ts';
import type { Publication } from './history.ts';

/** Between two tries, in milliseconds: whoever knocks at a closed door all the time takes the time that opening it needs. */
const PAUSE = 100;

type Answer<T> = {
  readonly data?: T;
  readonly errors?: readonly { message: string; extensions?: { code?: string } }[];
};

/** Sends one operation; throws when no whole answer comes. */
export const ask = async <T>({ url, token }: Deployment, query: string, variables: object): Promise<Answer<T>> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  return (await response.json()) as Answer<T>;
};

const FOUND = `mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { community { id } errors { message } } }`;

export const foundCommunity = async (deployment: Deployment, slug: string): Promise<string> => {
  const { data, errors } = await ask<{
    foundCommunity: { community: { id: string } | null; errors: { message: string }[] };
  }>(deployment, FOUND, {
    input: { name: slug, slug, idempotencyKey: slug },
  });
  const id = data?.foundCommunity.community?.id;
  if (!id) throw new Error(`No community was founded: ${JSON.stringify({ data, errors })}`);
  return id;
};

const PUBLISH = `mutation ($input: PublishPostInput!) { publishPost(input: $input) { post { id } errors { code message } position } }`;
type Published = {
  publishPost: {
    post: { id: string } | null;
    errors: { code: string; message: string }[];
    position: string | null;
  } | null;
};

/**
 * Publishes one post after the other until told to stop. A publication that gets no answer is asked again with the same
 * key, so in the end it is stored once, whatever was killed in between.
 */
export const publishUntil = async (
  deployment: Deployment,
  communityId: string,
  writer: string,
  { stopped, onAcknowledged }: { stopped: AbortSignal; onAcknowledged: () => void },
): Promise<Publication[]> => {
  const publications: Publication[] = [];
  for (let n = 0; !stopped.aborted; n++) {
    const key = `${writer}-${n}`;
    const asked = performance.now();
    const acknowledged = await publish(deployment, communityId, key);
    publications.push({ key, asked, acknowledged });
    if (acknowledged) onAcknowledged();
  }
  return publications;
};

const publish = async (deployment: Deployment, communityId: string, key: string) => {
  const input = { communityId, kind: 'DISCUSSION', title: key, body: `The text of ${key}.`, idempotencyKey: key };
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; ) {
    try {
      const { data } = await ask<Published>(deployment, PUBLISH, { input });
      const payload = data?.publishPost;
      if (payload?.errors.length) throw new Rejected(`${key}: ${JSON.stringify(payload.errors)}`);
      if (payload?.post) return { at: performance.now(), postId: payload.post.id };
    } catch (error) {
      if (error instanceof Rejected) throw error;
    }
    await sleep(PAUSE);
  }
  return null;
};

class Rejected extends Error {}

const FOLLOW = `subscription ($communityId: ID!, $after: String) { postPublished(communityId: $communityId, after: $after) { cursor post { id } } }`;

/** Follows a community over every break, each time from the last cursor; done once it was given `enough()` posts. */
export const follow = async (
  deployment: Deployment,
  communityId: string,
  start: string | null,
  enough: () => number,
): Promise<string[]> => {
  const postIds: string[] = [];
  let after = start;
  while (postIds.length < enough()) {
    try {
      for await (const { cursor, post } of subscribe(
        deployment,
        { communityId, after },
        () => postIds.length >= enough(),
      )) {
        after = cursor;
        if (post) postIds.push(post.id);
      }
    } catch {}
    await sleep(PAUSE);
  }
  return postIds;
};

type Delivery = { readonly cursor: string; readonly post: { readonly id: string } | null };

async function* subscribe(
  { url, token }: Deployment,
  variables: object,
  done: () => boolean,
): AsyncGenerator<Delivery> {
  const closing = new AbortController();
  // Whoever has all that there is hears no more: somebody has to look.
  const look = setInterval(() => done() && closing.abort(), 100);
  try {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: FOLLOW, variables }),
      signal: closing.signal,
    });
    let text = '';
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const frames = (text + chunk).split('\n\n');
      text = frames.pop() ?? '';
      for (const frame of frames) {
        const line = frame.split('\n').find((each) => each.startsWith('data: {'));
        if (!line) continue;
        const { data, errors } = JSON.parse(line.slice(6)) as Answer<{ postPublished: Delivery }>;
        // What could not be read while the database was away did not count: its cursor is not gone on from.
        if (errors?.length) throw new Error(JSON.stringify(errors));
        if (data?.postPublished) yield data.postPublished;
      }
    }
  } finally {
    clearInterval(look);
    closing.abort();
  }
}
