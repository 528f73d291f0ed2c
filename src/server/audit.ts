import { createHash } from 'node:crypto';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from '../adapters/log-lines.ts';
import type { FaultCode } from '../core/fault-codes.ts';
import type { Refusal } from '../core/refusals.ts';
import type { Viewer } from '../core/viewer.ts';
import { codeIn } from './faults.ts';
import type { Serving, ServingPlugin } from './serving.ts';
import { type Asking, documentIdIn } from './trusted-documents.ts';

/** What somebody should be able to look up afterwards: who was turned away, and why. */
const REFUSALS: ReadonlySet<string> = new Set<FaultCode>([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'QUERY_TOO_COMPLEX',
  'LIST_TOO_LONG',
  'RATE_LIMITED',
  'TIMEOUT',
  'RESPONSE_TOO_LARGE',
  'DOCUMENT_NOT_FOUND',
  'DOCUMENT_NOT_TRUSTED',
  'REQUEST_ENTITY_TOO_LARGE',
  'TOO_MANY_STREAMS',
]);

/** Somebody was told of an error, on some door. */
export type Told = {
  readonly requestId: string;
  readonly door: '/graphql' | 'WebSocket' | '/events';
  /** Null for whoever was not let in. */
  readonly viewer: Viewer | null;
  readonly asking?: Asking | undefined;
  readonly error: GraphQLError;
};

/** Hears of every request that ended with an error, and keeps account of those that were refused. */
export type Audit = (told: Told) => void;

/**
 * A line of the log for each refusal, and an account of it for admins: who, on which door, with which document, why, and the request's
 * id; no address, since that is a person's as well. It is no event: whoever is turned away would write into what is kept for ever.
 */
export const createAudit =
  (logger: Logger, note: (refusal: Refusal) => void): Audit =>
  ({ requestId, door, viewer, asking, error }) => {
    const code = codeIn(error) ?? '';
    if (!REFUSALS.has(code)) return;
    const { name = null } = (error.extensions?.limit ?? {}) as { name?: string };
    const refusal: Refusal = {
      ...{ requestId, door, code, limit: name },
      memberId: viewer?.memberId ?? null,
      keyId: viewer?.keyId ?? null,
      ...nameOf(asking ?? {}),
    };
    note(refusal);
    logger.warn(Object.fromEntries(Object.entries(refusal).filter(([, value]) => value !== null)), 'refused');
  };

const HASH = /^sha256:[0-9a-f]{1,64}$/;
/** The name that a document begins with; further on it might be a text of somebody's. */
const AT_ONCE = /^\s*(?:query|mutation|subscription)\s+(\w+)/;
const NAME = /^[_A-Za-z][_0-9A-Za-z]{0,79}$/;

/** A document by its hash, as trusted ones are known by, and its operation where it has a name; never its text. */
const nameOf = (asking: Asking) => {
  const { query } = asking;
  const text = typeof query === 'string' ? query : '';
  const operationName = asking.operationName ?? AT_ONCE.exec(text)?.[1];
  const hash = text === '' ? null : `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const id = documentIdIn(asking);
  return {
    document: id !== null && HASH.test(id) ? id : hash,
    operation: typeof operationName === 'string' && NAME.test(operationName) ? operationName : null,
  };
};

/** Notes how a request of GraphQL ended, and has the refused ones kept account of. */
export const auditResult = (audit: Audit, { errors }: ExecutionResult, serving: Serving) => {
  const [error] = errors ?? [];
  if (!error) return;
  const { ending, requestId, viewer = null, asking } = serving;
  ending.outcome = codeIn(error) ?? 'INTERNAL_SERVER_ERROR';
  audit({ requestId, door: '/graphql', viewer, asking, error });
};

export const auditResults = (audit: Audit): ServingPlugin => ({
  onResultProcess: ({ result, serverContext }) => {
    if ('errors' in result) auditResult(audit, result, serverContext);
  },
});
