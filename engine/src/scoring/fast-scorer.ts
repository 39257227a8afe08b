// The scorer of searches. A trader makes the trades of each variant and a judge ranks it; the scores equal those of
// `simulate` to the last bit.

import { openArena } from '../columns/arena.ts';
import { openTrader } from '../fast/trader.ts';
import type { Prepared } from '../prepare.ts';
import { dailySharpe } from '../simulate/metrics.ts';
import { rankedColumns, type BestColumns } from './rank.ts';
import { emptySurface, openJudge, rulesOf, type Scores, type Task } from './score.ts';

/**
 * Opens a scorer. What it returns depends on the task alone, not on what it scored before. `sharers` scorers work on
 * the same machine and divide the memory for columns that variants share. Its columns are in `arena`, by default in the
 * memory of WebAssembly where that is available, else on the heap; the numbers are the same.
 */
export function fastScorer(prepared: Prepared, sharers = 1, arena = openArena()): (task: Task) => Scores {
  const { spec, grid } = prepared;
  const rules = rulesOf(prepared);
  const trader = openTrader(prepared, sharers, arena);
  const { balance } = trader;
  const { value } = trader.measures;

  const scoreBases = ({ from, to, bases }: Task): Scores => {
    const surface = emptySurface(spec, to - from);
    const judge = openJudge(rules, 'stage_a', value);
    for (let unit = from; unit < to; unit += 1) {
      const index = bases === null ? unit : bases[unit];
      if (!trader.tradeRiskOff(index)) continue;
      surface[unit - from] = judge.take(index, balance);
    }
    return { ...judge.scores(), surface };
  };

  /** Trades the best again, which is one variant more in a chunk. */
  const sharpeOf = ({ index: [variant = -1] }: BestColumns): number => {
    if (variant < 0) return NaN;
    const risk = variant % grid.riskTotal;
    trader.trade((variant - risk) / grid.riskTotal, risk);
    return dailySharpe(trader.measures.dailyReturns());
  };

  const scoreRisks = ({ from, to, permutation }: Task, bases: Float64Array): Scores => {
    const judge = openJudge(rules, 'stage_b', value);
    for (let unit = from; unit < to; unit += 1) {
      const base = bases[Math.floor(unit / grid.riskTotal)];
      const risk = unit % grid.riskTotal;
      if (!trader.trade(base, risk)) throw new RangeError(`index ${base} is not a variant of the grid`);
      judge.take(base * grid.riskTotal + risk, balance);
    }
    const scores = { ...judge.scores(), surface: null };
    return permutation === undefined
      ? scores
      : { ...scores, sharpe: sharpeOf(rankedColumns(spec.ranking, scores.best)) };
  };

  return (task) => (task.stage === 'stage_a' ? scoreBases(task) : scoreRisks(task, task.bases));
}
