import { createRequire } from 'node:module';
import type { Expectation, Given, Kept } from './stored-log.ts';

// The message classes and the gRPC library that ship with the client: the fake speaks what the client speaks.
const ofClient = createRequire(createRequire(import.meta.url).resolve('@kurrent/kurrentdb-client'));
const PROTOCOLS = '../generated/kurrentdb/protocols/v1';

export const grpc = ofClient('@grpc/grpc-js');
export const { StreamsService } = ofClient(`${PROTOCOLS}/streams_grpc_pb`);
export const { ServerFeaturesService } = ofClient(`${PROTOCOLS}/serverfeatures_grpc_pb`);
const streams = ofClient(`${PROTOCOLS}/streams_pb`);
const shared = ofClient(`${PROTOCOLS}/shared_pb`);
const features = ofClient(`${PROTOCOLS}/serverfeatures_pb`);
const { Status } = ofClient(`${PROTOCOLS}/status_pb`);
const { Any } = ofClient('google-protobuf/google/protobuf/any_pb');

export const supportedMethods = (version: string) => {
  const answer = new features.SupportedMethods();
  answer.setEventStoreServerVersion(version);
  answer.setMethodsList(
    ['append', 'batchappend', 'read'].map((name) => {
      const method = new features.SupportedMethod();
      method.setMethodName(name);
      method.setServiceName('event_store.client.streams.streams');
      return method;
    }),
  );
  return answer;
};

const uuid = (id: string) => {
  const message = new shared.UUID();
  message.setString(id);
  return message;
};

const streamOf = (identifier: { getStreamName_asU8(): Uint8Array }) =>
  Buffer.from(identifier.getStreamName_asU8()).toString('utf8');

const identifierOf = (stream: string) => {
  const message = new shared.StreamIdentifier();
  message.setStreamName(Buffer.from(stream).toString('base64'));
  return message;
};

const place = (
  message: { setCommitPosition(p: string): void; setPreparePosition(p: string): void },
  commit: bigint,
  prepare = commit,
) => {
  message.setCommitPosition(`${commit}`);
  message.setPreparePosition(`${prepare}`);
  return message;
};

export type BatchFragment = {
  readonly correlation: string;
  readonly options: { readonly stream: string; readonly expected: Expectation } | undefined;
  readonly events: readonly Given[];
  readonly isFinal: boolean;
};

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// biome-ignore lint/suspicious/noExplicitAny: messages of the client's own generated code, which has no types here
type Message = any;

/** One message of the call that all batch appends of a client share. Throws for an id that is none. */
export const fragmentOf = (request: Message): BatchFragment => {
  const options = request.getOptions();
  const expected = (): Expectation => {
    if (options.hasNoStream()) return 'none';
    if (options.hasAny()) return 'any';
    return options.hasStreamExists() ? 'exists' : Number(options.getStreamPosition());
  };
  return {
    correlation: request.getCorrelationId().getString() || structured(request.getCorrelationId().getStructured()),
    options: options && { stream: streamOf(options.getStreamIdentifier()), expected: expected() },
    isFinal: request.getIsFinal(),
    events: request.getProposedMessagesList().map((proposed: Message): Given => {
      const id = proposed.getId().getString();
      if (!UUID.test(id)) throw new Error('Unrecognized Guid format.');
      return {
        id,
        type: proposed.getMetadataMap().get('type'),
        contentType: proposed.getMetadataMap().get('content-type'),
        data: Buffer.from(proposed.getData_asU8()),
        metadata: Buffer.from(proposed.getCustomMetadata_asU8()),
      };
    }),
  };
};

const structured = (parts: Message): string => {
  const hex = [parts.getMostSignificantBits(), parts.getLeastSignificantBits()]
    .map((bits) => BigInt.asUintN(64, BigInt(bits)).toString(16).padStart(16, '0'))
    .join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
};

const batchAnswer = (correlation: string, stream: string) => {
  const answer = new streams.BatchAppendResp();
  answer.setCorrelationId(uuid(correlation));
  answer.setStreamIdentifier(identifierOf(stream));
  return answer;
};

export const batchWritten = (correlation: string, stream: string, revision: number, position: bigint | undefined) => {
  const answer = batchAnswer(correlation, stream);
  const success = new streams.BatchAppendResp.Success();
  success.setCurrentRevision(`${revision}`);
  if (position !== undefined) success.setPosition(place(new shared.AllStreamPosition(), position));
  answer.setSuccess(success);
  return answer;
};

const batchError = (correlation: string, stream: string, message: string, type?: string, detail?: Message) => {
  const answer = batchAnswer(correlation, stream);
  const status = new Status();
  status.setCode(9);
  status.setMessage(message);
  const details = new Any();
  if (type) details.pack(detail.serializeBinary(), `event_store.client.${type}`);
  status.setDetails(details);
  answer.setError(status);
  return answer;
};

export const batchWrongVersion = (correlation: string, stream: string, expected: Expectation, actual: number) => {
  const detail = new shared.WrongExpectedVersion();
  if (actual < 0) detail.setCurrentNoStream(new shared.Empty());
  else detail.setCurrentStreamRevision(`${actual}`);
  if (typeof expected === 'number') detail.setExpectedStreamPosition(`${expected}`);
  else detail.setExpectedNoStream(new shared.Empty());
  return batchError(correlation, stream, 'WrongExpectedVersion', 'WrongExpectedVersion', detail);
};

