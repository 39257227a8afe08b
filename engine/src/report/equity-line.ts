// The equity of a variant as a line so small that every row of a ranking carries it: it shows how the money was made, not
// how much.

/** Points of a line; a search over fewer bars has as many as bars. */
const LINE_POINTS = 32;
/** Digits of a point: a line is drawn some hundred pixels wide. */
const DIGITS = 5;

/** Returns the equity in percent of the initial cash at evenly spaced closes, the first and the last of them included. */
export function equityLine(equity: Float64Array, initCash: number): readonly number[] {
  const last = equity.length - 1;
  const points = Math.min(LINE_POINTS, equity.length);
  return Array.from({ length: points }, (_, point) => {
    const bar = points === 1 ? last : Math.round((point * last) / (points - 1));
    return Number(((equity[bar] / initCash) * 100).toPrecision(DIGITS));
  });
}
