import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, getOperationAST } from 'graphql';
import { type FetchAPI, processRegularResult } from 'graphql-yoga';
import { type JsonType, jsonTypeFor } from './accept.ts';
import { type Audit, auditResult } from './audit.ts';
import { type Finish, shownError } from './faults.ts';
import type { RequestFacts } from './http.ts';
import { bodyFault, readJson } from './json-body.ts';
import type { Entrance, HeaderReader } from './let-in.ts';
import { tooLongAnswer } from './limits/response.ts';
import type { Serving } from './serving.ts';
import type { Enveloped } from './socket-operations.ts';
import type { Tell } from './tell.ts';
import { documentIdIn } from './trusted-documents.ts';

export type DirectTools = {
  readonly limits: { readonly BODY_BYTES: number; readonly RESPONSE_BYTES: number };
  readonly enter: Entrance;
  readonly tell: Tell;
  readonly finish: Finish;
  readonly audit: Audit;
  getEnveloped(serving: object): Enveloped;
  /** The whole way, for all that does not come and go as plain JSON. */
  whole(request: IncomingMessage, response: ServerResponse, serving: RequestFacts & Pick<Serving, 'body'>): unknown;
};

/**
 * Answers what nearly every request is, a well-formed query or mutation that comes and goes as JSON, without making a request and
 * a response of the web's kind for it: that would be a sixth of a query's work. The parts are those of the whole way, which is taken
 * for everything else: streams, addresses with an operation, and whatever is not well-formed.
 */
export const createDirect = (tools: DirectTools) => {
  const { limits, enter, tell, finish, audit, getEnveloped, whole } = tools;

  /** Null for a subscription. */
  const run = async (serving: Direct): Promise<ExecutionResult | null> => {
    const { request, params } = serving;
    try {
      const text = await enter(serving, request.headers, params);
      const { schema, parse, validate, contextFactory, execute } = getEnveloped(serving);
      const document = parse(text ?? '');
      const faults = validate(schema, document);
      if (faults.length > 0) return { errors: faults };
      const { operationName, variables: variableValues } = params;
      if (getOperationAST(document, operationName)?.operation === 'subscription') return null;
      const contextValue = await contextFactory();
      return await execute({ schema, document, contextValue, variableValues, operationName });
    } catch (error) {
      return { errors: [shownError(error)] };
    }
  };

  const respond = (serving: Serving, result: ExecutionResult, type: JsonType) => {
    const { requestId, res } = serving;
    const finished = finish(tell(result, serving), { requestId });
    auditResult(audit, finished, serving);
    const answer = processRegularResult(finished as never, PLAIN, type) as unknown as Plain;
    const { status, headers } = answer.init;
    const bytes = Buffer.byteLength(answer.body);
    if (bytes <= limits.RESPONSE_BYTES) {
      res.writeHead(status, { ...headers, 'content-length': bytes });
      res.end(answer.body);
    } else {
      const instead = tooLongAnswer(limits.RESPONSE_BYTES, serving.done);
      res.writeHead(instead.status, { ...headers, 'content-length': Buffer.byteLength(instead.body) });
      res.end(instead.body);
    }
  };

  return async (req: IncomingMessage, res: ServerResponse, facts: RequestFacts): Promise<void> => {
    const type = req.method === 'POST' && !bodyFault(req) ? jsonTypeFor(req.headers.accept) : null;
    if (!type) return void (await whole(req, res, facts));
    const body = readJson(req, limits.BODY_BYTES);
    const params = await body.catch(() => null);
    if (!isWellFormed(params)) return void (await whole(req, res, { ...facts, body }));
    const request = { method: 'POST', headers: headersOf(req) };
    const serving = { ...facts, req, res, payer: '', request, params };
    const result = await run(serving);
    if (result) respond(serving, result, type);
    else await whole(req, res, { ...facts, body });
  };
};

type Params = {
  readonly query?: string | null;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
};

/** What Yoga's engine and plugins look for in a request of theirs. */
type Direct = Serving & {
  readonly request: { readonly method: string; readonly headers: HeaderReader };
  readonly params: Params;
};

const KNOWN = new Set(['query', 'variables', 'operationName', 'extensions', 'documentId']);

const isWellFormed = (params: object | null): params is Params => {
  if (params === null || Array.isArray(params)) return false;
  const { query, operationName, variables, extensions } = params as Readonly<Record<string, unknown>>;
  for (const name in params) if (!KNOWN.has(name)) return false;
  if (typeof (query ?? '') !== 'string' || typeof (operationName ?? '') !== 'string') return false;
  if (!isRecord(variables ?? {}) || !isRecord(extensions ?? {})) return false;
  return typeof query === 'string' || documentIdIn(params) !== null;
};

const isRecord = (value: unknown): boolean => typeof value === 'object' && !Array.isArray(value);

const headersOf = ({ headers }: IncomingMessage): HeaderReader => ({
  get: (name) => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  },
});

type Init = { readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** What an answer is made of, where Yoga would make a response. */
class Plain {
  readonly body: string;
  readonly init: Init;
  constructor(body: string, init: Init) {
    this.body = body;
    this.init = init;
  }
}
const PLAIN = { Response: Plain } as unknown as FetchAPI;
