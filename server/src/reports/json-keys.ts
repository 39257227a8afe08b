// What a JSON text says beyond its value: keys that stand twice in one object, of which a parser silently keeps the last,
// and how deeply it nests. One pass over a text that a parser has accepted, without recursion.

import type { Problem } from '@backtest-jobs/engine';

/** Levels of objects and lists in a body: a spec has 7, and what recurses over a body relies on the limit. */
export const MOST_LEVELS = 64;
/** Duplicates that are listed. */
const MOST_LISTED = 100;

interface Level {
  /** Keys so far; null in a list. A body may have a hundred thousand objects, so few keys are a list and no set. */
  keys: string[] | Set<string> | null;
  /** Where in it we are: the key, or the position. */
  at: string | number;
}

/** Keys that are compared one by one. */
const FEW_KEYS = 8;

/** Returns what is wrong with the keys and the depth of a JSON text; the text must be JSON. */
export function keyProblems(text: string): readonly Problem[] {
  const problems: Problem[] = [];
  const levels: Level[] = [];
  let level: Level | undefined;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfText(text, at);
        const twice = level?.keys && isKey(text, end) && takeKey(level, text.slice(at, end + 1));
        if (twice === true && problems.length < MOST_LISTED) problems.push(duplicate(levels));
        at = end;
        break;
      }
      case OBJECT:
      case LIST:
        if (levels.length === MOST_LEVELS) return [tooDeep(levels)];
        level = text.charCodeAt(at) === OBJECT ? { keys: [], at: '' } : { keys: null, at: 0 };
        levels.push(level);
        break;
      case OBJECT_END:
      case LIST_END:
        levels.pop();
        level = levels.at(-1);
        break;
      case COMMA:
        if (level !== undefined && typeof level.at === 'number') level.at += 1;
        break;
    }
  }
  return problems;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const LIST = 0x5b;
const LIST_END = 0x5d;
const OBJECT = 0x7b;
const OBJECT_END = 0x7d;

/** Returns the position of the quote that ends a text, given that of the quote that begins it. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** Returns whether the text that ends here is a key: a colon comes next. */
function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) <= 0x20) at += 1;
  return text.charCodeAt(at) === COLON;
}

/** Moves a level to a key. Returns whether it had the key before. */
function takeKey(level: Level, quoted: string): boolean {
  const key = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
  level.at = key;
  const { keys } = level;
  if (keys instanceof Set) {
    const { size } = keys;
    return keys.add(key).size === size;
  }
  if (keys === null) return false;
  if (keys.includes(key)) return true;
  keys.push(key);
  if (keys.length > FEW_KEYS) level.keys = new Set(keys);
  return false;
}

function duplicate(levels: readonly Level[]): Problem {
  return duplicateKey(pathOf(levels.map(({ at }) => at)));
}

/** Makes the problem of a key that stands twice. */
export function duplicateKey(path: string): Problem {
  return { path, code: 'duplicate_key', message: 'stands there twice: leave one of them out' };
}

function tooDeep(levels: readonly Level[]): Problem {
  const path = pathOf(levels.slice(0, SHOWN_LEVELS).map(({ at }) => at));
  const message = `nests more than ${MOST_LEVELS} levels of objects and lists: no spec and no payload has as many`;
  return { path, code: 'too_deep', message };
}

/** Levels of the path to a place that is too deep: enough to find it. */
const SHOWN_LEVELS = 8;
/** Letters of a key in a path. */
const SHOWN_LETTERS = 60;

/** Writes a path as the gate does: `template.indicator_grids[1].params`. */
export function pathOf(parts: readonly (string | number)[]): string {
  const text = parts.map((part) => (typeof part === 'number' ? `[${part}]` : `.${shortened(part)}`)).join('');
  return text.startsWith('.') ? text.slice(1) : text;
}

function shortened(key: string): string {
  return key.length > SHOWN_LETTERS ? `${key.slice(0, SHOWN_LETTERS)}...` : key;
}
