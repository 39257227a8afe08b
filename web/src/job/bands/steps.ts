// The best so far against the simulations done, as it was seen while the page was open.

import type { Schemas } from '@backtest-jobs/client';
import { numberOf } from '../../words/format.ts';

export interface StepPoint {
  readonly done: number;
  readonly value: number;
}

/** Adds what was seen: only what changed the best, and the latest. */
export function addStep(points: readonly StepPoint[], next: StepPoint): readonly StepPoint[] {
  const last = points.at(-1);
  if (Number.isNaN(next.value) || (last !== undefined && next.done < last.done)) return points;
  if (last?.done === next.done && last.value === next.value) return points;
  const before = points.at(-2);
  const isSame = last !== undefined && before !== undefined && last.value === next.value && before.value === next.value;
  return [...(isSame || last?.done === next.done ? points.slice(0, -1) : points), next];
}

const seen = new Map<string, readonly StepPoint[]>();

/** Returns all that was seen of a job, with what it says now. */
export function stepsOf({ job_id, best, processed_units }: Schemas['JobStatus']): readonly StepPoint[] {
  const before = seen.get(job_id) ?? [];
  const now = addStep(before, { done: processed_units, value: numberOf(best?.value) });
  if (now !== before) seen.set(job_id, now);
  return now;
}

/** Ends of the axis of values, with 0 in sight. */
export function valueEnds(points: readonly StepPoint[]): readonly [number, number] {
  const finite = points.map(({ value }) => value).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  return low === high ? [0, 1] : [low, high + 0.12 * (high - low)];
}
