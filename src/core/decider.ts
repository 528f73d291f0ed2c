import type { z } from 'zod';
import type { EmittedOf, EventDefinitions, EventFacts, FoldedData, Sealed } from './event.ts';
import type { Rejection } from './rejection.ts';
import type { Opened } from './sealing.ts';

/**
 * One kind of stream: its events, the little state that its rules ask for, and how events change it.
 * `evolve` never throws and never looks at personal data.
 */
export type Aggregate<State = unknown, E extends EventDefinitions = EventDefinitions> = {
  /** The stream's name begins with it: `category-id`. Without a dash. */
  readonly category: string;
  readonly events: E;
  readonly initial: State;
  readonly evolve: {
    readonly [T in keyof E & string]: (state: State, data: FoldedData<E[T]>, event: EventFacts) => State;
  };
};

export const defineAggregate =
  <State>() =>
  <E extends EventDefinitions>(aggregate: Aggregate<State, E>) =>
    aggregate;

/** One stream of an aggregate. */
export type StreamRef<A = Aggregate> = { readonly aggregate: A; readonly id: string };

export const at = <A>(aggregate: A, id: string): StreamRef<A> => ({ aggregate, id });

export const streamName = ({ aggregate, id }: StreamRef<Pick<Aggregate, 'category'>>) => `${aggregate.category}-${id}`;

/** Of an aggregate that is not known, whatever a registry's command takes. */
// biome-ignore lint/suspicious/noExplicitAny: variance: a registry holds commands on every state
export type StateOf<A> = 0 extends 1 & A ? any : A extends { readonly initial: infer S } ? S : never;
export type EventsOf<A> = A extends { readonly events: infer E extends EventDefinitions } ? E : never;

/** Who acts. `memberId` is a member or a service account. */
export type Principal = {
  readonly memberId: string;
  readonly kind: 'MEMBER' | 'SERVICE' | 'SYSTEM';
  readonly isAdmin: boolean;
};

/** Acts where nobody does: processes, and whoever registers the first people. */
export const SYSTEM: Principal = { memberId: 'system', kind: 'SYSTEM', isAdmin: true };

/** What a decision may use beside its input and the states that it asked for. */
export type DecideContext<Needs = unknown> = {
  /** The id of the stream's entity. */
  readonly id: string;
  /** The id of what the command creates, in its own stream or within another's. */
  readonly newId: string;
  readonly actor: Principal;
  /** The time of the business, RFC 3339 UTC. */
  readonly now: string;
  readonly needs: Needs;
  /** The keyed hash under which a handle, an e-mail address or a login is looked up. */
  readonly hash: (kind: ClaimKind, key: string) => string;
  /** What a read model answered to the command's question; null where it asked none or the answer did not come in time. */
  readonly answer: Answer | null;
  /** What the command `opens`; null where it opens nothing. */
  readonly opened: Opened | null;
};

/**
 * Context that spans too many streams to be folded. It may be a moment old or missing, so no rule may rest on it: it only
 * says how something is done, never whether it may be.
 */
export type Question =
  | { readonly kind: 'HAS_CONTRIBUTED'; readonly communityId: string; readonly memberId: string }
  /** Which mentor has room for a review, some excepted: answered by a member's id, or by `false` for nobody. */
  | {
      readonly kind: 'FREE_MENTOR';
      readonly communityId: string;
      readonly topic: string | null;
      readonly exceptMemberIds: readonly string[];
    };
export type Answer = boolean | string;

export type ClaimKind = 'slug' | 'handle' | 'login' | 'email';

/** A uniqueness claim: whoever writes the claim's stream first owns the key. Kinds other than `slug` are hashed. */
export type Claim = { readonly kind: ClaimKind; readonly key: string };

type NeedRefs = Readonly<Record<string, StreamRef<AnyAggregate> | null>>;
/** The states of the streams that a command looks at; of a command that is not known, whatever they are. */
type NeedStates<N> = 0 extends 1 & N
  ? // biome-ignore lint/suspicious/noExplicitAny: variance: a registry holds commands with every need
    any
  : {
      readonly [K in keyof N]: N[K] extends StreamRef<infer A>
        ? StateOf<A>
        : N[K] extends StreamRef<infer A> | null
          ? StateOf<A> | null
          : never;
    };

