// The equity of whoever trades the best of each fold on the bars after it: each fold starts flat with the final equity of
// the one before and is force-closed at its end. The whole is measured like any simulation.

import { riskAt } from '../grid/grid.ts';
import { heldOut, outOfSample, targetOf, type Prepared } from '../prepare.ts';
import { report } from '../report/report.ts';
import { openRerun, type Rerun } from '../report/rerun.ts';
import { decimate, series } from '../report/series.ts';
import { caveatsOf, metricsJson, type OtherBounds, type MetricsJson } from '../simulate/metrics-json.ts';
import { NO_RISK, settingOf, type Simulation } from '../simulate/setting.ts';
import { beginTrade, endTrade, openTrades, type Trades } from '../simulate/trades.ts';

/** Plain JSON. */
export interface Stitched {
  readonly metrics: MetricsJson;
  readonly report_table_md: string;
  /** At most `POINTS` rows, lowest and highest equity kept: close of the bar in epoch milliseconds, quote, quote. */
  readonly series: {
    readonly time: readonly number[];
    readonly equity: readonly number[];
    readonly benchmark: readonly number[];
  };
}

/** It is kept with the result of a job and told with its status. */
const POINTS = 500;

/** `chosen`: a variant for each fold, null where none was ranked. Yields `turn()` after each run. */
export function* stitch<T>(
  fullRange: Prepared,
  chosen: readonly (number | null)[],
  turn: () => T,
): Generator<T, Stitched> {
  const simulation = yield* stitchedRun(fullRange, chosen, 'simulation', turn);
  const { ambiguousBars, possibleTrails } = simulation;
  const tpFirst = ambiguousBars > possibleTrails ? yield* stitchedRun(fullRange, chosen, 'tpFirst', turn) : simulation;
  const trailHit = possibleTrails > 0 ? yield* stitchedRun(fullRange, chosen, 'trailHit', turn) : simulation;
  const { target, context } = targetOf(heldOut(fullRange));
  const { metrics, table_md } = report(simulation, target, context);
  const { time, equity, benchmark } = decimate(series(simulation, target, context), POINTS);
  return {
    metrics: metricsJson(metrics, caveatsOf(simulation, { tpFirst, trailHit }, context)),
    report_table_md: table_md,
    series: { time: [...time], equity: [...equity], benchmark: [...benchmark] },
  };
}

/** Trades the variants chosen for the folds one after the other, on the bars held out. Yields `turn()` after each. */
export function* stitchedRun<T>(
  fullRange: Prepared,
  chosen: readonly (number | null)[],
  convention: 'simulation' | keyof OtherBounds,
  turn: () => T,
): Generator<T, Simulation> {
  const setting = settingOf(fullRange.spec.template, NO_RISK);
  const { timeline } = heldOut(fullRange);
  const equity = new Float64Array(timeline.end - timeline.first);
  const trades = openTrades();
  const sum = {
    bust: false,
    writtenOff: 0,
    ambiguousBars: 0,
    possibleTrails: 0,
    ruled: false,
    waitedFills: 0,
    carriedClose: false,
  };
  let cash = setting.initCash;
  let from = 0;
  for (const [fold, variant] of chosen.entries()) {
    const held = outOfSample(fullRange, fold);
    if (held === null) throw new RangeError(`fold ${fold} holds nothing out`);
    const to = from + held.timeline.end - held.timeline.first;
    equity.fill(cash, from, to); // of a fold that nothing trades in
    if (variant !== null && cash > 0 && !sum.bust) {
      const { simulation, bounds } = run(held, variant, cash);
      const part = convention === 'simulation' ? simulation : bounds[convention];
      equity.set(part.equity, from);
      append(trades, part.trades, from);
      cash = part.finalEquity;
      sum.bust ||= part.bust;
      sum.ruled ||= part.ruled;
      sum.writtenOff += part.writtenOff;
      sum.ambiguousBars += part.ambiguousBars;
      sum.possibleTrails += part.possibleTrails;
      sum.waitedFills += part.waitedFills;
      sum.carriedClose ||= part.carriedClose;
      yield turn();
    }
    from = to;
  }
  return { trades, equity, finalEquity: cash, setting, ...sum };
}

function run(held: Prepared, variant: number, cash: number): Rerun {
  const { grid } = held;
  const risk = variant % grid.riskTotal;
  return openRerun(held)((variant - risk) / grid.riskTotal, riskAt(grid, risk), cash);
}

/** `from`: where the bars of the part lie. */
function append(trades: Trades, part: Trades, from: number): void {
  for (let row = 0; row < part.count; row += 1) {
    beginTrade(trades, {
      side: part.side[row],
      signalBar: from + part.signalBar[row],
      entryBar: from + part.entryBar[row],
      entryFill: part.entryFill[row],
      amount: part.amount[row],
    });
    endTrade(trades, {
      exitBar: from + part.exitBar[row],
      exitAtOpen: part.exitAtOpen[row] === 1,
      exitFill: part.exitFill[row],
      net: part.net[row],
      ret: part.ret[row],
      locked: part.locked[row],
      reason: part.reason[row],
    });
  }
}
