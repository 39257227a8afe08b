// What a search came to on bars it has not seen, as text: a line a fold, then what trading the best of each came to.

import type { ValidationResult } from '@backtest-jobs/engine/internal';
import { table } from './table.ts';
import { decimal, parametersOf, percent } from './variants.ts';

export function validationLines({ mode, folds, out_of_sample: { metrics } }: ValidationResult): string[] {
  const rows = folds.map(({ in_sample, out_of_sample, best }) => [
    `${day(in_sample.start)} to ${day(in_sample.end)}`,
    day(out_of_sample.end),
    best === null ? 'no variant was ranked' : parametersOf(best.payload),
    percent(best?.in_sample.total_return_pct, 1),
    percent(best?.out_of_sample.total_return_pct, 1),
    decimal(best?.in_sample.sharpe, 2),
    decimal(best?.out_of_sample.sharpe, 2),
  ]);
  const total = [
    `out of sample ${percent(metrics.total_return_pct, 1)}`,
    `max dd ${percent(metrics.max_drawdown_pct, 1)}`,
    `sharpe ${decimal(metrics.sharpe, 2)}`,
    `${decimal(metrics.num_trades, 0)} trades`,
  ];
  const what = mode === 'holdout' ? 'The best on the bars held out' : 'The best of each fold on the bars after it';
  return [`${what}: ${total.join(', ')}`, ...table(COLUMNS, rows)];
}

const COLUMNS = [
  { title: 'searched on' },
  { title: 'judged until' },
  { title: 'best', gives: true },
  { title: 'return', align: 'right' },
  { title: 'oos return', align: 'right' },
  { title: 'sharpe', align: 'right' },
  { title: 'oos sharpe', align: 'right' },
] as const;

const day = (time: string): string => time.slice(0, 10);
