// Canonical JSON (RFC 8785): equal values have equal text whatever the order of their keys, so a hash of the text is an
// identity. Numbers and texts are written as ECMAScript writes them, which is what the RFC asks for.

/**
 * JSON that is the same text for the same value: sorted keys, no spaces, numbers as RFC 8785 wants them.
 * @throws TypeError for what JSON cannot say: NaN, infinities, functions, half a character. Properties of value
 *   undefined do not count.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)) // by UTF-16 code units
      .map(([name, member]) => `${canonicalJson(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  const sayable =
    value === null ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value)) ||
    (typeof value === 'string' && value.isWellFormed());
  if (!sayable) throw new TypeError(`JSON cannot say this ${typeof value}`);
  return JSON.stringify(value);
}
