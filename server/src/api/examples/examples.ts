// The examples of the OpenAPI document: what a real API has answered on the sample candles, kept in examples.json. Lists are cut to
// two items. `UPDATE_GOLDEN=1` with examples.db.test.ts writes them anew.

import { readFileSync } from 'node:fs';
import type { ErrorCode } from '../errors.ts';

export interface Examples {
  /** By operationId. */
  readonly operations: Readonly<Record<string, { readonly request?: unknown; readonly reply: unknown }>>;
  readonly errors: Readonly<Record<ErrorCode, unknown>>;
}

export const EXAMPLES_FILE = new URL('examples.json', import.meta.url);
export const EXAMPLES = JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as Examples;

interface Content {
  example?: unknown;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, Content> }>;
}

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { responses?: Record<string, unknown> };
}

/** Types of replies that are no text. */
const BYTES = /octet-stream|parquet|ndjson/;

/** Adds an example to each body and reply, and names each error once, with its example, for all routes. */
export function addExamples(document: object): void {
  const { paths, components } = document as Described;
  components.responses = {};
  for (const { operationId, requestBody, responses } of Object.values(paths).flatMap(Object.values) as Operation[]) {
    const { request, reply } = EXAMPLES.operations[operationId] ?? {};
    for (const content of Object.values(requestBody?.content ?? {})) content.example = request;
    for (const [status, response] of Object.entries(responses)) {
      const [code = ''] = response.description.split(':', 1);
      const all = Object.entries(response.content ?? {}).filter(([type]) => !BYTES.test(type));
      for (const [, content] of all)
        content.example = Number(status) < 400 ? reply : EXAMPLES.errors[code as ErrorCode];
      if (Number(status) < 400) continue;
      components.responses[code] = response;
      responses[status] = { $ref: `#/components/responses/${code}` } as never;
    }
  }
}
