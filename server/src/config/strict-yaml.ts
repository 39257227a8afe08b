// Strict YAML: a schema is sections and maps of rules, every rule with its default. Reading fills in what was left out
// and finds everything that is wrong, each with its line; an unknown key is reported with the nearest known one.

import { nearest } from '@backtest-jobs/engine/internal';
import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml';

export interface Rule<T> {
  /** Words that complete "<key> ...", as in "must be true or false". */
  readonly says: string;
  readonly accepts: (value: unknown) => value is T;
  /** Default; null: the key must be there. */
  readonly fallback: { readonly value: T } | null;
}

/** Part of a schema: turns a node, undefined when the key is absent, into a value and reports what is wrong with it. */
export type YamlPart<T> = (reader: Reader, node: Node | undefined, key: string) => T;
type Field = YamlPart<unknown> | Rule<unknown>;
type ValueOf<F> = F extends YamlPart<infer T> ? T : F extends Rule<infer T> ? T : never;

/** Rule over several keys; it is skipped when one of them is wrong by itself. */
export interface CrossRule<T> {
  readonly keys: readonly string[];
  readonly judge: (value: T) => readonly Fault[];
}

interface Fault {
  /** Whole key: backtest.jobs.lease_seconds. */
  readonly key: string;
  /** Rest of the sentence that begins with the key; with an empty key, the whole sentence. */
  readonly says: string;
}

interface YamlProblem extends Fault {
  readonly line: number;
}

export interface ReadYaml<T> {
  /** Value that was read; null when something is wrong. */
  readonly value: T | null;
  /** Problems by line. */
  readonly problems: readonly YamlProblem[];
}

export function readYaml<T>(yaml: string, root: YamlPart<T>, crossRules: readonly CrossRule<T>[] = []): ReadYaml<T> {
  const counter = new LineCounter();
  const document = parseDocument(yaml, { lineCounter: counter, prettyErrors: false });
  if (document.errors.length > 0) {
    // What a broken text means is a guess; to judge the guess would only add noise.
    const problems = document.errors.map(({ message, pos }) => ({
      line: counter.linePos(pos[0]).line,
      key: '',
      says: message,
    }));
    return { value: null, problems };
  }
  const reader: Reader = { document, counter, problems: [], lines: new Map() };
  const value = root(reader, document.contents ?? undefined, '');
  const wrong = reader.problems.map(({ key }) => `${key}.`);
  for (const { keys, judge } of crossRules) {
    const spoiled = keys.some((key) => wrong.some((one) => one.startsWith(`${key}.`) || `${key}.`.startsWith(one)));
    if (!spoiled) for (const { key, says } of judge(value)) report(reader, key, says);
  }
  const problems = reader.problems.sort((a, b) => a.line - b.line);
  return { value: problems.length === 0 ? value : null, problems };
}

interface Reader {
  readonly document: Document;
  readonly counter: LineCounter;
  readonly problems: YamlProblem[];
  /** Line of each key that was read. */
  readonly lines: Map<string, number>;
}

/** Reads exactly these keys. A section that is left out, or has nothing in it, is all defaults. */
export function section<F extends Readonly<Record<string, Field>>>(
  fields: F,
): YamlPart<{ readonly [K in keyof F]: ValueOf<F[K]> }> {
  const known = Object.keys(fields);
  return (reader, node, key) => {
    const given = entries(reader, node, key);
    for (const name of given.keys()) {
      if (known.includes(name)) continue;
      const near = nearest(name, known);
      report(
        reader,
        join(key, name),
        `is not a known key, ${near === undefined ? `there are ${known.join(', ')}` : `did you mean ${near}?`}`,
      );
    }
    const values: Record<string, unknown> = {};
    for (const [name, field] of Object.entries(fields))
      values[name] = read(reader, given.get(name), join(key, name), field);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each value was read by the field of its name
    return values as { readonly [K in keyof F]: ValueOf<F[K]> };
  };
}

/** Reads keys that the user chooses. A map that is given replaces the fallback as a whole. */
export function mapOf<F extends Field>(
  names: Pick<Rule<string>, 'says' | 'accepts'>,
  field: F,
  fallback: Readonly<Record<string, ValueOf<F>>>,
): YamlPart<Readonly<Record<string, ValueOf<F>>>> {
  return (reader, node, key) => {
    if (isEmpty(node)) return fallback;
    const values: Record<string, ValueOf<F>> = {};
    for (const [name, child] of entries(reader, node, key)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it was read by that field
      if (names.accepts(name)) values[name] = read(reader, child, join(key, name), field) as ValueOf<F>;
      else report(reader, join(key, name), names.says);
    }
    return values;
  };
}

