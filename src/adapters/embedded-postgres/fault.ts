export type EmbeddedPostgresProblem =
  | 'UNSUPPORTED_PLATFORM'
  | 'PACKAGE_MISSING'
  | 'BINARIES_UNUSABLE'
  | 'FOLDER_NOT_WRITABLE'
  | 'FOLDER_OF_ANOTHER_USER'
  | 'ROOT_NOT_POSSIBLE'
  | 'VERSION_MISMATCH'
  | 'DISK_FULL'
  | 'START_FAILED';

/** Why the embedded database cannot run here. The message is for a person: what is wrong, where, and what to do. */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresProblem;
  constructor(code: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}

/** Says what the operating system or Postgres itself reported about a folder, in words that lead somewhere. */
export function folderFault(folder: string, report: string, cause?: unknown): EmbeddedPostgresError {
  if (/ENOSPC|EDQUOT|No space left on device|Disk quota exceeded|Check free disk space/.test(report)) {
    return new EmbeddedPostgresError(
      'DISK_FULL',
      `The disk that holds ${folder} is full. Make room, or set PALABRE_DATA_DIR to a folder on another disk.`,
      { cause },
    );
  }
  if (/EACCES|EPERM|EROFS|ENOTDIR|EEXIST|Permission denied|Read-only file system/.test(report)) {
    return new EmbeddedPostgresError(
      'FOLDER_NOT_WRITABLE',
      `The data folder ${folder} cannot be written (${firstLine(report)}). ` +
        "Make it this user's own (chown -R), or set PALABRE_DATA_DIR to a folder that it may write.",
      { cause },
    );
  }
  return new EmbeddedPostgresError(
    'START_FAILED',
    `The embedded Postgres cannot use ${folder}: ${complaints(report)}`,
    { cause },
  );
}

/** What Postgres' programs complain about, without their account of what went well; everything when there is no complaint to be found. */
export function complaints(report: string): string {
  const lines = report.trim().split('\n');
  const bad = lines.filter((line) => /error:|FATAL|PANIC|HINT/.test(line));
  return (bad.length > 0 ? bad : lines).join('\n');
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
