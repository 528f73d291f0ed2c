/** An archive that cannot be imported: which file, where in it, what is wrong, and what to do about it. */
export class ArchiveFault extends Error {
  /** The file inside the archive; null where the archive as a whole is meant. */
  readonly file: string | null;
  /** Where, and what is wrong there: the message without its advice. */
  readonly place: string;
  constructor(file: string | null, problem: string, advice = REPAIR) {
    super(`${file === null ? '' : `${file}: `}${problem}. ${advice}`);
    this.name = 'ArchiveFault';
    this.file = file;
    this.place = `${file === null ? '' : `${file}: `}${problem}`;
  }
}

export const REPAIR = 'Nothing of this archive was imported: make the export again, or repair the file.';
export const NOT_FROM_ZULIP = 'Give a Zulip organisation export: its .tar.gz, or the folder unpacked from it.';
export const HOSTILE = 'Zulip writes no such archive: do not trust where it came from.';
