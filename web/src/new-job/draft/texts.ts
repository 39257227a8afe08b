// A spec as text that can be kept, sent and run elsewhere.

import { isObject, type PlainObject } from './plain.ts';

/** Writes a spec as YAML. The library comes when it is asked for. */
export async function yamlOf(spec: PlainObject): Promise<string> {
  const { yamlText } = await import('./yaml-text.ts');
  return yamlText(spec);
}

/**
 * Reads YAML, of which JSON is a part.
 * @throws {Error} with the line of what cannot be read
 */
export async function specOfText(text: string): Promise<PlainObject> {
  const { parse } = await import('yaml');
  const value: unknown = parse(text);
  if (!isObject(value)) throw new Error('a spec is an object, like `template: ...`');
  return value;
}

/** Quotes a text for a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

export function curlOf(spec: PlainObject, origin: string, parent: string | null): string {
  const query = parent === null ? '' : `?parent_job_id=${parent}`;
  return [
    `curl ${quoted(`${origin}/api/backtests/jobs${query}`)} \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(spec))}`,
  ].join('\n');
}

/** Writes the command that submits a spec, which it gets by a here-document. */
export async function commandOf(spec: PlainObject): Promise<string> {
  return `npm run -s backtest -- submit - --watch <<'SPEC'\n${await yamlOf(spec)}SPEC\n`;
}
