// What a chart of lines is asked to draw: panes under each other, on one axis of time.

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** CSS variable of its colour. */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly width?: number;
  /** Whether the ground between it and 0 is filled. */
  readonly filled?: boolean;
}

export interface Pane {
  readonly lines: readonly Line[];
  readonly height: number;
  readonly log?: boolean;
  /** Whether all of it is 0 or less and hangs from 0. */
  readonly hangs?: boolean;
  /** Writes a tick of the vertical axis. */
  readonly format: (value: number) => string;
}

/** A shaded span of time with its name. */
export interface Shade {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

/** Dashes of lines A to H, so that colour is never the only difference. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [12, 4],
  [1, 4],
  [10, 3, 2, 3, 2, 3],
  [4, 6],
];

export const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'] as const;

/** Returns the CSS variable of the colour of line A to H. */
export const seriesColour = (at: number): string => `--series-${(LETTERS[at] ?? 'H').toLowerCase()}`;

/** Returns the range of a vertical axis: what is drawn, with a little air; on a log axis by ratio. What hangs ends at 0. */
export function rangeOf(
  min: number | null,
  max: number | null,
  { log = false, hangs = false }: Pick<Pane, 'log' | 'hangs'>,
): [number, number] {
  if (hangs) return [min !== null && min < 0 ? min * 1.08 : -1, 0];
  if (min === null || max === null || !Number.isFinite(min) || !Number.isFinite(max)) return log ? [1, 10] : [0, 1];
  if (log) {
    const low = min > 0 ? min : max > 0 ? max / 1000 : 1;
    const high = Math.max(max, low);
    const air = high > low ? (high / low) ** 0.05 : 1.1;
    return [low / air, high * air];
  }
  const air = (max - min || Math.abs(max) || 1) * 0.05;
  return [min - air, max + air];
}