/** Events for another, new stream of the same command: a founder's membership beside the community. */
export type Beside = {
  readonly to: StreamRef<AnyAggregate>;
  readonly events: readonly AnyEmitted[];
  /** What the command answers where another one began that stream first; a process mends what it has left. */
  readonly orElse?: Rejection;
};

/**
 * A command: its input's schema, the stream it decides on, the other streams it looks at, and the decision.
 * `decide` returns events, nothing (it is already so), or throws a `Rejection`.
 */
export type Command<I extends z.ZodObject, A extends AnyAggregate, N extends NeedRefs, W extends NeedRefs> = {
  readonly type: string;
  readonly input: I;
  readonly aggregate: A;
  /** True where the stream begins with this command; `newId` is then the id derived from the command. */
  readonly creates?: boolean;
  readonly id: (input: z.infer<I>, context: { readonly newId: string; readonly actor: Principal }) => string;
  /** Streams to be folded before deciding. */
  readonly needs?: (input: z.infer<I>, context: { readonly actor: Principal; readonly state: StateOf<A> }) => N;
  /** Streams that only the states of `needs` name: the community of a post. */
  readonly within?: (needs: NeedStates<N>, actor: Principal, input: z.infer<I>) => W;
  /** What it would like to know of the read models, if anything. */
  readonly asks?: (
    input: z.infer<I>,
    needs: NeedStates<N> & NeedStates<W>,
    actor: Principal,
    state: StateOf<A>,
  ) => Question | null;
  /** A sealed text that becomes part of what it writes: opened here alone, and sealed anew under another key. */
  readonly opens?: (needs: NeedStates<N> & NeedStates<W>, state: StateOf<A>) => Sealed | null;
  readonly decide: (
    input: z.infer<I>,
    state: StateOf<A>,
    context: DecideContext<NeedStates<N> & NeedStates<W>>,
  ) => readonly EmittedOf<EventsOf<A>>[];
  /** Keys that must be this entity's alone, claimed before anything else is written. */
  readonly claims?: (input: z.infer<I>, state: StateOf<A>) => readonly Claim[];
  /** Keys that this entity gives up, once everything else is written. */
  readonly releases?: (input: z.infer<I>, state: StateOf<A>) => readonly Claim[];
  readonly beside?: (input: z.infer<I>, context: DecideContext) => readonly Beside[];
  /** Whose keys are destroyed once everything else is written; also when it was so already, for the first try may have been cut off. */
  readonly destroys?: (input: z.infer<I>, state: StateOf<A>) => readonly string[];
};

// An aggregate or command whose types are no longer known: what the machinery handles.
export type AnyEmitted = { readonly type: string; readonly data: object; readonly personal?: object };
// biome-ignore lint/suspicious/noExplicitAny: variance: a registry holds aggregates of every state
export type AnyAggregate = Aggregate<any, any>;
/** A command among others: what it takes and needs is known only to itself. */
export type AnyCommand = {
  readonly type: string;
  readonly input: z.ZodObject;
  readonly aggregate: AnyAggregate;
  readonly creates?: boolean;
  id(input: Loose, context: { readonly newId: string; readonly actor: Principal }): string;
  needs?(input: Loose, context: { readonly actor: Principal; readonly state: Loose }): NeedRefs;
  within?(needs: Loose, actor: Principal, input: Loose): NeedRefs;
  asks?(input: Loose, needs: Loose, actor: Principal, state: Loose): Question | null;
  opens?(needs: Loose, state: Loose): Sealed | null;
  decide(input: Loose, state: Loose, context: DecideContext<Loose>): readonly AnyEmitted[];
  claims?(input: Loose, state: Loose): readonly Claim[];
  releases?(input: Loose, state: Loose): readonly Claim[];
  beside?(input: Loose, context: DecideContext): readonly Beside[];
  destroys?(input: Loose, state: Loose): readonly string[];
};
// biome-ignore lint/suspicious/noExplicitAny: a registry holds commands of every input and state
type Loose = any;

export const defineCommand = <
  I extends z.ZodObject,
  A extends AnyAggregate,
  N extends NeedRefs = Record<never, never>,
  W extends NeedRefs = Record<never, never>,
>(
  command: Command<I, A, N, W>,
): Command<I, A, N, W> => command;

/** The input of a command as callers write it. */
export type InputOf<C> = C extends { readonly input: infer I extends z.ZodObject } ? z.input<I> : never;
