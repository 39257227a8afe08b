// A spec file: JSON or YAML (of which JSON is a part), from a file or stdin. Only the syntax is judged here; what the
// fields mean is for parseSpec or the API. Problems with a field are told with the line that has it.

import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { SpecError, type Problem } from '@backtest-jobs/engine';
import { isNode, type Document } from 'yaml';
import { fromCaller } from '../config/paths.ts';
import { messageOf } from '../message.ts';
import { readYamlText } from '../reports/yaml-text.ts';
import { UsageError } from './command.ts';

export interface SpecFile {
  readonly input: unknown;
  /** What `work` finds wrong with the spec is thrown again with the lines of this file. */
  check<T>(work: () => T | Promise<T>): Promise<T>;
}

/** `-` is stdin. */
export async function readSpecFile(path: string): Promise<SpecFile> {
  const name = path === '-' ? 'stdin' : path;
  return parseSpecText(textOf(await contents(path), name), name);
}

export function parseSpecText(text: string, name: string): SpecFile {
  const { document, lines, broken, problems } = readYamlText(text);
  if (broken !== null) throw new UsageError(`${name} is neither JSON nor YAML: ${broken}`);
  if (document.contents === null) throw new UsageError(`${name} is empty: a spec needs time_range and template`);
  const lineOf = (path: string): number | null => {
    const keys = path
      .split(/[.[\]]+/)
      .filter((key) => key !== '')
      .map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    // The nearest part of the path that the file has: a missing field is reported at its parent.
    for (let depth = keys.length; depth > 0; depth -= 1) {
      const node = document.getIn(keys.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return null;
  };
  const withLine = ({ path, code, message }: Problem): Problem => {
    const line = lineOf(path);
    const [first, ...rest] = message.split('\n'); // a rule is shown in the lines below
    return { path, code, message: line === null ? message : [`${first} (${name}:${line})`, ...rest].join('\n') };
  };
  if (problems.length > 0) throw new SpecError(problems.map(withLine));
  return {
    input: valueOf(document, name),
    async check(work) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof SpecError)) throw error;
        throw new SpecError(error.problems.map(withLine));
      }
    },
  };
}

/** An alias that means nothing, or too much, comes to light only when values are made of the nodes. */
function valueOf(document: Document, name: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause;
    throw new UsageError(`${name} is no sound YAML: ${cause.message}`, { cause });
  }
}

/** Bytes as text; what is none would be shown to the user by the message about its syntax. */
export function textOf(bytes: Uint8Array, name: string): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new UsageError(`${name} is not text in UTF-8`, { cause });
  }
  // Control characters other than tab, line feed and carriage return.
  if (/[^\P{Cc}\t\n\r]/u.test(text)) throw new UsageError(`${name} is not text: it has control characters in it`);
  return text;
}

async function contents(path: string): Promise<Uint8Array> {
  if (path === '-') return buffer(process.stdin);
  try {
    return await readFile(fromCaller(path));
  } catch (error) {
    throw new UsageError(`cannot read the spec ${path}: ${messageOf(error)}`);
  }
}
