// Inputs that come as text, in a query, a path, a header or a form, each with the rule that a fault reports, and the faults of
// a body. The words of zod name its types and never the rule as a whole.

import { SpecError, type Problem } from '@backtest-jobs/engine';
import { LONGEST_SYMBOL } from '@backtest-jobs/engine/internal';
import { z } from 'zod';
import { decodeCursor, type Position } from '../queue/cursor.ts';
import { MOST_LISTED } from '../queue/list.ts';

/** Takes a whole number within bounds. */
export function wholeInput(min: number, max: number, fallback: number) {
  // A default of what is preprocessed would be missing in the document.
  return wholeBetween(min, max).prefault(fallback);
}

/** Takes a whole number within bounds that must be given. */
export function wholeBetween(min: number, max: number) {
  const rule = `must be a whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}`;
  return z.preprocess(filled, z.coerce.number(rule).int(rule).min(min, rule).max(max, rule));
}

/** Takes a finite number. */
export function numberInput() {
  const rule = 'must be a number';
  return z.preprocess(filled, z.coerce.number(rule).refine(Number.isFinite, rule));
}

/** Makes no number of what is empty, which is 0 to JavaScript. */
function filled(text: unknown): unknown {
  return typeof text === 'string' && text.trim() === '' ? Number.NaN : text;
}

/** Items of a page. */
export const pageLimit = wholeInput(1, MOST_LISTED, 50);

/** Takes text of `min` to `max` characters; PostgreSQL stores no NUL. */
export function textInput(max: number, min = 0) {
  const rule = `must have ${min === 0 ? 'at most' : `${min} to`} ${max} characters`;
  return z.string(rule).min(min, rule).max(max, rule).refine(hasNoNul, 'must be text without NUL');
}

function hasNoNul(text: string): boolean {
  return !text.includes('\0');
}

/** What the document says of a symbol; the engine, which reads it, says more about one that is none. */
export const SYMBOL = {
  minLength: 1,
  maxLength: LONGEST_SYMBOL,
  description: 'visible characters without spaces, like BTCUSDT, BRK.B or BTC/USDT',
};

/** Takes an instant with its zone, as epoch milliseconds. */
export const instantInput = z.iso
  .datetime({ offset: true, error: 'must be an instant like 2024-01-31T00:00:00Z' })
  .transform((text) => Date.parse(text));

export function choiceInput<const T extends readonly string[]>(names: T) {
  return z.enum(names, `must be one of ${names.join(', ')}`);
}

/** Takes the place where the page before ended, of a list by this id. */
export function cursorInput<Id extends string>(id: Id) {
  // Its fault comes in the same reply as those of the other parameters.
  const positionOf = (text: string, context: z.RefinementCtx): Position<Id> => {
    try {
      return decodeCursor(text, id);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      context.addIssue({ code: 'custom', message: error.problems[0]?.message ?? error.message });
      return z.NEVER;
    }
  };
  return textInput(500).transform(positionOf).optional().describe('next_cursor of the page before');
}

/** Takes the id of a thing, named with its article. */
export function idInput(what: string) {
  return z.uuid(`must be the id of ${what}, a UUID like 01890a5d-ac96-774b-bcce-b302099a8057`);
}

/** The id of a job. */
export const jobId = idInput('a job');

/** The id of a job, as a part of the path. */
export const JobIdInput = z.strictObject({ job_id: jobId });

/** The id of a strategy, as a part of the path. */
export const StrategyIdInput = z.strictObject({ strategy_id: idInput('a strategy') });

/** The header Idempotency-Key of a submit. */
export const IdempotencyKey = textInput(200, 1)
  .optional()
  .describe('a repeated submit with the same key and the same request answers 200 with the job of the first');

/** Makes problems of what a schema says of a body, one for each path; what was sent stays out of them, as it may be a password. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], body: unknown): readonly Problem[] {
  const sent: object = typeof body === 'object' && body !== null ? body : {};
  const problems = new Map<string, Problem>();
  const say = (path: string, code: string, message: string): void => {
    if (!problems.has(path)) problems.set(path, { path, code, message });
  };
  for (const issue of issues) {
    const { path, message } = issue;
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) say([...path, key].join('.'), 'unknown_field', 'is not a field here');
      continue;
    }
    const [first] = path;
    const missing = typeof first === 'string' && !Object.hasOwn(sent, first);
    say(path.join('.'), missing ? 'required' : 'invalid_value', message);
  }
  return [...problems.values()];
}
