import { derivedId } from './ids.ts';
import type { NumberedPage, NumberedRows } from './operations.ts';

/** Somebody was turned away: on which door, why, and what is known of who it was and of what was asked. */
export type Refusal = {
  readonly door: string;
  readonly code: string;
  readonly limit: string | null;
  readonly memberId: string | null;
  readonly keyId: string | null;
  /** The hash that the document is known by. */
  readonly document: string | null;
  readonly operation: string | null;
  readonly requestId: string;
};

/** Refusals that are alike, of one minute: how often, and the last of them. */
export type RefusalRow = Refusal & { readonly number: bigint; readonly at: Date; readonly times: number };

export type Counted = Omit<RefusalRow, 'number'> & { readonly id: string };

/** Which ones; all conditions given hold. */
export type RefusalCondition = {
  readonly code?: string | undefined;
  readonly memberId?: string | undefined;
};

export type RefusalStore = {
  /** Adds to those of the same id. */
  add(counted: readonly Counted[]): Promise<void>;
  list(condition: RefusalCondition, page: NumberedPage): Promise<NumberedRows<RefusalRow>>;
  count(condition: RefusalCondition): Promise<number>;
  /** Forgets what is older than a year. */
  forget(): Promise<void>;
};

export type RefusalAccount = {
  note(refusal: Refusal): void;
  /** Writes down what was noted. */
  close(): Promise<void>;
};

const MINUTE = 60_000;
const WRITE_EVERY = 1_000;
const FORGET_EVERY = 60 * MINUTE;
/** So many kinds are told apart at once: beyond, what was asked for is left out, so that no flood of documents fills the table. */
const MAX_KINDS = 200;

/** Notes refusals in memory and writes them down together: being turned away must cost less than being let in. */
export const openRefusalAccount = (
  store: Pick<RefusalStore, 'add' | 'forget'>,
  onTrouble: (error: unknown) => void,
  now: () => number = Date.now,
): RefusalAccount => {
  let noted = new Map<string, Counted>();
  let writing = Promise.resolve();

  const note = (refusal: Refusal) => {
    const at = now();
    const count = (kind: Refusal) => {
      const { requestId: _, ...alike } = kind;
      const id = derivedId('refusal', Math.floor(at / MINUTE), JSON.stringify(alike));
      const known = noted.get(id);
      if (!known && noted.size >= MAX_KINDS && kind.document !== null) return false;
      noted.set(id, { ...kind, id, at: new Date(at), times: (known?.times ?? 0) + 1 });
      return true;
    };
    if (!count(refusal)) count({ ...refusal, document: null, operation: null });
  };

  const write = () => {
    if (noted.size === 0) return writing;
    const taken = [...noted.values()];
    noted = new Map();
    writing = writing.then(() => store.add(taken)).catch(onTrouble);
    return writing;
  };

  const forget = () => void store.forget().catch(onTrouble);
  const timers = [setInterval(write, WRITE_EVERY).unref(), setInterval(forget, FORGET_EVERY).unref()];
  forget();

  return {
    note,
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await write();
    },
  };
};
