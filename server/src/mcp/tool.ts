// What a tool is: its name, what it takes and gives, what it may change, and the act. Whatever is wrong with its input, and
// whatever the API refuses, becomes an answer of the shape that the API's errors have; a bug is told as one.

import type { CallToolResult, Tool as ToolInfo } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { Refusal, type Question } from './ask-api.ts';
import { fit, fitProblems } from './fit.ts';

/** What a tool may do while it runs. */
export interface Doing {
  /** Asks the API as the user of the call. */
  readonly ask: (question: Omit<Question, 'signal'>) => Promise<unknown>;
  /** Aborted when the client cancels or leaves. */
  readonly signal: AbortSignal;
  /** Tells a client that wants to know how far the work is. */
  readonly progress: (done: number, total: number, message: string) => Promise<void>;
}

interface ToolSpec<I extends z.ZodObject, O extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly input: I;
  readonly output: O;
  /** Left out: it changes nothing. */
  readonly changes?: { readonly destroys: boolean; readonly again: 'same' | 'more' };
  /** Lists of the output that are shortened from their ends where an answer would be too large. */
  readonly lists?: readonly (keyof z.output<O> & string)[];
  /** Returns the answer; fields that the output does not name are dropped. */
  readonly run: (input: z.output<I>, doing: Doing) => Promise<unknown>;
}

/** A tool that forgot its types, so that all of them fit in one list. */
export interface AnyTool {
  readonly info: ToolInfo;
  readonly call: (input: unknown, doing: Doing) => Promise<CallToolResult>;
}

const LeftOut = z
  .record(z.string(), z.int())
  .optional()
  .describe('items that this answer has no room for, by list: ask for fewer, or for the next page');

export function tool<I extends z.ZodObject, O extends z.ZodObject>(spec: ToolSpec<I, O>): AnyTool {
  const { name, title, about, input, output, changes, lists = [] } = spec;
  const told = lists.length === 0 ? output : output.extend({ left_out: LeftOut });
  return {
    info: {
      name,
      title,
      description: about,
      inputSchema: schemaOf(input),
      outputSchema: schemaOf(told),
      annotations: {
        title,
        readOnlyHint: changes === undefined,
        destructiveHint: changes?.destroys ?? false,
        idempotentHint: changes?.again !== 'more',
        openWorldHint: false,
      },
    },
    async call(given, doing) {
      try {
        const read = input.safeParse(given ?? {});
        if (!read.success) throw badInput(read.error);
        return fit(output.parse(await spec.run(read.data, doing)), lists);
      } catch (error) {
        doing.signal.throwIfAborted();
        return errorResult(asRefusal(error));
      }
    },
  };
}

function schemaOf(shape: z.ZodObject): ToolInfo['inputSchema'] {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    io: 'input',
    override: ({ jsonSchema }) => trim(jsonSchema),
  });
  return { ...schema, type: 'object' } as ToolInfo['inputSchema'];
}

/** Takes out what says nothing: an agent reads every schema before it calls anything. */
function trim(schema: { minimum?: number; maximum?: number; propertyNames?: unknown }): void {
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  delete schema.propertyNames;
}

/** Makes an input that is a whole number, within bounds. */
export function wholeFromTo(min: number, max: number) {
  const rule = `must be a whole number from ${min} to ${max}`;
  return z.int(rule).min(min, rule).max(max, rule);
}

/** Makes an error of every fault of an input, as the API tells those of a spec. */
function badInput({ issues }: z.ZodError): Refusal {
  const errors = issues.flatMap(({ path, message, ...more }) =>
    'keys' in more && Array.isArray(more.keys)
      ? more.keys.map((key) => ({ path: key, code: 'unknown_field', message: 'is not a field here' }))
      : [{ path: path.join('.'), code: 'invalid_value', message }],
  );
  const first = errors[0];
  const message = `${first?.path}: ${first?.message}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
  return new Refusal(422, 'validation_error', message, { errors });
}

function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  process.stderr.write(`backtest mcp: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return new Refusal(500, 'unexpected_error', 'something went wrong in the MCP server; its stderr says what');
}

/** Returns an error as the API tells it. */
export function errorResult({ code, message, details }: Refusal): CallToolResult {
  const text = JSON.stringify({ error: fitProblems({ code, message, details }) });
  return { content: [{ type: 'text', text }], isError: true };
}
