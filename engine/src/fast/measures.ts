// The worth of the variant at hand, for the metrics that a job asks for: those of trades come from their columns, those of
// a path from the bars inside trades, and the path is only followed if a metric asks.

import { targetOf, type Prepared } from '../prepare.ts';
import { dailyReturns, daysOf, measureOutcome, type Outcome } from '../simulate/metrics.ts';
import type { Setting } from '../simulate/setting.ts';
import type { Metric } from '../spec.ts';
import type { Balance } from './balance.ts';
import type { Fills } from './fills.ts';
import { writeDayEquity, pathDrawdownPct, tracePath, openPath, type Path } from './path.ts';
import type { Runs } from './runs.ts';
import { exitBarOf } from './stops.ts';

export interface Measures {
  /** Takes up a variant, whose money is settled. `keys` are the ends of its trades. */
  readonly setVariant: (runs: Runs, ret: Float64Array, keys: Int32Array | null) => void;
  readonly value: (metric: Metric) => number;
  /** As of `Outcome`. */
  readonly dailyReturns: () => Float64Array | null;
}

/** `keys` null: trades end where their runs do. */
export function openMeasures(prepared: Prepared, setting: Setting, balance: Balance, fills: Fills): Measures {
  const { target, context } = targetOf(prepared);
  const { bars } = fills;
  const days = daysOf(target, context.timeframeMs);
  let runs: Runs | null = null;
  let keys: Int32Array | null = null;
  let path: Path | null = null;
  let exitBar: Int32Array | null = null;
  let followed = false;
  let daily: Float64Array | null | undefined;

  const followOnce = (): Path => {
    path ??= openPath(bars);
    exitBar ??= new Int32Array(bars + 2);
    if (followed || runs === null) return path;
    for (let run = 0; run < runs.count; run += 1) {
      exitBar[run] = keys === null ? Math.min(runs.exit[run] + fills.delay, bars - 1) : exitBarOf(keys[run], fills);
    }
    tracePath(path, setting, runs, balance, { fills, exitBar });
    followed = true;
    return path;
  };
  const outcome: { -readonly [name in keyof Outcome]: Outcome[name] } = {
    finalEquity: 0,
    trades: { count: 0, net: balance.net, ret: balance.net },
    maxDrawdownPct: () => pathDrawdownPct(followOnce(), target.close, setting.initCash),
    dailyReturns() {
      if (daily !== undefined) return daily;
      writeDayEquity(followOnce(), target.close, setting.initCash, days);
      return (daily = dailyReturns(days, setting.initCash));
    },
  };

  return {
    setVariant(trades, ret, ends) {
      runs = trades;
      keys = ends;
      followed = false;
      daily = undefined;
      outcome.finalEquity = balance.available + balance.safe;
      outcome.trades.count = balance.count;
      outcome.trades.ret = ret;
    },
    value: (metric) => measureOutcome(metric, outcome, context),
    dailyReturns: outcome.dailyReturns,
  };
}
