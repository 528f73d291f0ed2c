// With the u flag, \p{Cs} matches a surrogate only when it stands alone.
const NOT_STORABLE = /\0|\p{Cs}/u;

/**
 * Where in a value stands text that no log can keep: a NUL, or half a surrogate pair. Null where everything can be stored.
 * Asked of the clear value, before it is sealed: ciphertext would carry such text through every later check.
 */
export const unstorableAt = (value: unknown, path: readonly string[] = []): readonly string[] | null => {
  if (typeof value === 'string') return NOT_STORABLE.test(value) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, inner] of Object.entries(value)) {
    const found = unstorableAt(inner, [...path, name]);
    if (found) return found;
  }
  return null;
};
