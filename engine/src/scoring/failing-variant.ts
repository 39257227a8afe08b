// Which variant it was. A scorer fails somewhere in a range of many; what it returns depends on the task alone, so halving
// the range finds the first variant that fails on its own, and the loops over variants need not remember where they are.

import { riskAt, valuesAt, type Grid } from '../grid/grid.ts';
import { payloadOf, type Payload } from '../grid/variant.ts';
import { canonicalJson } from '../identity/canonical.ts';
import type { Prepared } from '../prepare.ts';
import { NO_RISK } from '../simulate/setting.ts';
import type { FailingVariant } from './messages.ts';
import type { Scores, Task } from './score.ts';
import type { Stage } from './state.ts';

/** A variant that could not be scored or reported: a fault of the engine or of the machine. `cause` is what it threw. */
export class VariantError extends Error {
  readonly stage: Stage;
  readonly base_index: number;
  /** Null in stage_a. */
  readonly variant_index: number | null;
  /** Null: the index is no variant of the grid. */
  readonly payload: Payload | null;

  constructor({ spec, grid }: Prepared, { stage, base, risk }: FailingVariant, cause: unknown) {
    const values = valuesAt(grid, base);
    const setting = risk === null ? NO_RISK : riskAt(grid, risk);
    const index = risk === null ? null : base * grid.riskTotal + risk;
    const which = index === null ? `base variant ${base}` : `variant ${index}`;
    const exits = Object.fromEntries(Object.entries(setting).filter(([, level]) => level !== null));
    const made = values === null ? 'which the grid has not' : canonicalJson({ ...values, ...exits });
    super(`${stage}: ${which}, ${made}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'VariantError';
    this.stage = stage;
    this.base_index = base;
    this.variant_index = index;
    this.payload = values === null ? null : payloadOf(spec, values, setting);
  }
}

/** The first variant of a task that fails on its own; null if none does. */
export function findFailingVariant(score: (task: Task) => Scores, task: Task, grid: Grid): FailingVariant | null {
  let { from, to } = task;
  const fails = (part: Partial<Task>): boolean => {
    try {
      score({ ...task, ...part } as Task);
      return false;
    } catch {
      return true;
    }
  };
  while (to - from > 1) {
    const middle = from + ((to - from) >> 1);
    if (fails({ from, to: middle })) to = middle;
    else from = middle;
  }
  return fails({ from, to }) ? variantAt(task, from, grid) : null;
}

/** A variant of the result, by its index. */
export function keptVariant(index: number, { riskTotal }: Grid): FailingVariant {
  const risk = index % riskTotal;
  return { stage: 'finalizing', base: (index - risk) / riskTotal, risk };
}

function variantAt(task: Task, unit: number, { riskTotal }: Grid): FailingVariant {
  const { stage, bases } = task;
  if (stage === 'stage_a') return { stage, base: bases === null ? unit : bases[unit], risk: null };
  return { stage, base: bases[Math.floor(unit / riskTotal)], risk: unit % riskTotal };
}
