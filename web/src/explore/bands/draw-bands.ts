// Parallel coordinates of all variants: curves are counts, bars the share of each value that is matched. No line for a
// variant, so a million costs what a hundred does.

import { palette, type Palette } from '../canvas/palette.ts';
import type { Sheet } from '../canvas/use-canvas.ts';
import type { BinRange } from './brushes.ts';
import { axisX, bandsFrame, binY, shareY, type BandsFrame } from './layout.ts';
import { valueWords, type BandAxis, type BandsModel } from './model.ts';

export interface BandsOver {
  /** By the place of the axis; null: none. */
  readonly brushes: readonly (BinRange | null)[];
  /** Of the score, as shares of its axis: exact, not by bins. */
  readonly scoreRange: readonly [from: number, to: number] | null;
  /** Bins of the variant under the pointer, axis by axis. */
  readonly hovered: readonly number[] | null;
  readonly read: { readonly axis: number; readonly bin: number } | null;
}

const BAR = 13;
const SCORE_BAR = 36;
const BRUSH = 8;

export function drawBands({ c, width, height }: Sheet, model: BandsModel): void {
  const frame = bandsFrame(model.axes.length, width, height);
  const colours = palette();
  drawCurves(c, frame, { model, colours });
  for (const [at, axis] of model.axes.entries()) {
    const x = axisX(frame, at);
    c.strokeStyle = colours.ink3;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(Math.round(x) + 0.5, frame.top);
    c.lineTo(Math.round(x) + 0.5, frame.top + frame.height);
    c.stroke();
    if (axis.isScore) drawScores(c, frame, { axis, x, colours });
    else drawShares(c, frame, { axis, x, colours });
    drawEnds(c, frame, { axis, x, colours });
  }
}

interface Drawn {
  readonly model: BandsModel;
  readonly colours: Palette;
}

/** Curves of a gap that are as strong as their count; more of them are fainter. */
const FULL = 90;
const FAINTEST = 0.16;
/** Curves of a gap from which those of about one count are drawn at once: one by one, tens of thousands would take seconds. */
const MANY = 1600;
const LEVELS = 10;

function drawCurves(c: CanvasRenderingContext2D, frame: BandsFrame, { model, colours }: Drawn): void {
  c.strokeStyle = colours.gain;
  // Curves come gap by gap, those of the fewest matches first.
  let open: { readonly gap: number; readonly level: number } | null = null;
  for (const { gap, from, to, share } of model.curves) {
    const [left, right] = [model.axes[gap], model.axes[gap + 1]];
    if (left === undefined || right === undefined) continue;
    const all = model.curvesInGap[gap] ?? 1;
    const level = all > MANY ? Math.ceil(share * LEVELS) / LEVELS : share;
    if (open === null || open.gap !== gap || open.level !== level || all <= MANY) {
      if (open !== null) c.stroke();
      const quiet = Math.max(FAINTEST, Math.min(1, FULL / all));
      c.globalAlpha = Math.min(0.85, (0.05 + 0.55 * level) * quiet);
      c.lineWidth = 1 + 2 * level * quiet;
      c.beginPath();
      open = { gap, level };
    }
    const [x0, x1] = [axisX(frame, gap) + BAR, axisX(frame, gap + 1) - 1];
    const [y0, y1] = [binY(frame, from, left), binY(frame, to, right)];
    c.moveTo(x0, y0);
    c.bezierCurveTo((x0 + x1) / 2, y0, (x0 + x1) / 2, y1, x1, y1);
  }
  if (open !== null) c.stroke();
  c.globalAlpha = 1;
}

interface DrawnAxis {
  readonly axis: BandAxis;
  readonly x: number;
  readonly colours: Palette;
}

function drawShares(c: CanvasRenderingContext2D, frame: BandsFrame, { axis, x, colours }: DrawnAxis): void {
  const rates = axis.hits.map((hits, bin) => hits / Math.max(1, axis.all[bin] ?? 0));
  const most = rates.reduce((max, rate) => Math.max(max, rate), 1e-12);
  const high = Math.max(1.5, Math.min(9, frame.height / axis.bins - 1));
  c.fillStyle = colours.gain;
  for (const [bin, rate] of rates.entries()) {
    if (rate > 0) c.fillRect(x + 1, binY(frame, bin, axis) - high / 2, Math.max(1, (BAR - 1) * (rate / most)), high);
  }
}

