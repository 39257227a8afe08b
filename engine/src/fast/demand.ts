// What a scorer takes of memory, beside what its variants share: columns of so many bytes a bar.

import { hasRiskOff, type Grid } from '../grid/grid.ts';
import { METRICS, type Direction, type Metric, type Spec } from '../spec.ts';
import { BYTES_PER_END, endsDemand, levelsOf } from './ends.ts';

/** What the levels of a base in stage_b take in all scorers together; those that do not fit are looked up again. */
export const ENDS_BYTES = 32 * 2 ** 20;

const FILLS = 16;
const RUNS = 4 + 4;
const NETS = 8;
const EDGES = 4 + 1;
/** Of a trigger that looks into bars: the lowest and the highest price. */
const EXTENT = 16;
/** Trades where they fill, and the money around them. */
const PATH = 3 * 4 + 1 + 4 * 8;

/** Whether a side that is traded has an exit rule. */
export function isRuled({ strategy: { rules } }: Grid, direction: Direction): boolean {
  return (
    (rules.exit_long !== null && direction !== 'short-only') || (rules.exit_short !== null && direction !== 'long-only')
  );
}

/** Whether risk is off for all variants: there is nothing to look up. */
export function isRiskAlwaysOff(grid: Grid): boolean {
  return grid.riskTotal === 1 && hasRiskOff(grid);
}

/** Whether a scorer follows the equity of its variants. */
export function needsPath({ ranking, filters }: Spec): boolean {
  return [ranking.primary_metric, ranking.secondary_metric].some(isPathMetric) || filters.max_drawdown_pct !== null;
}

/**
 * Bytes for each bar: of what a trader would like to keep, and of what it always has; `path`: it follows the equity of what
 * it trades.
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
