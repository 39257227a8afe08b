// Lines and areas of small charts as paths.

export interface LineScale {
  readonly low: number;
  readonly high: number;
  readonly at: (value: number) => number;
}

/** Maps values onto pixels, the lowest to `bottom`; infinities are at the ends. One value lies in the middle. */
export function scaleOf(low: number, high: number, bottom: number, top: number): LineScale {
  const isFlat = !(high > low);
  return {
    low,
    high,
    at: (value) => {
      const share = isFlat ? 0.5 : Math.max(0, Math.min(1, (value - low) / (high - low)));
      return Math.round(10 * (bottom + (top - bottom) * share)) / 10;
    },
  };
}

type Along = (at: number) => number;

/** Draws a line through what has a value; a gap stays a gap, and a value between gaps is a dot. */
export function lineOf(values: ArrayLike<number>, x: Along, y: Along): string {
  let path = '';
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? NaN;
    if (Number.isNaN(value)) continue;
    const goesOn = at > 0 && !Number.isNaN(values[at - 1] ?? NaN);
    path += `${goesOn ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value)}${goesOn ? '' : 'h0'}`;
  }
  return path;
}

/** Draws the area between two lines, where both have values. */
export function areaOf(upper: ArrayLike<number>, lower: ArrayLike<number>, x: Along, y: Along): string {
  let path = '';
  let from = -1;
  for (let at = 0; at <= upper.length; at += 1) {
    const has = at < upper.length && !Number.isNaN(upper[at] ?? NaN) && !Number.isNaN(lower[at] ?? NaN);
    if (has && from < 0) from = at;
    if (has || from < 0) continue;
    const places = Array.from({ length: at - from }, (_, step) => from + step);
    const point = (values: ArrayLike<number>) => (place: number) => `${x(place).toFixed(1)} ${y(values[place] ?? 0)}`;
    path += `M${places.map(point(upper)).join('L')}L${places.toReversed().map(point(lower)).join('L')}Z`;
    from = -1;
  }
  return path;
}

/** Share of a line that is around a point, as the server's neighbourhoods have it. */
const AROUND = 0.02;

/** Returns the lowest and the highest value around each: within 2% of the line, at least one step. */
export function bandOf(values: ArrayLike<number>): { readonly lower: Float64Array; readonly upper: Float64Array } {
  const { length } = values;
  const reach = Math.max(1, Math.floor(AROUND * (length - 1)));
  const lower = new Float64Array(length).fill(NaN);
  const upper = new Float64Array(length).fill(NaN);
  for (let at = 0; at < length; at += 1) {
    for (let near = Math.max(0, at - reach); near <= Math.min(length - 1, at + reach); near += 1) {
      const value = values[near] ?? NaN;
      if (!(value >= (lower[at] ?? NaN))) lower[at] = value === value ? value : (lower[at] ?? NaN);
      if (!(value <= (upper[at] ?? NaN))) upper[at] = value === value ? value : (upper[at] ?? NaN);
    }
  }
  return { lower, upper };
}