export const batchDeleted = (correlation: string, stream: string) => {
  const detail = new shared.StreamDeleted();
  detail.setStreamIdentifier(identifierOf(stream));
  return batchError(correlation, stream, 'Stream is deleted', 'StreamDeleted', detail);
};

export const batchTooLarge = (correlation: string, stream: string, most: number) => {
  const detail = new shared.MaximumAppendSizeExceeded();
  detail.setMaxappendsize(most);
  return batchError(correlation, stream, 'Maximum append size exceeded', 'MaximumAppendSizeExceeded', detail);
};

export const batchTimeout = (correlation: string, stream: string) =>
  batchError(correlation, stream, 'Operation timed out', 'Timeout', new shared.Timeout());
export const batchDenied = (correlation: string, stream: string) =>
  batchError(correlation, stream, 'Access denied', 'AccessDenied', new shared.AccessDenied());
/** What a server says while it starts or stops. */
export const batchNotReady = (correlation: string, stream: string) =>
  batchError(correlation, stream, 'Server Is Not Ready');

/** The stream that a call to delete names, for a while or for good. */
export const streamToDelete = (request: Message): string => streamOf(request.getOptions().getStreamIdentifier());
export const deleted = () => new streams.DeleteResp();
export const tombstoned = () => new streams.TombstoneResp();

export type ReadAsked = {
  readonly stream: string | undefined;
  readonly from: 'start' | 'end' | bigint;
  /** The other half of a place in `$all`: below the first one, the event that stands there is not covered. */
  readonly prepare: bigint;
  readonly backwards: boolean;
  /** Undefined: a subscription. */
  readonly count: number | undefined;
  readonly matches: (kept: Kept) => boolean;
  readonly isFiltered: boolean;
  readonly checkpointEvery: number;
};

const WINDOW = 32;

export const readAsked = (request: Message): ReadAsked => {
  const options = request.getOptions();
  const ofStream = options.hasStream() ? options.getStream() : undefined;
  const of = ofStream ?? options.getAll();
  const from = () => {
    if (of.hasStart()) return 'start';
    if (of.hasEnd()) return 'end';
    return BigInt(ofStream ? of.getRevision() : of.getPosition().getCommitPosition());
  };
  const filter = options.hasFilter() ? options.getFilter() : undefined;
  const expression = filter && (filter.getStreamIdentifier() ?? filter.getEventType());
  const [prefixes, regex] = [expression?.getPrefixList() ?? [], expression?.getRegex()];
  const onStream = filter?.hasStreamIdentifier();
  return {
    stream: ofStream && streamOf(ofStream.getStreamIdentifier()),
    from: from(),
    prepare: !ofStream && of.hasPosition() ? BigInt(of.getPosition().getPreparePosition()) : 0n,
    backwards: options.getReadDirection() === 1,
    count: options.hasSubscription() ? undefined : Number(options.getCount()),
    matches: ({ stream, type }) => {
      const name = onStream ? stream : type;
      if (!filter) return true;
      return regex ? new RegExp(regex).test(name) : prefixes.some((prefix: string) => name.startsWith(prefix));
    },
    isFiltered: filter !== undefined,
    checkpointEvery: WINDOW * (filter?.getCheckpointintervalmultiplier() || 1),
  };
};

export const eventAnswer = (kept: Kept) => {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(uuid(kept.id));
  recorded.setStreamIdentifier(identifierOf(kept.stream));
  recorded.setStreamRevision(kept.type === '$streamDeleted' ? '9223372036854775807' : `${kept.revision}`);
  place(recorded, kept.position);
  recorded.getMetadataMap().set('type', kept.type);
  recorded.getMetadataMap().set('content-type', kept.contentType);
  // Ticks of a ten-millionth of a second. The client's reads cut them to seconds, its subscriptions to milliseconds.
  recorded.getMetadataMap().set('created', `${BigInt(kept.created) * 10_000n}`);
  recorded.setData(kept.data.toString('base64'));
  recorded.setCustomMetadata(kept.metadata.toString('base64'));
  const event = new streams.ReadResp.ReadEvent();
  event.setEvent(recorded);
  event.setCommitPosition(`${kept.position}`);
  const answer = new streams.ReadResp();
  answer.setEvent(event);
  return answer;
};

export const confirmation = () => {
  const answer = new streams.ReadResp();
  const confirmed = new streams.ReadResp.SubscriptionConfirmation();
  confirmed.setSubscriptionId(crypto.randomUUID());
  answer.setConfirmation(confirmed);
  return answer;
};

export const caughtUp = () => {
  const answer = new streams.ReadResp();
  answer.setCaughtUp(new streams.ReadResp.CaughtUp());
  return answer;
};

export const checkpoint = (commit: bigint, prepare: bigint) => {
  const answer = new streams.ReadResp();
  answer.setCheckpoint(place(new streams.ReadResp.Checkpoint(), commit, prepare));
  return answer;
};

export const notFound = (stream: string) => {
  const answer = new streams.ReadResp();
  const missing = new streams.ReadResp.StreamNotFound();
  missing.setStreamIdentifier(identifierOf(stream));
  answer.setStreamNotFound(missing);
  return answer;
};

/** An error of a call as a whole. */
export const failure = (code: number, message: string, metadata: Record<string, string> = {}) => {
  const told = new grpc.Metadata();
  for (const [name, value] of Object.entries(metadata)) told.set(name, value);
  return Object.assign(new Error(message), { code, details: message, metadata: told });
};
