// What went wrong in a line, whatever was thrown, and texts as PostgreSQL stores them: without NUL and half characters.

/** pg and fetch sometimes reject with an AggregateError, whose own message is empty. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return error instanceof AggregateError && error.errors.length > 0 ? messageOf(error.errors[0]) : error.name;
}

const NUL = /\0/g;
const REPLACEMENT = '\uFFFD';

/** The text without NUL and lone surrogates, for which U+FFFD stands, and at most so many characters of it, none of them cut. */
export function storable(text: string, most = Infinity): string {
  const cut = text.length <= most ? text : text.slice(0, endOf(text, most));
  return cut.replace(NUL, REPLACEMENT).toWellFormed();
}

/** The same in every text of a JSON value, the names of members too. */
export function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (Array.isArray(value)) return value.map(storableJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storable(name), storableJson(member)]));
}

/** The last place, up to `most`, that does not part the two halves of a character. */
function endOf(text: string, most: number): number {
  const code = text.charCodeAt(most);
  return code >= 0xdc00 && code <= 0xdfff && most > 0 ? most - 1 : most;
}
