// The memory that a trader takes, in bytes a bar, besides the columns that variants share.

import { hasRiskOff, type Grid } from '../grid/grid.ts';
import { METRICS, type Direction, type Metric, type Spec } from '../spec.ts';
import { BYTES_PER_END, endsDemand, levelsOf } from './ends.ts';

/** Bytes of stop levels that all scorers together keep in stage_b; levels that do not fit are searched again. */
export const ENDS_BYTES = 32 * 2 ** 20;

const FILLS = 16;
const RUNS = 4 + 4;
const NETS = 8;
const EDGES = 4 + 1;
/** The lowest and the highest price of a bar, for a trigger that looks into bars. */
const EXTENT = 16;
/** The bars, the side and four amounts of each trade. */
const PATH = 3 * 4 + 1 + 4 * 8;

/** Returns whether a traded side has an exit rule. */
export function isRuled({ strategy: { rules } }: Grid, direction: Direction): boolean {
  return (
    (rules.exit_long !== null && direction !== 'short-only') || (rules.exit_short !== null && direction !== 'long-only')
  );
}

/** Returns whether risk is off for all variants, so that no stop is ever searched. */
export function isRiskAlwaysOff(grid: Grid): boolean {
  return grid.riskTotal === 1 && hasRiskOff(grid);
}

/** Returns whether a scorer needs the equity path of its variants, for a metric or a filter. */
export function needsPath({ ranking, filters }: Spec): boolean {
  return [ranking.primary_metric, ranking.secondary_metric].some(isPathMetric) || filters.max_drawdown_pct !== null;
}

/**
 * Computes the bytes a bar that a trader can use to keep levels, and those that it always takes. `path` says whether it
 * traces the equity of its variants.
 */
export function traderDemand({ template }: Spec, grid: Grid, path: boolean) {
  const ends = isRuled(grid, template.direction_mode)
    ? { kept: 0, always: EDGES }
    : isRiskAlwaysOff(grid)
      ? { kept: 0, always: 0 }
      : endsDemand(levelsOf(grid));
  const extent = template.risk_grid.trigger === 'intrabar' ? EXTENT : 0;
  return { kept: ends.kept, always: FILLS + RUNS + NETS + BYTES_PER_END + ends.always + extent + (path ? PATH : 0) };
}

function isPathMetric(metric: Metric | null): boolean {
  return METRICS.some(({ name, path }) => name === metric && path);
}
