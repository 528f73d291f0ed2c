import { expect } from 'vitest';
import type { Received } from './receiver.ts';
import type { Asker } from './service.ts';

/** Webhooks to this machine, tried again soon. */
export const HASTY_WEBHOOKS = { PALABRE_WEBHOOKS_LOOPBACK: '1', PALABRE_WEBHOOK_RETRIES: '20ms,40ms,40ms' };

/** The first field of an answer; throws where there are errors. */
export const first = async <R>(asker: Asker, document: string, variables: object = {}): Promise<R> => {
  const { data, errors } = await asker.query(document, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return Object.values(data as Record<string, R>)[0] as R;
};

type Errors = { readonly errors: readonly { readonly code: string; readonly path: readonly string[] | null }[] };
type Delivery = {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly attempts: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
};
type Shown = { readonly state: string; readonly reason: string | null; readonly deliveries: { nodes: Delivery[] } };
type Made = Errors & {
  readonly webhook: { readonly id: string } | null;
  readonly secret: string | null;
  isRepeated: boolean;
};

export const create = (asker: Asker, input: object) =>
  first<Made>(
    asker,
    `mutation ($input: CreateWebhookInput!) {
       createWebhook(input: $input) { webhook { id } secret isRepeated errors { code path } position }
     }`,
    { input },
  );
export const made = async (asker: Asker, input: { readonly url: string; readonly [field: string]: unknown }) => {
  const { webhook, secret, errors } = await create(asker, input);
  expect(errors).toEqual([]);
  return { id: webhook?.id ?? expect.fail('not made'), secret: secret ?? expect.fail('no secret') };
};
export const show = (asker: Asker, id: string) =>
  first<Shown | null>(
    asker,
    `query ($id: ID!) { webhook(id: $id) {
       state reason deliveries(first: 50) { nodes { id type state attempts status error answer } }
     } }`,
    { id },
  );
export const act = (asker: Asker, name: string, input: object) =>
  first<Made>(
    asker,
    `mutation ($input: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!) {
       ${name}(input: $input) { isRepeated errors { code path } ${name === 'rotateWebhookSecret' ? 'secret' : ''} }
     }`,
    { input },
  );
/** Looks until something is so: delivered things are written down a moment after the receiver has answered. */
export const eventually = async <R>(look: () => Promise<R>, isSo: (found: R) => boolean): Promise<R> => {
  for (;;) {
    const found = await look();
    if (isSo(found)) return found;
  }
};
export const deliveriesOf = async (asker: Asker, id: string, isSo: (all: Delivery[]) => boolean) =>
  eventually(async () => (await show(asker, id))?.deliveries.nodes ?? [], isSo);

let slugs = 0;
export const found = async (asker: Asker, visibility: 'PUBLIC' | 'PRIVATE' = 'PUBLIC') => {
  const slug = `hooked-${++slugs}`;
  const { community } = await first<{ community: { id: string } }>(
    asker,
    'mutation ($input: FoundCommunityInput!) { foundCommunity(input: $input) { community { id } } }',
    { input: { name: slug, slug, visibility } },
  );
  return community.id;
};
export const publish = async (asker: Asker, communityId: string, title = 'A title that nobody else reads') => {
  const { post } = await first<{ post: { id: string } }>(
    asker,
    'mutation ($input: PublishPostInput!) { publishPost(input: $input) { post { id } } }',
    { input: { communityId, kind: 'DISCUSSION', title, body: title } },
  );
  return post.id;
};
/** The posts that requests were about. */
export const subjects = (received: readonly Received[]) =>
  received.map(({ event }) => (event.data as { postId?: string }).postId);