function drawScores(c: CanvasRenderingContext2D, frame: BandsFrame, { axis, x, colours }: DrawnAxis): void {
  const most = Math.log1p(Math.max(1, ...axis.all));
  const high = Math.max(1, frame.height / axis.bins - 0.5);
  const bars = (counts: readonly number[]): void => {
    for (const [bin, count] of counts.entries()) {
      if (count === 0) continue;
      const wide = SCORE_BAR * (Math.log1p(count) / most);
      c.fillRect(x + 1, binY(frame, bin, axis) - high / 2, Math.max(1, wide), high);
    }
  };
  c.fillStyle = colours.line2;
  bars(axis.all);
  c.fillStyle = colours.gain;
  bars(axis.hits);
}

/** Writes the first and the last value beside an axis. */
function drawEnds(c: CanvasRenderingContext2D, frame: BandsFrame, { axis, x, colours }: DrawnAxis): void {
  c.font = `11px ${colours.font}`;
  c.fillStyle = colours.ink3;
  c.textAlign = axis.isScore ? 'left' : 'right';
  c.textBaseline = 'middle';
  const last = axis.bins - 1;
  const ends = [
    [valueWords(axis, axis.from[0]), 0],
    [valueWords(axis, axis.to[last]), 1],
  ] as const;
  for (const [text, share] of axis.bins === 1 ? ends.slice(0, 1) : ends) {
    const y = axis.bins === 1 ? binY(frame, 0, axis) : shareY(frame, share, axis);
    haloed(c, text, [axis.isScore ? x + SCORE_BAR + 4 : x - 5, y], colours);
  }
}

function haloed(
  c: CanvasRenderingContext2D,
  text: string,
  [x, y]: readonly [number, number],
  { surface }: Palette,
): void {
  c.strokeStyle = surface;
  c.lineWidth = 3;
  c.lineJoin = 'round';
  c.strokeText(text, x, y);
  c.fillText(text, x, y);
}

/** Draws what moves: brushes, the variant under the pointer, the bin that is read. */
export function drawBandsOver({ c, width, height }: Sheet, { axes }: BandsModel, over: BandsOver): void {
  const frame = bandsFrame(axes.length, width, height);
  const colours = palette();
  if (over.hovered) drawVariant(c, frame, { axes, bins: over.hovered, colours });
  for (const [at, axis] of axes.entries()) {
    const range = over.brushes[at];
    const ys = axis.isScore
      ? over.scoreRange?.map((share) => shareY(frame, share, axis))
      : range && [binY(frame, range.from, axis), binY(frame, range.to, axis)];
    if (!ys) continue;
    const pad = axis.isScore ? 0 : 4;
    const [low, high] = [Math.min(...ys) - pad, Math.max(...ys) + pad];
    const wide = axis.isScore ? BRUSH + SCORE_BAR : 2 * BRUSH;
    c.fillStyle = colours.accent;
    c.globalAlpha = 0.14;
    c.fillRect(axisX(frame, at) - BRUSH, low, wide, high - low);
    c.globalAlpha = 1;
    c.strokeStyle = colours.accent;
    c.lineWidth = 1.5;
    c.strokeRect(axisX(frame, at) - BRUSH, low, wide, high - low);
  }
  const read = over.read && axes[over.read.axis];
  if (over.read && read) {
    c.fillStyle = colours.ink;
    c.beginPath();
    c.arc(axisX(frame, over.read.axis) + 0.5, binY(frame, over.read.bin, read), 3.5, 0, 2 * Math.PI);
    c.fill();
  }
}

interface Variant {
  readonly axes: readonly BandAxis[];
  readonly bins: readonly number[];
  readonly colours: Palette;
}

function drawVariant(c: CanvasRenderingContext2D, frame: BandsFrame, { axes, bins, colours }: Variant): void {
  for (const [style, width] of [
    [colours.surface, 4.5],
    [colours.ink, 2],
  ] as const) {
    c.strokeStyle = style;
    c.lineWidth = width;
    c.lineJoin = 'round';
    c.beginPath();
    for (const [at, bin] of bins.entries()) {
      const axis = axes[at];
      if (axis) c.lineTo(axisX(frame, at), binY(frame, bin, axis));
    }
    c.stroke();
  }
}
