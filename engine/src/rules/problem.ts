// What is wrong with the text of a rule, and where: shown under the text with a caret.

/** Characters [start, end) of the text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface RuleProblem {
  /** The first character is 1; one past the last where the text ends too early. */
  readonly column: number;
  /** Characters it is about, at least one. */
  readonly length: number;
  readonly message: string;
}

/** Characters of a line before and after the caret that are shown. */
const AROUND = 60;
/** Characters of a name a message repeats. */
const QUOTED = 40;

export function problemAt({ start, end }: Span, message: string): RuleProblem {
  return { column: start + 1, length: Math.max(1, end - start), message };
}

/** Two lines: the line of the text, and carets under the problem with its message. */
export function pointAt(text: string, { column, length, message }: RuleProblem): string {
  const at = column - 1;
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at) === -1 ? text.length : text.indexOf('\n', at);
  const from = at - start > AROUND ? at - AROUND : start;
  const to = end - at > AROUND ? at + AROUND : end;
  const before = (from > start ? '...' : '') + text.slice(from, at).trimStart();
  const after = text.slice(at, to).trimEnd();
  const carets = '^'.repeat(Math.max(1, Math.min(length, after.length)));
  return `${before}${after}${to < end ? '...' : ''}\n${before.replaceAll(/[^\t]/g, ' ')}${carets} ${message}`;
}

/** A piece of the text, short enough for a message. */
export function quoted(text: string): string {
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text;
}
