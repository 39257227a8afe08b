// Inputs that come as text, in a query, a path or a header, each with the rule that a fault reports. The words of zod
// name its types and never the rule as a whole.

import { SpecError } from '@backtest-jobs/engine';
import { z } from 'zod';
import { decodeCursor, type Position } from '../queue/cursor.ts';
import { MOST_LISTED } from '../queue/list.ts';

/** Takes a whole number within bounds. */
export function wholeInput(min: number, max: number, fallback: number) {
  return wholeBetween(min, max).default(fallback);
}

/** Takes a whole number within bounds that must be given. */
export function wholeBetween(min: number, max: number) {
  const rule = `must be a whole number from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}`;
  return z.coerce.number(rule).int(rule).min(min, rule).max(max, rule);
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

/** The id of a job. */
export const jobId = z.uuid('must be the id of a job, a UUID like 01890a5d-ac96-774b-bcce-b302099a8057');

/** The id of a job, as a part of the path. */
export const JobIdInput = z.strictObject({ job_id: jobId });

/** The id of a strategy, as a part of the path. */
export const StrategyIdInput = z.strictObject({
  strategy_id: z.uuid('must be the id of a strategy, a UUID like 01890a5d-ac96-774b-bcce-b302099a8057'),
});

/** The header Idempotency-Key of a submit. */
export const IdempotencyKey = textInput(200, 1)
  .optional()
  .describe('a repeated submit with the same key and the same request answers 200 with the job of the first');
