/** What an archive may take before it is taken for an attack. Bytes are those of the unpacked archive. */
export type Limits = {
  readonly totalBytes: number;
  /** Of one JSON file; each is held in memory while it is read. */
  readonly jsonBytes: number;
  readonly entries: number;
  /** Unpacked to packed size; exports stay under 40. Looked at once `ratioFromBytes` are unpacked. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
};

const MiB = 1024 * 1024;

export const DEFAULT_LIMITS: Limits = {
  totalBytes: 4096 * MiB,
  jsonBytes: 256 * MiB,
  entries: 1_000_000,
  ratio: 300,
  ratioFromBytes: 32 * MiB,
};

export const inMiB = (bytes: number) => `${Math.ceil(bytes / MiB).toLocaleString('en')} MiB`;
