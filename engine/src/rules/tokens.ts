// The text of a rule as tokens. What cannot be one becomes a token too, of kind `wrong` with its message, so that the
// parser tells of the first thing that is wrong, whatever it is.

import { quoted, type Span } from './problem.ts';

export interface Token extends Span {
  readonly kind: 'number' | 'name' | 'symbol' | 'wrong' | 'end';
  /** As it stands in the text; empty at the end. */
  readonly text: string;
  /** What is wrong with it, else empty. */
  readonly message: string;
}

const TOKEN = new RegExp(
  [
    String.raw`(?<space>\s+)`,
    String.raw`(?<number>\.?[0-9][\w.]*(?:(?<=[eE])[-+][0-9]+)?)`,
    String.raw`(?<name>[A-Za-z_]\w*)`,
    String.raw`(?<foreign>&&?|\|\|?|!(?!=)|<>|=[<>])`,
    String.raw`(?<symbol>[<>=!]=|[-+*/<>()[\],.=])`,
  ].join('|'),
  'y',
);

const NUMBER = /^[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$/;

/** How the language spells what other languages write otherwise. */
const SPELLING: ReadonlyMap<string, string> = new Map([
  ['&&', 'and'],
  ['&', 'and'],
  ['||', 'or'],
  ['|', 'or'],
  ['!', 'not'],
  ['<>', '!='],
  ['=<', '<='],
  ['=>', '>='],
]);

/** The last token is the end, which comes right after the last character that is no space. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let start = 0; start < text.length;) {
    const token = tokenAt(text, start);
    if (token !== null) tokens.push(token);
    start = token === null ? TOKEN.lastIndex : token.end;
  }
  const end = tokens.at(-1)?.end ?? 0;
  return [...tokens, { kind: 'end', text: '', message: '', start: end, end }];
}

/** Null for space. */
function tokenAt(text: string, start: number): Token | null {
  TOKEN.lastIndex = start;
  const groups = TOKEN.exec(text)?.groups;
  if (groups === undefined) {
    const character = String.fromCodePoint(text.codePointAt(start) ?? 0);
    return wrong(character, start, `${character} means nothing in a rule`);
  }
  const { space, number, name, foreign, symbol } = groups;
  if (space !== undefined) return null;
  if (foreign !== undefined) return wrong(foreign, start, `write ${SPELLING.get(foreign)}`);
  const found = number ?? name ?? symbol;
  const message = number === undefined ? '' : numberProblem(number);
  if (message !== '') return wrong(found, start, message);
  const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'symbol';
  return { kind, text: found, message, start, end: start + found.length };
}

function wrong(text: string, start: number, message: string): Token {
  return { kind: 'wrong', text, message, start, end: start + text.length };
}

function numberProblem(text: string): string {
  if (NUMBER.test(text)) return Number.isFinite(Number(text)) ? '' : `${quoted(text)} is too large`;
  const better = `0${text}`;
  return `${quoted(text)} is not a number${NUMBER.test(better) && text.startsWith('.') ? `; write ${better}` : ''}`;
}
