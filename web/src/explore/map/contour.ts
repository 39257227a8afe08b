// The line around cells that are inside, as segments along their edges.

/** Segments as x0, y0, x1, y1 one after the other, in cells; neighbouring ones in one line are one. */
export function outlineOf(inside: (at: number) => boolean, columns: number, rows: number): readonly number[] {
  const isIn = (i: number, j: number): boolean =>
    i >= 0 && j >= 0 && i < columns && j < rows && inside(j * columns + i);
  const segments: number[] = [];
  for (let j = 0; j <= rows; j += 1) {
    runs(
      columns,
      (i) => isIn(i, j - 1) !== isIn(i, j),
      (from, to) => segments.push(from, j, to, j),
    );
  }
  for (let i = 0; i <= columns; i += 1) {
    runs(
      rows,
      (j) => isIn(i - 1, j) !== isIn(i, j),
      (from, to) => segments.push(i, from, i, to),
    );
  }
  return segments;
}

/** Tells every run of places for which something holds. */
function runs(length: number, holds: (at: number) => boolean, tell: (from: number, to: number) => void): void {
  let from = -1;
  for (let at = 0; at <= length; at += 1) {
    const is = at < length && holds(at);
    if (is && from < 0) from = at;
    if (!is && from >= 0) {
      tell(from, at);
      from = -1;
    }
  }
}
