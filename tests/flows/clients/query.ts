import type { TypedDocumentString } from '../../support/operations/typed/graphql.ts';

/** Where the server is, and how to get a token that is good now. */
export type Server = { readonly url: string; readonly token: () => Promise<string> };

/** What came back, and the place in the log at which it is true: follow from there and nothing is missed. */
export type Answered<R> = { readonly data: R; readonly position: string };

const ATTEMPTS = 5;

/** Sends a typed operation. A server that is busy is asked again when it says so; a mutation needs its `idempotencyKey` for that. */
export const ask = async <R, V>(
  { url, token }: Server,
  document: TypedDocumentString<R, V>,
  variables: V,
): Promise<Answered<R>> => {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await token()}`,
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
      },
      body: JSON.stringify({ query: String(document), variables }),
    });
    if ((response.status === 429 || response.status === 503) && attempt < ATTEMPTS) {
      await response.body?.cancel();
      const seconds = Number(response.headers.get('retry-after') ?? 2 ** (attempt - 1));
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      continue;
    }
    const { data, errors, extensions } = await response.json();
    if (errors?.length) throw new Error(`${errors[0].extensions.code}: ${errors[0].message}`);
    return { data, position: extensions.position };
  }
};
