// The variants one step away from the best, one line each: a median hides the cliff that one of them shows.

import type { Schemas } from '@backtest-jobs/client';
import type { NamedAxis } from '../../words/axes.ts';
import { axisValue, numberOf } from '../../words/format.ts';

type Neighbour = NonNullable<Schemas['Verdict']['neighbours']>[number];

export interface Around {
  /** Ends of the axis of scores. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly AroundLine[];
}

export interface AroundLine {
  readonly words: string;
  /** NaN: it has none. */
  readonly score: number;
  readonly tone: 'gain' | 'loss' | 'none';
}

interface Marks {
  readonly typical: number;
  readonly best: number;
}

export function aroundOf(
  neighbours: readonly Neighbour[],
  axes: readonly NamedAxis[],
  { typical, best }: Marks,
): Around {
  const lines = neighbours.map(({ axis, value, score }): AroundLine => {
    const named = axes.find(({ key }) => key === axis);
    const unit = typeof value === 'number' ? (named?.unit ?? '') : '';
    const number = numberOf(score);
    return {
      words: `${named?.label ?? axis} ${axisValue(value)}${unit}`,
      score: number,
      // A step that loses more than half of the lead is a cliff.
      tone: Number.isNaN(number) ? 'none' : Math.abs(number - best) > 0.5 * Math.abs(best - typical) ? 'loss' : 'gain',
    };
  });
  const finite = [typical, best, ...lines.map(({ score }) => score)].filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  return { from: low, to: high === low ? low + 1 : high, lines };
}
