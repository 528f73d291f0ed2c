import { ArchiveFault } from './fault.ts';
import { faultPlace } from './json-place.ts';

/** The value of a JSON file; a fault that names line, column and byte where it stops being JSON. */
export const parseJson = (file: string, bytes: Buffer): unknown => {
  const text = decode(file, bytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new ArchiveFault(file, `broken JSON at ${describe(text)}`);
  }
};

const decode = (file: string, bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Decoded again with replacements, the first of them stands where the text went wrong.
    const at = bytes.toString('utf8').indexOf('\ufffd');
    throw new ArchiveFault(file, `is not UTF-8 text (from about character ${at})`);
  }
};

const describe = (text: string): string => {
  const at = faultPlace(text);
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  const where = `line ${line}, column ${column} (byte ${Buffer.byteLength(before)})`;
  return at >= text.length ? `${where}: the file ends too early` : where;
};
