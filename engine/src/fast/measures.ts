// The metrics of the current variant, as a job asks for them. Metrics of trades read the columns of the trades. Metrics
// of the equity path also read the bars inside trades; the path is traced only if such a metric is asked for.

import { targetOf, type Prepared } from '../prepare.ts';
import { dailyReturns, daysOf, measureOutcome, type Outcome } from '../simulate/metrics.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Metric } from '../spec.ts';
import type { Balance } from './balance.ts';
import type { Fills } from './fills.ts';
import { openPath, pathDrawdownPct, tracePath, writeDayEquity, type Path } from './path.ts';
import type { Runs } from './runs.ts';
import { exitBarOf } from './stops.ts';

export interface Measures {
  /**
   * Sets the variant to measure, whose balance is settled. `keys` are the ends of its trades; null: those of its runs.
   */
  readonly setVariant: (runs: Runs, ret: Float64Array, keys: Int32Array | null) => void;
  /** Computes a metric of the variant. */
  readonly value: (metric: Metric) => number;
  /** Computes the daily returns of the variant; compare `Outcome`. */
  readonly dailyReturns: () => Float64Array | null;
}

/** Opens the measures of one variant at a time, whose balance is always this one. */
export function openMeasures(prepared: Prepared, setting: Setting, balance: Balance, fills: Fills): Measures {
  const { target, context } = targetOf(prepared);
  const { bars } = fills;
  const days = daysOf(target, context);
  let runs: Runs | null = null;
  let keys: Int32Array | null = null;
  let path: Path | null = null;
  let exitBar: Int32Array | null = null;
  let traced = false;
  let daily: Float64Array | null | undefined;

  const tracedPath = (): Path => {
    path ??= openPath(bars);
    exitBar ??= new Int32Array(bars + 2);
    if (traced || runs === null) return path;
    for (let run = 0; run < runs.count; run += 1) {
      exitBar[run] = keys === null ? Math.min(runs.exit[run] + fills.delay, bars - 1) : exitBarOf(keys[run], fills);
    }
    if (balance.ruinBar >= 0) exitBar[balance.count - 1] = balance.ruinBar;
    tracePath(path, setting, fills, { entry: runs.entry, exitBar, balance });
    traced = true;
    return path;
  };
  const outcome: { -readonly [name in keyof Outcome]: Outcome[name] } = {
    finalEquity: 0,
    trades: { count: 0, net: balance.net, ret: balance.net },
    maxDrawdownPct: () => pathDrawdownPct(tracedPath(), target.close, setting.initCash),
    dailyReturns() {
      if (daily !== undefined) return daily;
      writeDayEquity(tracedPath(), target.close, setting.initCash, days);
      return (daily = dailyReturns(days, setting.initCash));
    },
  };

  return {
    setVariant(trades, ret, ends) {
      runs = trades;
      keys = ends;
      traced = false;
      daily = undefined;
      outcome.finalEquity = balance.available + balance.safe;
      outcome.trades.count = balance.count;
      outcome.trades.ret = ret;
    },
    value: (metric) => measureOutcome(metric, outcome, context),
    dailyReturns: outcome.dailyReturns,
  };
}
