// JSON in parts, for values whose text as a whole would be longer than a string can be (some 500 million characters): the
// trades of a variant on years of minutes are more.

/** Characters of a part, about. */
const PART = 65_536;
/** Members of an array that are written at once. */
const SLICE = 100;

/** Writes what `JSON.stringify` writes, in parts of some 64 thousand characters. */
export function* jsonParts(value: unknown): Generator<string, void> {
  let text = '';
  for (const piece of pieces(value)) {
    text += piece;
    if (text.length < PART) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

function* pieces(value: unknown): Generator<string, void> {
  if (sizeOf(value, PART) > 0) yield JSON.stringify(value) ?? 'null';
  else if (Array.isArray(value)) yield* ofArray(value);
  else if (typeof value === 'object' && value !== null) yield* ofObject(value);
  else yield JSON.stringify(value) ?? 'null';
}

function* ofArray(items: readonly unknown[]): Generator<string, void> {
  yield '[';
  for (let at = 0; at < items.length; at += SLICE) {
    if (at > 0) yield ',';
    const some = items.slice(at, at + SLICE);
    if (sizeOf(some, PART) > 0) yield JSON.stringify(some).slice(1, -1);
    else yield* joined(some);
  }
  yield ']';
}

function* joined(items: readonly unknown[]): Generator<string, void> {
  for (const [at, item] of items.entries()) {
    if (at > 0) yield ',';
    yield* pieces(item);
  }
}

function* ofObject(value: object): Generator<string, void> {
  let before = '{';
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${before}${JSON.stringify(name)}:`;
    yield* pieces(member);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

/** Subtracts the size of a value, about, from what is left; stops when nothing is. */
function sizeOf(value: unknown, left: number): number {
  if (typeof value === 'string') return left - value.length - 8;
  if (typeof value !== 'object' || value === null) return left - 8;
  let rest = left - 8;
  const members: Iterable<unknown> = Array.isArray(value) ? value : Object.values(value);
  for (const member of members) {
    rest = sizeOf(member, rest);
    if (rest <= 0) return rest;
  }
  return rest;
}
