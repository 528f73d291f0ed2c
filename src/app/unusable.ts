/** Something that Palabre needs is not there or not as it should be: the message says what, where, and what to do. */
export class Unusable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'Unusable';
  }
}
