import { type Limit, type LimitName, limitTable } from '../src/config/limits.ts';
import { faultCodes } from '../src/core/fault-codes.ts';
import {
  CONNECTION_POINTS,
  INTROSPECTION_POINTS,
  MUTATION_POINTS,
  STATISTIC_POINTS,
  SUBSCRIPTION_POINTS,
} from './cost.ts';
import { DEFAULT_PAGE, MAX_PAGE } from './cursor.ts';
import { userErrorCodes } from './user-error.ts';

// The pages for people beside the contract. They are printed from what the code holds, so that neither can say what the other does not.

const entries = (codes: Readonly<Record<string, string>>) =>
  Object.entries(codes)
    .map(([code, meaning]) => `### ${code}\n\n${meaning}\n`)
    .join('\n');

export const errorsPage = (): string => `# Errors

Printed by \`npm run codegen\`: change the code, not this page.

An answer has two places for a no. What a rule or a race refuses is data: \`errors\` of the mutation's payload, with a \`code\`, a
\`message\` and the \`path\` of the input. Faults of the request, of rights and of the server are top-level \`errors\`, each with
\`extensions.code\`. Codes are stable and the lists grow: treat a code that you do not know by its message. \`x-request-id\` of the
answer is what we find it by in our log.

An answer with errors tells in \`extensions.done { field position }\` which mutations of the document were done all the same, whatever
happened to the rest of the answer, and its status is 200: do not send these again. \`field\` is the key in the answer.

Ask again, a little later each time and at most five times, after \`RATE_LIMITED\` (as long as \`Retry-After\` says), \`TIMEOUT\`,
\`OUTCOME_UNKNOWN\`, \`IDENTITY_PROVIDER_UNAVAILABLE\` and \`INTERNAL_SERVER_ERROR\`, and when the connection broke: a mutation with the
same \`idempotencyKey\`, so that it is done once. After \`STALE_READ\` read again, do not write again. Nothing else gets better by itself.

## Of a request, of rights, of the server

${entries(faultCodes)}
## Of rules and races

${entries(userErrorCodes)}`;

const size = (value: number | undefined) =>
  value === undefined ? 'the same' : Number.isFinite(value) ? value.toLocaleString('en') : 'none';

const refusalOf = ({ code, status }: Limit) =>
  [code && `\`${code}\``, status].filter((part) => part !== null).join(', ') || 'none is told';

const limitRow = ([name, limit]: [string, Limit]) =>
  `| \`${name}\` | ${size(limit.default)} | ${size(limit.off)} | ${refusalOf(limit)} | ${limit.what} |`;

export const limitsPage = (): string => `# Limits

Printed by \`npm run codegen\`: change the code, not this page.

A refusal has the limit's name and value in its message, and in \`extensions.limit { name max asked }\`. Each limit is a variable,
\`PALABRE_LIMIT_<NAME>\`. \`PALABRE_LIMITS=off\` loosens them for trying things out, only while nobody but this machine can reach the
server; it is the demo's default. A variable that is set holds all the same.

| limit | default | with \`off\` | refusal | what |
| --- | --- | --- | --- | --- |
${(Object.entries(limitTable) as [LimitName, Limit][]).map(limitRow).join('\n')}

Part of the contract, and the same everywhere: a page has 1 to ${MAX_PAGE} items (\`PAGE_SIZE_OUT_OF_RANGE\`), ${DEFAULT_PAGE} where none is asked for; \`nodes\`
takes ${MAX_PAGE} ids (\`LIST_TOO_LONG\`); \`totalCount\` counts to 10,000; one request is one operation, and a list of operations is refused.

## What an operation costs

| what | points |
| --- | --- |
| a scalar, an enum, \`__typename\`, \`pageInfo\`, \`edges\` | 0 |
| an object | 1 |
| a connection | ${CONNECTION_POINTS}, and the size of the page times what is asked of one item. Without \`first\` and \`last\`: times ${DEFAULT_PAGE} |
| a statistic | ${STATISTIC_POINTS}, twice as much with \`previous\` |
| a mutation | ${MUTATION_POINTS}, and what is asked of its payload |
| a subscription | ${SUBSCRIPTION_POINTS}, and what is asked of a delivery, once |
| a stream of \`/events\` | ${SUBSCRIPTION_POINTS} |
| a question for the schema | ${INTROSPECTION_POINTS} for each \`__schema\` and \`__type\` |

What several fragments ask alike counts once, what \`@skip\` and \`@include\` leave out does not count, and of fragments on types that
exclude each other the dearest counts. Costs are part of the contract: raising one is announced like any change that may break.

The cost is known before anything runs, and every answer tells it:

\`\`\`json
{ "extensions": { "cost": { "requestedQueryCost": 22, "actualQueryCost": 9,
  "throttleStatus": { "maximumAvailable": 10000, "currentlyAvailable": 9991, "restoreRate": 100 } } } }
\`\`\`

\`actualQueryCost\` counts the items that lists had; what was taken too much is given back at once. Each member, and each login without
one, has a budget of \`BUDGET\` points in each server process, and \`BUDGET_PER_SECOND\` come back. The headers \`RateLimit-Policy\` and \`RateLimit\` tell the
same to programs that know no GraphQL. A spent budget is answered 429, code \`RATE_LIMITED\`, with \`Retry-After\`. An operation takes
at least one point from the budget, also one that was refused.
`;
