// How metrics travel: JSON has neither infinities nor NaN. Beside them goes what nobody ranks by.

import { avgDrawdownEpisode, everyMetric, totalReturnPct, type MeasureContext, type Metrics } from './metrics.ts';
import type { Simulation } from './setting.ts';

/** How a metric travels in JSON: null is not a number. */
export type MetricJson = number | 'inf' | '-inf' | null;

/** What nobody ranks by and whoever reads a return must know. */
export type Caveats = {
  /** Bars whose intrabar exit was decided by convention. */
  readonly ambiguous_bars: number;
  /** The total return under the other convention: the second bound, equal to the first without such bars. */
  readonly total_return_pct_tp_first: number;
  /** Those of them that may have hit the trailing level that they raised themselves; the position was kept. */
  readonly possible_trails: number;
  /** The total return if each trailing level that may have been hit within its own bar was; equal to the first without such bars. */
  readonly total_return_pct_trail_hit: number;
  /** 1: an exit left nothing to trade with. */
  readonly bust: 0 | 1;
  /** Quote of debt forgiven by going bust. */
  readonly written_off: number;
  /** Mean of the deepest fall of each drawdown in percent, beside the report's mean over bars; null where there is none. */
  readonly avg_drawdown_episode: MetricJson;
  /** Fills that waited for a market, because nobody traded on the bar that they were decided for. */
  readonly waited_fills: number;
  /** 1: the forced close of the last bar had no market, so its price is the close before, carried forward. */
  readonly carried_close: 0 | 1;
  /** First target bars on which an indicator of the variant has no value; only where they are a tenth of all or more. */
  readonly short_history_bars?: number;
};

/** All metrics of a variant, as they travel in JSON. */
export type MetricsJson = Readonly<Record<keyof Metrics, MetricJson>> & Caveats;

export function metricJson(value: number): MetricJson {
  if (Number.isNaN(value)) return null;
  if (value === Infinity) return 'inf';
  return value === -Infinity ? '-inf' : value + 0; // -0 + 0 is 0
}

export function metricsJson(metrics: Metrics, caveats: Caveats): MetricsJson {
  return { ...everyMetric((metric) => metricJson(metrics[metric])), num_trades: metrics.num_trades, ...caveats };
}

/** A simulation under the other conventions of `Setting.ambiguous`; itself where no bar is decided by them. */
export interface OtherBounds {
  readonly tpFirst: Simulation;
  readonly trailHit: Simulation;
}

export function caveatsOf(
  simulation: Simulation,
  { tpFirst, trailHit }: OtherBounds,
  context: MeasureContext,
): Caveats {
  return {
    ambiguous_bars: simulation.ambiguousBars,
    total_return_pct_tp_first: totalReturnPct(tpFirst, context) + 0,
    possible_trails: simulation.possibleTrails,
    total_return_pct_trail_hit: totalReturnPct(trailHit, context) + 0,
    bust: simulation.bust ? 1 : 0,
    written_off: simulation.writtenOff,
    avg_drawdown_episode: metricJson(avgDrawdownEpisode(simulation.equity, context.initCash)),
    waited_fills: simulation.waitedFills,
    carried_close: simulation.carriedClose ? 1 : 0,
  };
}

/** The number behind `metricJson`. */
export function metricNumber(value: MetricJson): number {
  if (value === null) return Number.NaN;
  if (value === 'inf') return Infinity;
  return value === '-inf' ? -Infinity : value;
}
