// Where the axes of the parallel coordinates lie, and what a point on the canvas means.

export interface BandsFrame {
  /** Number of axes, the one of the score included. */
  readonly axes: number;
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
}

/** Room for values at the left, and for the bars of the score at the right. */
const ROOM = { left: 46, right: 84, top: 14, bottom: 16 } as const;
/** Pixels beside an axis that belong to it. */
const REACH = { left: 14, right: 20, score: 44 } as const;

export function bandsFrame(axes: number, width: number, height: number): BandsFrame {
  return {
    axes,
    left: ROOM.left,
    width: Math.max(1, width - ROOM.left - ROOM.right),
    top: ROOM.top,
    height: Math.max(1, height - ROOM.top - ROOM.bottom),
  };
}

export const axisX = ({ axes, left, width }: BandsFrame, at: number): number =>
  left + (axes < 2 ? width : (at * width) / (axes - 1));

/** An axis as it is drawn. */
export interface Column {
  readonly bins: number;
  /** Whether its first value is above. */
  readonly isFlipped: boolean;
  /** Whether its bins lie side by side, as those of the score do; values of an axis are points, the first and last at its ends. */
  readonly isScore?: boolean;
}

/** Returns the height of a bin's middle; a single value lies in the middle. */
export function binY(frame: BandsFrame, bin: number, column: Column): number {
  const { bins, isScore = false } = column;
  if (isScore) return shareY(frame, (bin + 0.5) / bins, column);
  return shareY(frame, bins < 2 ? 0.5 : bin / (bins - 1), column);
}

/** Returns the height of a share of an axis. */
export function shareY({ top, height }: BandsFrame, share: number, { isFlipped }: Column): number {
  return top + height * (isFlipped ? share : 1 - share);
}

/** Returns the bin that is nearest to a height on an axis. */
export function binAtY({ top, height }: BandsFrame, y: number, { bins, isFlipped, isScore = false }: Column): number {
  const down = Math.max(0, Math.min(1, (y - top) / height));
  const share = isFlipped ? down : 1 - down;
  return isScore ? Math.min(bins - 1, Math.floor(share * bins)) : Math.round(share * (bins - 1));
}

/** Returns from where to where an axis is reached. */
export function reachOf(frame: BandsFrame, at: number): readonly [from: number, to: number] {
  const x = axisX(frame, at);
  return [x - REACH.left, x + (at === frame.axes - 1 ? REACH.score : REACH.right)];
}

/** Returns the axis under a point; null: it is between them. */
export function axisAt(frame: BandsFrame, x: number): number | null {
  for (let at = 0; at < frame.axes; at += 1) {
    const [from, to] = reachOf(frame, at);
    if (x >= from && x <= to) return at;
  }
  return null;
}

/** Returns the axis whose place is nearest to a point, but for that of the score, which stays last. */
export function placeAtX(frame: BandsFrame, x: number): number {
  const step = frame.axes < 2 ? frame.width : frame.width / (frame.axes - 1);
  return Math.max(0, Math.min(frame.axes - 2, Math.round((x - frame.left) / step)));
}

/** A curve between a bin of an axis and one of the next. */
export interface Curve {
  readonly gap: number;
  readonly from: number;
  readonly to: number;
  /** Of the largest count in its gap, from 0 to 1. */
  readonly share: number;
}

/** Returns a curve for every pair of bins with matches, those of the fewest first, so that the strong lie above. */
export function curvesOf(between: readonly (readonly number[])[], sizes: readonly number[]): readonly Curve[] {
  return between.flatMap((counts, gap) => {
    const columns = sizes[gap + 1] ?? 1;
    const most = counts.reduce((max, count) => Math.max(max, count), 1);
    const curves = counts.flatMap((count, at) =>
      count > 0 ? [{ gap, from: Math.floor(at / columns), to: at % columns, share: count / most }] : [],
    );
    return curves.sort((a, b) => a.share - b.share);
  });
}
