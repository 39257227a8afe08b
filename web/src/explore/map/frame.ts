// Where the cells of a map lie on its canvas, and which cell a point or a key means.

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Place {
  readonly i: number;
  readonly j: number;
}

/** The rectangle of the cells; the first row is at the bottom. */
export interface Frame extends Size {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room for labels at the left and below, and for profiles at the right and above. */
const ROOM = { left: 52, right: 42, top: 30, bottom: 36 } as const;

export function frameOf({ columns, rows }: Size, width: number, height: number): Frame {
  return {
    columns,
    rows,
    left: ROOM.left,
    top: ROOM.top,
    width: Math.max(1, width - ROOM.left - ROOM.right),
    height: Math.max(1, height - ROOM.top - ROOM.bottom),
  };
}

/** Returns the left edge of a column, or of what is between columns. */
export const xAt = ({ left, width, columns }: Frame, i: number): number => left + (i * width) / columns;

/** Returns the lower edge of a row. */
export const yAt = ({ top, height, rows }: Frame, j: number): number => top + height - (j * height) / rows;

/** Returns the cell under a point; null: it is beside all of them. */
export function cellAt(frame: Frame, x: number, y: number): Place | null {
  const i = Math.floor(((x - frame.left) / frame.width) * frame.columns);
  const j = Math.floor(((frame.top + frame.height - y) / frame.height) * frame.rows);
  return i < 0 || j < 0 || i >= frame.columns || j >= frame.rows ? null : { i, j };
}

/** Returns the cell that is nearest to a point. */
export function nearestCell(frame: Frame, x: number, y: number): Place {
  const px = within(x, frame.left, frame.left + frame.width - 1e-6);
  const py = within(y, frame.top + 1e-6, frame.top + frame.height);
  return cellAt(frame, px, py) ?? { i: 0, j: 0 };
}

const within = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

const FAR = 10;
const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  PageUp: [0, FAR],
  PageDown: [0, -FAR],
  Home: [-Infinity, 0],
  End: [Infinity, 0],
};

/** Returns the cell to which a key leads; null: the key means nothing here. */
export function movedBy(key: string, { i, j }: Place, { columns, rows }: Size): Place | null {
  const move = MOVES[key];
  if (move === undefined) return null;
  return { i: within(i + move[0], 0, columns - 1), j: within(j + move[1], 0, rows - 1) };
}

/** A rectangle of cells, both ends included. */
export interface Box {
  readonly from: Place;
  readonly to: Place;
}

export function boxOf(a: Place, b: Place): Box {
  return {
    from: { i: Math.min(a.i, b.i), j: Math.min(a.j, b.j) },
    to: { i: Math.max(a.i, b.i), j: Math.max(a.j, b.j) },
  };
}

export const isSame = (a: Place | null, b: Place | null): boolean => a === b || (a?.i === b?.i && a?.j === b?.j);
