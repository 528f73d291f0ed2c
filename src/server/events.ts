import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CloudEvent } from '../../schema/cloud-event.ts';
import type { Context } from '../../schema/context.ts';
import { SUBSCRIPTION_POINTS } from '../../schema/cost.ts';
import { type EventFollowing, type FeedItem, followEvents } from '../../schema/event-feed.ts';
import { fault } from '../../schema/fault.ts';
import type { Logger } from '../adapters/log-lines.ts';
import type { Viewer } from '../core/viewer.ts';
import type { Audit } from './audit.ts';
import { finishError, internalError, publicError, statusOf, type Telling } from './faults.ts';
import type { RequestFacts } from './http.ts';
import type { OperationLimits } from './limits/operation.ts';
import type { Strangers } from './limits/strangers.ts';
import { refusal } from './refusal.ts';
import { openEventStream } from './sse.ts';
import { lastWords } from './stream-result.ts';
import type { Streams } from './streams.ts';
import { tellBudget } from './tell.ts';
import { untilEnded } from './until-ended.ts';

export type EventsDoor = {
  readonly streams: Streams;
  readonly silenceMs: number;
  readonly logger: Logger;
  readonly operations: OperationLimits;
  readonly strangers: Strangers;
  readonly audit: Audit;
  /** Whether a budget holds that an answer has to tell of. */
  readonly hasBudget: boolean;
  /** Who asks. Throws what the client is to hear. */
  admit(request: IncomingMessage, requestId: string): Promise<Context & { readonly viewer: Viewer }>;
};

/** `GET /events?after=&types=`: the log as CloudEvents, one SSE event each, to be resumed by `Last-Event-ID`. */
export const createEventsDoor = (door: EventsDoor) => {
  const { streams, silenceMs, logger, operations, audit, hasBudget } = door;

  const begin = async (
    request: IncomingMessage,
    response: ServerResponse,
    known: { viewer: Viewer | null; readonly requestId: string },
  ) => {
    const context = await letIn(door, request, known.requestId);
    const { viewer } = context;
    known.viewer = viewer;
    const { authorization = '' } = request.headers;
    const payer = viewer.account;
    const tell = (cost: ReturnType<OperationLimits['refused']>) => {
      if (hasBudget) tellBudget(response, cost);
    };
    const charge = () => {
      try {
        return operations.charge(payer, SUBSCRIPTION_POINTS);
      } catch (error) {
        tell(operations.refused(payer));
        throw error;
      }
    };
    const charged = charge();
    try {
      const items = await followEvents(context, askedIn(request));
      try {
        const stream = streams.open({ kind: 'STREAMS', viewer, authorization });
        tell(charged.settle(items));
        return { items, stream };
      } catch (error) {
        await items.return(undefined);
        throw error;
      }
    } catch (error) {
      tell(charged.settle(null));
      throw error;
    }
  };

  return async (request: IncomingMessage, response: ServerResponse, { requestId, ending }: RequestFacts) => {
    const known: { viewer: Viewer | null; readonly requestId: string } = { viewer: null, requestId };
    const telling = { requestId, logger };
    const begun = await begin(request, response, known).catch((error: unknown) => {
      const told = refuse(response, error, telling);
      ending.outcome = String(told.extensions.code);
      audit({ requestId, door: '/events', viewer: known.viewer, error: told });
    });
    if (!begun) return;
    const { items, stream } = begun;
    const events = openEventStream(response, stream, silenceMs);
    let cursor: string | null = null;
    let isCaughtUp = false;
    for await (const item of untilEnded<FeedItem | Last>(items, stream.signal, (error) => ({ error }))) {
      if ('error' in item) {
        const told = lastWords(item.error, cursor, telling);
        ending.outcome = told.code;
        return events.end(`event: end\ndata: ${JSON.stringify(told)}\n\n`);
      }
      const isMark: boolean = item.caughtUp && !isCaughtUp && item.event === null;
      isCaughtUp ||= isMark;
      cursor = item.cursor;
      const waiting = events.write(item.event ? eventFrame(item.event) : markFrame(cursor, isMark));
      if (waiting) await waiting;
    }
    events.end('');
  };
};

type Last = { readonly error: unknown };

const letIn = async ({ admit, strangers }: EventsDoor, request: IncomingMessage, requestId: string) => {
  if (request.method !== 'GET')
    throw refusal(405, 'METHOD_NOT_ALLOWED', 'Events are followed by GET.', { Allow: 'GET' });
  try {
    return await admit(request, requestId);
  } catch (error) {
    const { socket, headers } = request;
    throw strangers(error, { address: socket.remoteAddress, sentToken: Boolean(headers.authorization) });
  }
};

const PARAMETERS: ReadonlySet<string> = new Set(['after', 'types']);

/** `Last-Event-ID` is where a client that lost its connection goes on; it knows better than the address that it once began with. */
const askedIn = ({ url = '', headers }: IncomingMessage): EventFollowing => {
  const given = new URLSearchParams(url.split('?')[1] ?? '');
  const unknown = [...given.keys()].find((name) => !PARAMETERS.has(name));
  if (unknown !== undefined)
    throw fault(
      'BAD_USER_INPUT',
      `/events has no parameter ${JSON.stringify(unknown.slice(0, 80))}: it takes after and types.`,
    );
  if (given.getAll('after').length > 1)
    throw fault('BAD_USER_INPUT', 'The parameter after must be given once: there is one place to begin.');
  const lastEventId = headers['last-event-id'];
  const after = (typeof lastEventId === 'string' && lastEventId) || given.get('after');
  const types = given
    .getAll('types')
    .flatMap((names) => names.split(','))
    .map((name) => name.trim())
    .filter(Boolean);
  return { after: after || null, types: types.length > 0 ? types : null };
};

/** One text for all who are sent the same event. */
const eventFrame = (event: CloudEvent): Buffer => {
  const known = frames.get(event);
  if (known) return known;
  const frame = Buffer.from(`id: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`);
  frames.set(event, frame);
  return frame;
};
const frames = new WeakMap<CloudEvent, Buffer>();

/** A heartbeat has no data: clients take note of its id and hear nothing. */
const markFrame = (cursor: string, isCaughtUp: boolean) =>
  isCaughtUp ? `event: caught-up\nid: ${cursor}\ndata: ${JSON.stringify({ cursor })}\n\n` : `id: ${cursor}\n\n`;

/** Answers with what stands against following anything, and returns it. */
const refuse = (response: ServerResponse, error: unknown, telling: Telling) => {
  const shown = publicError(error);
  if (!shown) telling.logger.error({ err: error, requestId: telling.requestId }, 'Events could not be followed.');
  const told = finishError(shown ?? internalError(error), telling);
  const { http, ...extensions } = told.extensions;
  const text = `${JSON.stringify({ errors: [{ message: told.message, extensions }] })}\n`;
  response.writeHead(http?.status ?? statusOf(extensions.code), {
    ...http?.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  });
  response.end(text);
  return told;
};
