// Columns of equity as charts draw them.

/** Values at times of their own. */
export interface Timed {
  readonly time: readonly number[];
  readonly values: readonly number[];
}

/** Returns values as multiples of the first that begin at `start`; unchanged where the first is not above 0. */
export function rebase(values: readonly number[], start = 100): number[] {
  const first = values[0] ?? 0;
  return first > 0 ? values.map((value) => (value * start) / first) : [...values];
}

/** Returns how far each value is below the highest so far, in percent, 0 or less. */
export function drawdownOf(values: readonly number[]): number[] {
  let peak = -Infinity;
  return values.map((value) => {
    peak = Math.max(peak, value);
    return peak > 0 ? ((value - peak) / peak) * 100 : 0;
  });
}

/** Continues values by others as one account: the second begins with what the first ended with. */
export function goOn(first: readonly number[], second: readonly number[]): number[] {
  const [last, begin] = [first.at(-1), second[0]];
  if (last === undefined || begin === undefined || begin === 0) return [...first, ...second];
  return [...first, ...second.map((value) => (value * last) / begin)];
}

/** Sets several series on one axis of time; null where one has no value of its own. */
export function align(series: readonly Timed[]): { time: number[]; columns: (number | null)[][] } {
  const time = [...new Set(series.flatMap((one) => one.time))].sort((a, b) => a - b);
  const columns = series.map((one) => {
    const at = new Map(one.time.map((instant, row) => [instant, one.values[row] ?? null]));
    return time.map((instant) => at.get(instant) ?? null);
  });
  return { time, columns };
}

/** Returns the value at a place, or the last one before it. */
export function lastAt(values: readonly (number | null)[], at: number): number | null {
  for (let row = Math.min(at, values.length - 1); row >= 0; row -= 1) {
    const value = values[row];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** Returns how many of sorted times are at most this one. */
export function countUpTo(time: readonly number[], instant: number): number {
  let [low, high] = [0, time.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] ?? Infinity) <= instant) low = middle + 1;
    else high = middle;
  }
  return low;
}
