// The histogram of all scores: its bars, and the counts beside it on a log scale.

/** One bar: scores from `from` up to `to`. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly tone: 'loss' | 'gain' | 'more' | 'plain';
}

interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

/** Where bars change their colour. */
export interface Levels {
  /** Above it a variant made money; null: the metric does not tell. */
  readonly made: number | null;
  /** Above it a variant beat buy and hold; null: not known. */
  readonly holding: number | null;
}

/** Returns the bars. A bar belongs to where its middle lies. */
export function barsOf({ from, to, counts }: Histogram, levels: Levels): readonly Bar[] {
  // Scores that are all alike are one bar.
  if (!(to > from)) {
    const count = counts.reduce((sum, one) => sum + one, 0);
    return [{ from, to, count, tone: toneOf(from, levels) }];
  }
  const width = (to - from) / counts.length;
  return counts.map((count, at) => {
    const low = from + at * width;
    return { from: low, to: low + width, count, tone: toneOf(low + width / 2, levels) };
  });
}

function toneOf(middle: number, { made, holding }: Levels): Bar['tone'] {
  if (made === null) return 'plain';
  if (holding !== null && middle > holding) return 'more';
  return middle < made ? 'loss' : 'gain';
}

/** Returns the height of a count as a share of 1: by its logarithm, and a single one is still seen. */
export function logShare(count: number, most: number): number {
  return count <= 0 ? 0 : Math.log1p(count) / Math.log1p(Math.max(1, most));
}

/** Returns powers of ten up to a count. */
export function powersTo(most: number): readonly number[] {
  return Array.from(
    { length: Math.max(0, Math.floor(Math.log10(Math.max(1, most)) + 1e-9)) },
    (_, at) => 10 ** (at + 1),
  );
}

/** A line through the histogram with a label above it. */
export interface Mark {
  readonly id: 'median' | 'holding' | 'best';
  readonly text: string;
  readonly x: number;
}

/** A mark with the line on which its label stands, and the side of its line. */
export interface PlacedMark extends Mark {
  readonly line: number;
  readonly anchor: 'start' | 'end';
}

const CHARACTER = 6.2;

/** Places labels so that none covers another or leaves the picture. */
export function placedMarks(marks: readonly Mark[], width: number): readonly PlacedMark[] {
  const taken: { readonly line: number; readonly from: number; readonly to: number }[] = [];
  return marks.map((mark) => {
    const long = mark.text.length * CHARACTER;
    const anchor = mark.x + long + 6 > width ? ('end' as const) : ('start' as const);
    const [from, to] = anchor === 'start' ? [mark.x, mark.x + long + 8] : [mark.x - long - 8, mark.x];
    let line = 0;
    while (taken.some((one) => one.line === line && from < one.to && to > one.from)) line += 1;
    taken.push({ line, from, to });
    return { ...mark, line, anchor };
  });
}
