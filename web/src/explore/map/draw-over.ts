// What lies over the map and moves: marks of variants, the cell under the pointer, the rectangle that is drawn.

import { palette, type Palette } from '../canvas/palette.ts';
import type { Sheet } from '../canvas/use-canvas.ts';
import { frameOf, xAt, yAt, type Box, type Frame, type Place, type Size } from './frame.ts';

export interface Over {
  readonly best: Place | null;
  /** Middle of the best neighbourhood. */
  readonly plateau: Place | null;
  /** The variant of the table under the pointer. */
  readonly hovered: Place | null;
  readonly cursor: Place | null;
  readonly box: Box | null;
}

const RADIUS = 6.5;

export function drawOver({ c, width, height }: Sheet, size: Size, over: Over): void {
  const frame = frameOf(size, width, height);
  const colours = palette();
  if (over.plateau) drawMark(c, centreOf(frame, over.plateau), { shape: 'diamond', colour: colours.ink, colours });
  if (over.best) drawMark(c, centreOf(frame, over.best), { shape: 'ring', colour: colours.ink, colours });
  if (over.hovered) drawMark(c, centreOf(frame, over.hovered), { shape: 'ring', colour: colours.accent, colours });
  if (over.box) drawBox(c, frame, over.box);
  if (over.cursor) drawCursor(c, frame, over.cursor);
}

const centreOf = (frame: Frame, { i, j }: Place): readonly [number, number] => [
  xAt(frame, i + 0.5),
  yAt(frame, j + 0.5),
];

interface Mark {
  readonly shape: 'ring' | 'diamond';
  readonly colour: string;
  readonly colours: Palette;
}

function drawMark(
  c: CanvasRenderingContext2D,
  [x, y]: readonly [number, number],
  { shape, colour, colours }: Mark,
): void {
  for (const [style, width] of [
    [colours.surface, 4.5],
    [colour, 2],
  ] as const) {
    c.strokeStyle = style;
    c.lineWidth = width;
    c.beginPath();
    if (shape === 'ring') c.arc(x, y, RADIUS, 0, 2 * Math.PI);
    else {
      c.moveTo(x, y - RADIUS);
      c.lineTo(x + RADIUS, y);
      c.lineTo(x, y + RADIUS);
      c.lineTo(x - RADIUS, y);
      c.closePath();
    }
    c.stroke();
  }
}

function drawBox(c: CanvasRenderingContext2D, frame: Frame, { from, to }: Box): void {
  const { accent } = palette();
  const [x, y] = [xAt(frame, from.i), yAt(frame, to.j + 1)];
  const [width, height] = [xAt(frame, to.i + 1) - x, yAt(frame, from.j) - y];
  c.fillStyle = accent;
  c.globalAlpha = 0.12;
  c.fillRect(x, y, width, height);
  c.globalAlpha = 1;
  c.strokeStyle = accent;
  c.lineWidth = 1.5;
  c.strokeRect(x, y, width, height);
}

function drawCursor(c: CanvasRenderingContext2D, frame: Frame, { i, j }: Place): void {
  const { ink, surface } = palette();
  const [centreX, centreY] = centreOf(frame, { i, j });
  c.globalAlpha = 0.35;
  c.strokeStyle = ink;
  c.lineWidth = 1;
  c.beginPath();
  c.moveTo(centreX, frame.top - 4);
  c.lineTo(centreX, frame.top + frame.height);
  c.moveTo(frame.left, centreY);
  c.lineTo(frame.left + frame.width + 4, centreY);
  c.stroke();
  c.globalAlpha = 1;
  const [x, y] = [xAt(frame, i) - 1, yAt(frame, j + 1) - 1];
  for (const [style, width] of [
    [surface, 3],
    [ink, 1.5],
  ] as const) {
    c.strokeStyle = style;
    c.lineWidth = width;
    c.strokeRect(x, y, frame.width / frame.columns + 2, frame.height / frame.rows + 2);
  }
}