/** Reads one field. With a problem the value is a stand-in, so that reading can go on and find the others. */
function read(reader: Reader, node: Node | undefined, key: string, field: Field): unknown {
  if (typeof field === 'function') return field(reader, node, key);
  const { says, accepts, fallback } = field;
  if (node === undefined) {
    if (fallback === null) report(reader, key, `is missing: it ${says}`);
    return fallback?.value;
  }
  const value: unknown = node.toJS(reader.document);
  if (!accepts(value)) report(reader, key, `${says}, not ${JSON.stringify(value).slice(0, 80)}`);
  return value;
}

/** Returns the pairs of a map by name, and keeps the line of each. */
function entries(reader: Reader, given: Node | undefined, key: string): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  const node = isAlias(given) ? given.resolve(reader.document) : given;
  if (!isEmpty(node) && !isMap(node)) report(reader, key, 'must have keys of its own');
  for (const pair of isMap(node) ? node.items : []) {
    const name = String(isScalar(pair.key) ? pair.key.value : pair.key);
    if (isNode(pair.key) && pair.key.range)
      reader.lines.set(join(key, name), reader.counter.linePos(pair.key.range[0]).line);
    found.set(name, isNode(pair.value) ? pair.value : reader.document.createNode(null));
  }
  return found;
}

function isEmpty(node: Node | undefined): boolean {
  return node === undefined || (isScalar(node) && node.value === null);
}

function report(reader: Reader, key: string, says: string): void {
  reader.problems.push({ line: lineOf(reader, key), key, says });
}

/** Finds the line of a key, or of the nearest one above it that the file has. */
function lineOf(reader: Reader, key: string): number {
  for (let at = key; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const line = reader.lines.get(at);
    if (line !== undefined) return line;
  }
  return 1;
}

function join(key: string, name: string): string {
  return key === '' ? name : `${key}.${name}`;
}

// The rules. A missing fallback makes a key required.

export const fixed = <const T extends number>(value: T): Rule<T> => ({
  says: `must be ${value}`,
  accepts: (given): given is T => given === value,
  fallback: null,
});

export const flag = (fallback: boolean): Rule<boolean> => ({
  says: 'must be true or false',
  accepts: (value) => typeof value === 'boolean',
  fallback: { value: fallback },
});

export const shortText = (most = 100): Rule<string> => ({
  says: `must be a text of 1 to ${most} characters`,
  accepts: (value): value is string => typeof value === 'string' && value.trim() !== '' && value.length <= most,
  fallback: null,
});

export const oneOf = <const T extends string>(values: readonly T[], fallback?: T): Rule<T> => ({
  says: `must be one of ${values.join(', ')}`,
  accepts: (value): value is T => values.some((one) => one === value),
  fallback: fallback === undefined ? null : { value: fallback },
});

export const whole = (fallback: number, min: number, max: number): Rule<number> => ({
  says: `must be a whole number from ${count(min)} to ${count(max)}`,
  accepts: (value): value is number =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max,
  fallback: { value: fallback },
});

/** Bounds of a number, which may be a fraction. `below` excludes its bound, like `above`; the others include it. */
export interface Bounds {
  readonly above?: number;
  readonly min?: number;
  readonly max?: number;
  readonly below?: number;
}

export function number(bounds: Bounds, fallback?: number): Rule<number> {
  const { above = Number.NEGATIVE_INFINITY, min = above, below = Number.POSITIVE_INFINITY, max = below } = bounds;
  const words = { above: 'above', min: 'of at least', max: 'of at most', below: 'below' } as const;
  const said = (['above', 'min', 'max', 'below'] as const).flatMap((name) => {
    const bound = bounds[name];
    return bound === undefined ? [] : [`${words[name]} ${count(bound)}`];
  });
  return {
    says: `must be a number ${said.join(' and ')}`,
    accepts: (value): value is number =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      value > above &&
      value >= min &&
      value <= max &&
      value < below,
    fallback: fallback === undefined ? null : { value: fallback },
  };
}

/** Accepts a list, of texts that each pass `accepts`; `each` names the rule of one. */
export const textsOf = (
  each: string,
  accepts: (text: string) => boolean,
  fallback: readonly string[] = [],
): Rule<readonly string[]> => ({
  says: `must be a list of ${each}`,
  accepts: (value): value is readonly string[] =>
    Array.isArray(value) && value.length <= 100 && value.every((one) => typeof one === 'string' && accepts(one)),
  fallback: { value: fallback },
});

/** Accepts null too. */
export const nullable = <T>(rule: Rule<T>, fallback: T | null = null): Rule<T | null> => ({
  says: `${rule.says} or null`,
  accepts: (value): value is T | null => value === null || rule.accepts(value),
  fallback: { value: fallback },
});

/** Accepts one word too, and falls back to it. */
export const orWord = <const W extends string, T>(word: W, rule: Rule<T>): Rule<T | W> => ({
  says: `${rule.says} or ${word}`,
  accepts: (value): value is T | W => value === word || rule.accepts(value),
  fallback: { value: word },
});

const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 6 });
