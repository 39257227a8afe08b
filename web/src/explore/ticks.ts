// Round values along an axis.

/** Returns steps of 1, 2, 2.5 or 5 times a power of ten between two bounds, at most so many. */
export function roundValues(from: number, to: number, most: number): readonly number[] {
  if (!(to > from) || most < 1) return Number.isFinite(from) ? [from] : [];
  const raw = (to - from) / most;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * size).find((one) => one >= raw * (1 - 1e-9)) ?? 10 * size;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

export interface Tick {
  readonly bin: number;
  readonly value: number | string;
}

/** Returns the bins of an axis that get a label, at most so many: round values if it has some, else every so many. */
export function ticksOf(
  { from, to }: { readonly from: readonly (number | string)[]; readonly to: readonly (number | string)[] },
  most: number,
): readonly Tick[] {
  if (from.length <= most) return from.map((value, bin) => ({ bin, value }));
  const round = roundTicks(from, to, most);
  if (round.length > 1) return round;
  const every = Math.ceil(from.length / Math.max(1, most));
  return from.flatMap((value, bin) => (bin % every === 0 ? [{ bin, value }] : []));
}

function roundTicks(
  from: readonly (number | string)[],
  to: readonly (number | string)[],
  most: number,
): readonly Tick[] {
  if (![...from, ...to].every((value): value is number => typeof value === 'number')) return [];
  const [lows, highs] = [from, to] as [readonly number[], readonly number[]];
  const ends = [lows[0] ?? 0, highs.at(-1) ?? 0];
  return roundValues(Math.min(...ends), Math.max(...ends), most).flatMap((value) => {
    const slack = 1e-9 * Math.max(1, Math.abs(value));
    const bin = lows.findIndex(
      (low, at) => value >= Math.min(low, highs[at] ?? low) - slack && value <= Math.max(low, highs[at] ?? low) + slack,
    );
    return bin < 0 ? [] : [{ bin, value }];
  });
}
