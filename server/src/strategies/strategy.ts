// A saved strategy as the verbs of this folder hand it out.

import { templateInOrder, type Template } from '@backtest-jobs/engine/internal';
import { iso } from '../queue/job.ts';

export interface Strategy {
  readonly strategy_id: string;
  readonly name: string;
  /** ISO text with microseconds. */
  readonly created_at: string;
  /** With every default filled in. */
  readonly template: Template;
}

/** A strategy as it is stored: jsonb does not keep the order of members. */
export interface Stored {
  readonly template: Template;
  /** Names of the parameters of rules, in the order of the user; null: not kept, or there are none. */
  readonly params_order: readonly string[] | null;
}

/** The select list that makes a stored Strategy of a row of backtest_strategies. */
export const strategyColumns = `strategy_id, name, ${iso('created_at')} as created_at, template_json as template, params_order`;

/** Returns what is stored with its parameters in the order in which they were saved. */
export function inSavedOrder<S extends Stored>({ params_order, ...stored }: S): Omit<S, 'params_order'> {
  return { ...stored, template: templateInOrder(stored.template, params_order ?? []) };
}
