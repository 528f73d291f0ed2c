import type { FoldedEvent } from '../src/core/event.ts';
import { encodeCursor, type LogIdentity } from '../src/core/position.ts';
import { type DomainEvents, domainEvents } from '../src/domain/index.ts';
import { globalId, type NodeType } from './global-id.ts';

/** Where the schemas of events are, on the server that tells the events. */
export const EVENT_SCHEMAS = '/events/schemas/';

/** Names of types that are told among those of others begin with whose they are; here the bare name does as well. */
const PREFIX = 'io.palabre.';
export const toldType = (type: string): string => `${PREFIX}${type}`;
export const bareType = (name: string): string => (name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);

/** An event as integrators see it on every door: a CloudEvent 1.0 with ids and its place, and nothing that a person typed. */
export type CloudEvent = {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  /** `io.palabre.` and the type of the event. */
  readonly type: string;
  /** The version of the type: it rises where the data change their meaning. */
  readonly dataversion: number;
  readonly subject?: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Where the JSON Schema of its data is. */
  readonly dataschema: string;
  /** Its place in the log: a cursor, and a `Position`. */
  readonly position: string;
  readonly recordedat: string;
  /** Who did it; missing where nobody did. */
  readonly actor?: string;
  /** `NATIVE`, `IMPORT` or `SEED`. */
  readonly origin: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Which node an id in an event's data stands for. */
const NODES: Readonly<Record<string, NodeType>> = {
  communityId: 'Community',
  postId: 'Post',
  commentId: 'Comment',
  parentId: 'Comment',
  memberId: 'Member',
  authorId: 'Member',
  postAuthorId: 'Member',
  answerAuthorId: 'Member',
  targetAuthorId: 'Member',
  replyToMemberId: 'Member',
  founderId: 'Member',
  ownerId: 'Member',
  projectId: 'Project',
  milestoneId: 'Milestone',
  objectiveId: 'Objective',
  expectationId: 'Expectation',
  invitedBy: 'Member',
  acceptedBy: 'Member',
  ofPostId: 'Post',
  markedBy: 'Member',
  unmarkedBy: 'Member',
  declinedBy: 'Member',
  reopenedBy: 'Member',
  movedBy: 'Member',
  declaredBy: 'Member',
  definedBy: 'Member',
  withdrawnBy: 'Member',
  proposedBy: 'Member',
  agreedBy: 'Member',
  welcomedBy: 'Member',
  setBy: 'Member',
};

/** What else is told, named one by one: a field that nobody thought of here stays inside. */
const PLAIN = new Set([
  ...['kind', 'authorKind', 'memberKind', 'targetType', 'depth', 'via', 'visibility', 'joinPolicy'],
  ...[
    'status',
    'outcome',
    'role',
    'until',
    'cause',
    'dueAt',
    'publishedAt',
    'opensAt',
    'statistic',
    'baseline',
    'target',
    'windowDays',
    'version',
    'audience',
    'rule',
  ],
  ...['promise', 'warnAt', 'formerDueAt', 'proposedDueAt', 'policyVersion', 'calendarVersion'],
  ...[
    'topics',
    'workingDays',
    'kinds',
    'load',
    'timeZone',
    'firstResponseSeconds',
    'resolutionSeconds',
    'newcomerFirstResponseSeconds',
    'warnPercent',
  ],
]);

/** What an event is about: the innermost thing that it names. */
const SUBJECTS = ['commentId', 'postId', 'communityId', 'milestoneId', 'projectId', 'memberId'] as const;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The global id of what an event is about, as every door tells it; null where it names nothing that has one. */
export const subjectOf = (data: object): string | null => {
  const told = thin(data as Readonly<Record<string, unknown>>);
  const subject = SUBJECTS.map((name) => told[name]).find((id) => typeof id === 'string');
  return typeof subject === 'string' ? subject : null;
};

/** Which nodes the id in a field of an event's data may stand for; none where it is told as it is, or not at all. */
export const nodeTypesOf = (name: string): readonly NodeType[] =>
  name === 'targetId' ? ['Post', 'Comment'] : NODES[name] ? [NODES[name]] : [];
/** Of what has parts, those that are told: when early access ends, and not for whom it was. */
export const PARTS: Readonly<Record<string, readonly string[]>> = { earlyAccess: ['opensAt'] };
export const isToldAsItIs = (name: string): boolean => PLAIN.has(name);

/** Whose events they are: the log's, as a server at this address tells them. */
export type EventOrigin = { readonly identity: LogIdentity; readonly publicUrl: string };

/** The same event gives the same text, whenever and for whomever it is made. */
export const toCloudEvent = ({ identity, publicUrl }: EventOrigin, event: FoldedEvent): CloudEvent => {
  const data = thin(event.data as Readonly<Record<string, unknown>>);
  const subject = subjectOf(event.data) ?? undefined;
  return {
    specversion: '1.0',
    id: event.id,
    source: `urn:uuid:${identity.logId}`,
    type: toldType(event.type),
    dataversion: domainEvents[event.type as keyof DomainEvents].version,
    ...(subject !== undefined && { subject }),
    time: event.occurredAt,
    datacontenttype: 'application/json',
    dataschema: `${publicUrl}${EVENT_SCHEMAS}${event.type}`,
    position: encodeCursor(identity, { position: event.position, eventId: event.id }),
    recordedat: event.recordedAt,
    ...(UUID.test(event.actor) && { actor: globalId('Member', event.actor) }),
    origin: event.source,
    data,
  };
};

const thin = (data: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const told: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(data)) {
    const node = name === 'targetId' ? targetOf(data) : NODES[name];
    if (node) told[name] = typeof value === 'string' ? globalId(node, value) : null;
    else if (Object.hasOwn(PARTS, name)) told[name] = partsOf(value, PARTS[name]);
    else if (PLAIN.has(name)) told[name] = value;
  }
  return told;
};

const partsOf = (value: unknown, parts: readonly string[] = []) =>
  value instanceof Object ? Object.fromEntries(Object.entries(value).filter(([part]) => parts.includes(part))) : value;

const targetOf = ({ targetType }: Readonly<Record<string, unknown>>): NodeType =>
  targetType === 'COMMENT' ? 'Comment' : 'Post';
