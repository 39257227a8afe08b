// From a base index to the strategy's signal at every target close. What variants share is computed once: an indicator's
// series for each of its parameter sets, a signal column for each series and signal setting.
import { outputsOf } from './catalogue.ts';
import { pointAt, selectionOf, type Part } from './grid.ts';
import type { Prepared } from './prepare.ts';
import { combine, signalOf } from './signals.ts';

/** Writes the signal of a base variant to `out`, one value a target bar; false for an index that is no variant. */
export type StrategySignal = (index: number, out: Int8Array) => boolean;

/** `bytes`: room for shared columns; what does not fit is computed again. */
export function openStrategy(prepared: Prepared, bytes: number): StrategySignal {
  const { grid, timeline } = prepared;
  const point = new Float64Array(2 * grid.parts.length);
  const columns = grid.parts.map((part) => openColumns(part, prepared, bytes / grid.parts.length));
  return (index, out) => {
    if (!pointAt(grid, index, point)) return false;
    const signals = columns.map((column, at) => column(point[2 * at], point[2 * at + 1]));
    combine(signals, timeline.first, timeline.end, out);
    return true;
  };
}

/** Signal columns of one indicator over all bars, warm-up included. */
function openColumns(part: Part, { timeline: { candles } }: Prepared, bytes: number) {
  const bars = candles.time.length;
  const { indicator } = part;
  const series = memo<readonly Float64Array[]>(bytes / 2, bars * 8 * indicator.outputs.length);
  const signals = memo<Int8Array>(bytes / 2, bars);
  return (seriesAt: number, signalAt: number): Int8Array =>
    signals(seriesAt * part.signalCombos.total + signalAt, () => {
      const { source, params, signal } = selectionOf(part, seriesAt, signalAt);
      const outputs = series(seriesAt, () => outputsOf(indicator, candles, source, params));
      return signalOf(indicator, candles, source, outputs, signal);
    });
}

/**
 * Remembers results by number: the first that fit, and the last one. The grid is walked in cycles, and in a cycle longer
 * than the memory, forgetting the oldest would forget each result just before it is asked for again.
 */
function memo<T>(bytes: number, bytesEach: number): (key: number, make: () => T) => T {
  const limit = Math.floor(bytes / bytesEach);
  const kept = new Map<number, T>();
  let last: { readonly key: number; readonly made: T } | null = null;
  return (key, make) => {
    if (last?.key === key) return last.made;
    const made = kept.get(key) ?? make();
    if (kept.size < limit) kept.set(key, made);
    last = { key, made };
    return made;
  };
}
