import type { Envelope, Sealed } from './event.ts';

/** What an envelope is bound to: moved elsewhere, it does not open. */
export type Binding = { readonly stream: string; readonly eventId: string; readonly type: string };

/** The personal part of an event, or the fact that its key is gone. */
export type Opened =
  | { readonly erased: false; readonly value: Readonly<Record<string, unknown>> }
  | { readonly erased: true };

/** Encrypts and opens personal data. Keys live elsewhere than the log; destroying one erases what it sealed. */
export interface Sealing {
  /** Makes sure that each of these people has a key, committed before anything sealed with it is appended. */
  prepare(subjects: readonly string[]): Promise<void>;
  /** Seals under the subject's key, which `prepare` has made ready. */
  seal(subject: string, binding: Binding, value: object): Envelope;
  /** Opens a value as read models keep it, at once where it was opened lately. Never throws for a destroyed key: that is `erased`. */
  open(sealed: Sealed): Opened | Promise<Opened>;
  /** Destroys the subject's key: all that it sealed reads as erased from then on. */
  destroy(subject: string): Promise<void>;
  /** A keyed hash, the same for the same text in one organisation: for look-ups by handle, e-mail or login. */
  hash(purpose: string, text: string): string;
}

/** An envelope with its binding on one line: `1.kid.iv.ct.eventId.type.stream`. */
export const bind = (envelope: Envelope, { stream, eventId, type }: Binding): Sealed =>
  `${envelope.v}.${envelope.kid}.${envelope.iv}.${envelope.ct}.${eventId}.${type}.${stream}` as Sealed;

/** The two halves of a bound envelope again; `null` for text that is none. */
export const unbind = (sealed: Sealed): { envelope: Envelope; binding: Binding } | null => {
  const [v, kid, iv, ct, eventId, type, ...stream] = sealed.split('.');
  if (v !== '1' || !kid || !iv || !ct || !eventId || !type) return null;
  return { envelope: { v: 1, kid, iv, ct }, binding: { eventId, type, stream: stream.join('.') } };
};
