// Answers that fit into the context of an agent: numbers of six digits, and lists that are shortened from their ends until the
// whole result, which has its JSON as text and as structure, is below a bound. What was left out is counted.

import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { Refusal } from './ask-api.ts';

/** Of a result as it is sent. */
export const MOST_ANSWER_BYTES = 16_384;
const DIGITS = 6;

type Answer = Record<string, unknown>;

/** Returns the result of a tool; throws where even without its lists an answer is too large. */
export function fit(answer: Answer, lists: readonly string[]): CallToolResult {
  const told = rounded(answer) as Answer;
  const leftOut: Record<string, number> = {};
  for (;;) {
    const structuredContent = Object.keys(leftOut).length === 0 ? told : { ...told, left_out: leftOut };
    const result = { content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }], structuredContent };
    if (bytesOf(result) <= MOST_ANSWER_BYTES) return result;
    const [longest] = lists
      .map((name) => ({ name, list: told[name], bytes: bytesOf(told[name] ?? []) }))
      .filter(({ list }) => Array.isArray(list) && list.length > 0)
      .sort((a, b) => b.bytes - a.bytes);
    if (longest === undefined) {
      throw new Refusal(500, 'too_large', `the answer is above ${MOST_ANSWER_BYTES} bytes: ask the API itself for it`);
    }
    const { name, list } = longest as { name: string; list: unknown[] };
    const dropped = Math.ceil(list.length / 8);
    told[name] = list.slice(0, -dropped);
    leftOut[name] = (leftOut[name] ?? 0) + dropped;
  }
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Returns an error with as many of its problems as there is room for, and the number of all. */
export function fitProblems({ code, message, details }: Told): Told {
  const told = { code, message: short(message, 2000), details };
  const { errors } = details;
  if (!Array.isArray(errors)) return bytesOf(details) <= MOST_ANSWER_BYTES / 4 ? told : { ...told, details: {} };
  for (let kept = errors.length; ; kept -= Math.ceil(kept / 8)) {
    const more = kept < errors.length ? { errors_total: errors.length } : {};
    const cut = { ...told, details: { ...details, errors: errors.slice(0, kept), ...more } };
    if (kept === 0 || bytesOf(JSON.stringify(cut)) <= MOST_ANSWER_BYTES - 512) return cut;
  }
}

/** Cuts a text that is too long. */
export function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** Rounds every number that is not whole, and copies the rest. */
function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS));
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rounded(one)]));
}
