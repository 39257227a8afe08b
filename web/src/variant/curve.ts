// The equity of a variant as one line: what was searched, and what was held out after it.

import type { Schemas } from '@backtest-jobs/client';
import type { Shade } from '../charts/lines.ts';
import { goOn } from '../charts/series.ts';

type Report = Pick<Schemas['VariantReport'], 'series' | 'out_of_sample'>;

export interface Curve {
  /** Closes of bars, epoch milliseconds. */
  readonly time: readonly number[];
  readonly equity: readonly number[];
  /** Buy and hold. */
  readonly benchmark: readonly number[];
  /** 0 or less, in percent; of each part by itself. */
  readonly drawdown: readonly number[];
  readonly heldOut: Shade | null;
}

/** Returns a fall below 0, without a negative 0. */
const fall = (percent: number): number => (percent === 0 ? 0 : -percent);

/** Joins the two parts: the held-out one goes on with what the searched one ended with. */
export function curveOf({ series, out_of_sample }: Report): Curve {
  const held = out_of_sample?.series;
  const begin = held?.time[0];
  return {
    time: [...series.time, ...(held?.time ?? [])],
    equity: goOn(series.equity, held?.equity ?? []),
    benchmark: goOn(series.benchmark, held?.benchmark ?? []),
    drawdown: [...series.drawdown, ...(held?.drawdown ?? [])].map(fall),
    heldOut: begin === undefined ? null : { from: begin, to: held?.time.at(-1) ?? begin, name: 'held out' },
  };
}
