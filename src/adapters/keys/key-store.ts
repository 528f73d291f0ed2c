/** A person's key as it is kept: wrapped by the master key. `wrapped` is null once the key is destroyed. */
export type StoredKey = { readonly subject: string; readonly kid: string; readonly wrapped: Buffer | null };

/** Where keys live: apart from the log and from every export, with a backup policy of its own. */
export interface KeyStore {
  /** The keys of these subjects, as far as there are any. */
  find(subjects: readonly string[]): Promise<readonly StoredKey[]>;
  findByKid(kids: readonly string[]): Promise<readonly StoredKey[]>;
  /** Commits new keys; a subject that has one already keeps it. */
  add(keys: readonly StoredKey[]): Promise<void>;
  /** Forgets the key material of a subject for ever. */
  destroy(subject: string): Promise<void>;
  /** The fingerprint of the master key that wraps these keys; null before the first. */
  fingerprint(): Promise<string | null>;
  /** Stores the fingerprint of the first master key, and answers the one that holds: another process may have been first. */
  claimFingerprint(first: string): Promise<string>;
}
