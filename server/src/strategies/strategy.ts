// A saved strategy as the verbs of this folder hand it out.

import type { Template } from '@backtest-jobs/engine/internal';
import { iso } from '../queue/job.ts';

export interface Strategy {
  readonly strategy_id: string;
  readonly name: string;
  /** ISO text with microseconds. */
  readonly created_at: string;
  /** With every default filled in. */
  readonly template: Template;
}

/** The select list that makes a Strategy of a row of backtest_strategies. */
export const strategyColumns = `strategy_id, name, ${iso('created_at')} as created_at, template_json as template`;
