import fc from 'fast-check';
import { type ExecutionResult, execute, type GraphQLError, getOperationAST, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atLength } from '../../support/at-length.ts';
import { type Generated, requests } from './documents.ts';
import { type Answered, type Ask, openDoors } from './doors.ts';
import { everything } from './schema.ts';

const schema = everything();
let doors: Awaited<ReturnType<typeof openDoors>>;
beforeAll(async () => {
  doors = await openDoors(schema);
});
afterAll(() => doors.close());

/** What graphql-js answers, by itself. */
const reference = async ({ query, variables, operationName }: Generated): Promise<Answered> => {
  const document = parse(query);
  const faults = validate(schema, document, undefined, { maxErrors: 100 });
  if (faults.length > 0) return comparable({ errors: faults });
  return comparable(await execute({ schema, document, variableValues: variables, operationName }));
};

const ABOUT_A_VALUE = /^(Variable "|Argument ")/;

/** Data in its order, and of errors what a client relies on. What we do not tell of our own faults is left out of both. */
const comparable = ({ data, errors }: ExecutionResult | Answered): Answered => ({
  ...(data !== undefined && { data: JSON.stringify(data) }),
  ...(errors?.length && { errors: (errors as readonly GraphQLError[]).slice(0, 20).map(told) }),
});

const told = ({ message, path, locations, extensions, originalError }: GraphQLError) => {
  const code = extensions?.code ?? (originalError && !('extensions' in originalError) ? OURS : codeOf(message, path));
  return {
    code,
    ...(code !== OURS && { message: message.replace(/ Did you mean .+\?$/s, '') }),
    ...(path && { path }),
    locations: locations?.map(({ line, column }) => ({ line, column })),
  };
};
const OURS = 'INTERNAL_SERVER_ERROR';
const codeOf = (message: string, path: unknown) =>
  ABOUT_A_VALUE.test(message) && /must not be null|invalid value|was not provided/.test(message)
    ? 'BAD_USER_INPUT'
    : path
      ? OURS
      : 'GRAPHQL_VALIDATION_FAILED';

const DOCUMENTS = atLength(2_000, 40_000);
const isMutation = ({ query, operationName }: Generated) =>
  getOperationAST(parse(query), operationName)?.operation === 'mutation';

describe('the first, the second and the third answer to a document are those of graphql-js', () => {
  // What failed once, as a document.
  const FOUND: readonly Generated[] = [
    {
      query: 'query T($a: Boolean!) { box { ...F @skip(if: $a) ...F } } fragment F on Box { id name }',
      variables: { a: true },
      operationName: undefined,
    },
    {
      query: 'mutation T($a: Boolean!) { ...M @skip(if: $a) ...M } fragment M on Mutation { make { id } broken }',
      variables: { a: true },
      operationName: undefined,
    },
  ];

  test.each(['POST', 'GET', 'SSE', 'WebSocket'] as const)('over %s', { timeout: 120_000 }, async (name) => {
    const ask: Ask = doors.asks[name];
    let answers = 0;
    let whole = 0;
    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        // What changes something does not come by GET.
        if (name === 'GET' && isMutation(request)) return;
        const right = await reference(request);
        for (let time = 1; time <= 3; time++)
          expect({ time, ...comparable(await ask(request)) }).toEqual({ time, ...right });
        answers += 1;
        if (right.errors === undefined) whole += 1;
      }),
      { numRuns: DOCUMENTS / 4, endOnFailure: true, examples: name === 'GET' ? [] : FOUND.map((one) => [one]) },
    );
    // Not only refusals were compared.
    expect(whole).toBeGreaterThan(answers / 5);
  });
});
