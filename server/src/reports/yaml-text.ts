// The YAML of a spec (of which JSON is a part) as a value, for the command line and for the API. A key that stands twice is
// a problem with its path, as in JSON; the parser's own check compares every key of a map with every other.

import { SpecError, type Problem } from '@backtest-jobs/engine';
import { specError } from '@backtest-jobs/engine/internal';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { duplicateKey, MOST_LEVELS, pathOf } from './json-keys.ts';

/** Duplicates that are listed. */
const MOST_LISTED = 100;

export interface YamlText {
  readonly document: Document;
  readonly lines: LineCounter;
  /** First fault of the syntax; null: there is none. */
  readonly broken: string | null;
  /** Keys that stand twice. */
  readonly problems: readonly Problem[];
}

export function readYamlText(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: true,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const [fault] = document.errors;
  const problems: Problem[] = [];
  if (fault === undefined) findDuplicates(document.contents, [], problems);
  return { document, lines, broken: fault === undefined ? null : fault.message.trimEnd(), problems };
}

/**
 * Returns the value of a YAML body.
 * @throws {SpecError} with what is wrong with it
 */
export function yamlValue(text: string): unknown {
  try {
    const { document, broken, problems } = readYamlText(text);
    if (broken !== null) throw specError('', 'malformed_yaml', `the body is not YAML: ${broken}`);
    if (problems.length > 0) throw new SpecError(problems);
    return document.toJS();
  } catch (error) {
    if (error instanceof SpecError) throw error;
    // An alias that means nothing, or too much; or brackets beyond the stack of the parser.
    const reason = error instanceof RangeError ? 'it nests too deeply' : error instanceof Error ? error.message : '';
    throw specError('', 'malformed_yaml', `the body is no sound YAML: ${reason}`);
  }
}

function findDuplicates(node: unknown, path: readonly (string | number)[], problems: Problem[]): void {
  if (problems.length >= MOST_LISTED) return;
  if (path.length >= MOST_LEVELS && (isMap(node) || isSeq(node))) {
    const message = `nests more than ${MOST_LEVELS} levels of objects and lists: no spec and no payload has as many`;
    problems.push({ path: pathOf(path.slice(0, 8)), code: 'too_deep', message });
  } else if (isSeq(node)) {
    node.items.forEach((item, position) => findDuplicates(item, [...path, position], problems));
  } else if (isMap(node)) {
    const keys = new Set<string>();
    for (const { key, value } of node.items) {
      const name = nameOf(key);
      if (keys.has(name)) problems.push(duplicateKey(pathOf([...path, name])));
      keys.add(name);
      findDuplicates(value, [...path, name], problems);
    }
  }
}

/** Returns the name that a key gets in JavaScript. */
function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
