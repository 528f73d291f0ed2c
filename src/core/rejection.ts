/** A rule said no. Stable upper-case code for programs, a sentence for people, the input's path where there is one. */
export class Rejection extends Error {
  readonly code: string;
  readonly path: readonly string[];
  /** Further rejections of the same input. */
  readonly others: readonly Rejection[];
  constructor(code: string, message: string, path: readonly string[] = [], others: readonly Rejection[] = []) {
    super(message);
    this.name = 'Rejection';
    this.code = code;
    this.path = path;
    this.others = others;
  }
}

/** A race: the stream moved on from the revision that the caller expected. */
export class Conflict extends Error {
  readonly code = 'REVISION_CONFLICT';
  readonly actual: number;
  constructor(stream: string, actual: number) {
    super(`The stream "${stream}" is at revision ${actual}: read it again and decide again.`);
    this.name = 'Conflict';
    this.actual = actual;
  }
}
