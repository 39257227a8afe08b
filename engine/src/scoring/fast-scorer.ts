// The scorer of searches: scores what `simulate` would, to the last bit. What its trader trades, it judges.

import { openArena } from '../columns/arena.ts';
import { openTrader } from '../fast/trader.ts';
import type { Prepared } from '../prepare.ts';
import { openJudge, type Scores, type Task } from './score.ts';

/**
 * Opens a scorer: what it returns depends on the task alone, whatever it scored before. `sharers` scorers work on the
 * same machine and share the memory for what variants share. Its columns live in memory of WebAssembly where there is
 * any, else on the heap; the numbers are the same.
 */
export function fastScorer(prepared: Prepared, sharers = 1, arena = openArena()): (task: Task) => Scores {
  const { spec, grid } = prepared;
  const trader = openTrader(prepared, sharers, arena);
  const { balance } = trader;
  const { value } = trader.measures;

  const scoreBases = ({ from, to, bases }: Task): Scores => {
    const surface = new Float32Array(to - from).fill(NaN);
    const judge = openJudge(spec, 'stage_a', value);
    for (let unit = from; unit < to; unit += 1) {
      const index = bases === null ? unit : bases[unit];
      if (!trader.tradeRiskOff(index)) continue;
      surface[unit - from] = judge.take(index, balance);
    }
    return { ...judge.scores(), surface };
  };

  const scoreRisks = ({ from, to }: Task, bases: Float64Array): Scores => {
    const judge = openJudge(spec, 'stage_b', value);
    for (let unit = from; unit < to; unit += 1) {
      const base = bases[Math.floor(unit / grid.riskTotal)];
      const risk = unit % grid.riskTotal;
      if (!trader.trade(base, risk)) throw new RangeError(`index ${base} is not a variant of the grid`);
      judge.take(base * grid.riskTotal + risk, balance);
    }
    return { ...judge.scores(), surface: null };
  };

  return (task) => (task.stage === 'stage_a' ? scoreBases(task) : scoreRisks(task, task.bases));
}
