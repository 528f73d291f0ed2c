import type { FoldedEvent } from './event.ts';
import type { Grant, NumberedPage, NumberedRows, OperationCommand, Settled } from './operations.ts';
import type { Cursor, Position } from './position.ts';

export type WebhookState = 'ACTIVE' | 'DISABLED';

/** Why a webhook stands still: its address is gone for good, has failed for days, or its principal may not go on. */
export type DisabledReason = 'GONE' | 'FAILING' | 'RIGHTS_LOST';

/** Where events are sent, as whom, and which. */
export type WebhookRow = Grant & {
  readonly id: string;
  readonly number: bigint;
  readonly url: string;
  /** Null: of all types that the principal is told of. */
  readonly types: readonly string[] | null;
  readonly communityId: string | null;
  readonly createdAt: Date;
  readonly state: WebhookState;
  readonly reason: DisabledReason | null;
  readonly stateSince: Date;
  readonly failingSince: Date | null;
};

export type NewWebhook = Grant & Pick<WebhookRow, 'id' | 'url' | 'types' | 'communityId'> & { readonly cursor: Cursor };

export type DeliveryState = 'PENDING' | 'DELIVERED' | 'FAILED' | 'WITHHELD';

/** One event on its way to one webhook: a row of the delivery log. */
export type DeliveryRow = {
  /** The same over all attempts and replays. */
  readonly id: string;
  readonly number: bigint;
  readonly webhookId: string;
  readonly eventId: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly dueAt: Date;
  readonly attemptedAt: Date | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
  readonly milliseconds: number | null;
};

/** What owners do with their webhooks and see of them. */
export interface WebhookRegistry {
  create(command: OperationCommand, webhook: NewWebhook, secret: string): Promise<Settled>;
  /** The secrets so far go on signing for a while. */
  rotate(command: OperationCommand, webhookId: string, secret: string, graceSeconds: number): Promise<Settled>;
  /** Goes on from the cursor, as this principal; what was pending is due at once. */
  enable(command: OperationCommand, webhookId: string, grant: Grant): Promise<Settled>;
  remove(command: OperationCommand, webhookId: string): Promise<Settled>;
  replayDelivery(command: OperationCommand, deliveryId: string): Promise<Settled>;
  replayRange(command: OperationCommand, webhookId: string, after: Cursor, until: Position): Promise<Settled>;
  /** What became of a command that another call may have given; null for one that nobody gave. */
  known(command: OperationCommand): Promise<Settled | null>;
  find(id: string): Promise<WebhookRow | null>;
  /** Newest first; of one owner, or of all. */
  list(ownerId: string | null, page: NumberedPage): Promise<NumberedRows<WebhookRow>>;
  count(ownerId: string | null): Promise<number>;
  findDelivery(id: string): Promise<DeliveryRow | null>;
  deliveries(webhookId: string, page: NumberedPage): Promise<NumberedRows<DeliveryRow>>;
  countDeliveries(webhookId: string): Promise<number>;
  /** How many there are in each state, over all owners. */
  totals(): Promise<Readonly<Record<WebhookState | DeliveryState, number>>>;
  /** Since when the delivery is due that waits the longest; null where none is due. */
  oldestDue(): Promise<Date | null>;
}

/** Where deliveries come from: a webhook that goes on, or a range that is replayed. */
export type Source = {
  readonly webhook: WebhookRow;
  readonly replayId: string | null;
  readonly cursor: Cursor;
  readonly until: Position | null;
};

/** How far a source has come, and what is to be delivered of what it passed. */
export type Planned = { readonly source: Source; readonly cursor: Cursor; readonly events: readonly FoldedEvent[] };

/** A delivery whose time has come, with all that it takes. */
export type DueDelivery = Pick<
  DeliveryRow,
  'id' | 'webhookId' | 'type' | 'stream' | 'revision' | 'position' | 'eventId' | 'attempts'
> & { readonly webhook: WebhookRow };

/** How one attempt ended: with a status, or without any answer. */
export type Attempt = {
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
  readonly retryAfterSeconds: number | null;
  readonly milliseconds: number;
};

/** What follows from an attempt. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly afterMs: number; readonly pauseMs: number }
  | { readonly kind: 'failed' }
  | { readonly kind: 'gone' };

/** What the one process that delivers asks of the store. Everything is written down before the next step. */
export interface WebhookQueue {
  /** Active webhooks and replays, but those that have too much waiting already. */
  sources(): Promise<readonly Source[]>;
  /** Adds deliveries and moves cursors, together. */
  plan(planned: readonly Planned[]): Promise<void>;
  /** What is due, a few of each webhook, but those in hand; and in how many milliseconds something else will be. */
  due(held: readonly string[], each: number): Promise<{ due: readonly DueDelivery[]; nextMs: number | null }>;
  secrets(webhookId: string): Promise<readonly string[]>;
  settle(delivery: DueDelivery, attempt: Attempt, verdict: Verdict): Promise<void>;
  /** The principal no longer sees what this is about. */
  withhold(deliveryId: string): Promise<void>;
  disable(webhookId: string, reason: DisabledReason): Promise<void>;
  /** Forgets what is older than it is kept. */
  clean(): Promise<void>;
}

/** Sends one body to one address, signed with each secret. Never throws. */
export type PostWebhook = (request: {
  readonly url: string;
  readonly id: string;
  readonly body: string;
  readonly secrets: readonly string[];
  readonly signal: AbortSignal;
}) => Promise<Attempt>;
