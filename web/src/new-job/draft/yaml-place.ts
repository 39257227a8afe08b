// Where a YAML text has what a problem is about.

import { isCollection, isMap, isPair, isScalar, isSeq, type Document, type Node, type Pair } from 'yaml';

/**
 * Finds the characters of the value at a path as the engine writes it; of what is missing, those of the deepest thing around
 * it. Names may have dots in them, as indicators have.
 */
export function placeIn(document: Document.Parsed, path: string): readonly [number, number] {
  const whole = document.contents;
  if (whole === null) return [0, 0];
  let here: Node = whole;
  let key: Node | null = null;
  for (let rest = path; rest !== '';) {
    const step = stepInto(here, rest);
    if (step === null) break;
    ({
      value: here,
      key,
      rest,
    } = { value: step.value ?? here, key: step.key, rest: step.value === null ? '' : step.rest });
  }
  // Of an object or a list its name is marked, not all of its lines.
  const marked = isCollection(here) && key !== null ? key : here;
  const [from = 0, to = from] = marked.range ?? [];
  return here === whole ? [0, Math.min(1, document.range?.[1] ?? 0)] : [from, to];
}

interface Step {
  readonly value: Node | null;
  readonly key: Node | null;
  readonly rest: string;
}

function stepInto(node: Node, path: string): Step | null {
  const [whole, position] = /^\[(\d+)\]\.?/.exec(path) ?? [];
  if (whole !== undefined) {
    const value = isSeq(node) ? node.items[Number(position)] : undefined;
    return value === undefined ? null : { value: value as Node, key: null, rest: path.slice(whole.length) };
  }
  if (!isMap(node)) return null;
  // The longest name that the path begins with: `ma.sma` before `ma`.
  const named = node.items
    .filter((pair) => isPair(pair) && isScalar(pair.key) && beginsWith(path, String(pair.key.value)))
    .sort((a, b) => nameOf(b).length - nameOf(a).length);
  const [pair] = named;
  if (pair === undefined) return null;
  return {
    value: pair.value as Node | null,
    key: pair.key as Node,
    rest: path.slice(nameOf(pair).length).replace(/^\./, ''),
  };
}

const nameOf = ({ key }: Pair): string => (isScalar(key) ? String(key.value) : '');

function beginsWith(path: string, name: string): boolean {
  return path.startsWith(name) && ['.', '[', undefined].includes(path[name.length]);
}
