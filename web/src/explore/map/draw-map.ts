// The map on its canvas: cells, lines around the best of them, profiles along the edges, axes.

import { axisValue } from '../../words/format.ts';
import { palette, type Palette } from '../canvas/palette.ts';
import type { Sheet } from '../canvas/use-canvas.ts';
import { ticksOf } from '../ticks.ts';
import { frameOf, xAt, yAt, type Frame } from './frame.ts';
import type { MapModel } from './model.ts';
import { pixelsOf } from './scale.ts';

export interface Labels {
  readonly x: string;
  readonly y: string;
}

/** Pixels of a cell from which a line parts it from the next. */
const PARTED = 9;
const TICK_PX = { x: 56, y: 26 } as const;

export function drawMap({ c, width, height }: Sheet, model: MapModel, labels: Labels): void {
  const frame = frameOf(model, width, height);
  const colours = palette();
  c.save();
  c.beginPath();
  c.rect(frame.left, frame.top, frame.width, frame.height);
  c.clip();
  drawHatch(c, frame, colours);
  c.imageSmoothingEnabled = false;
  c.drawImage(imageOf(model, colours), frame.left, frame.top, frame.width, frame.height);
  drawGrid(c, frame, colours);
  drawOutline(c, frame, { segments: model.beatsHolding, colour: colours.ink, dash: [], width: 1 });
  drawOutline(c, frame, { segments: model.nearBest, colour: colours.ink, dash: [1.5, 2.2], width: 1.3 });
  c.restore();
  c.strokeStyle = colours.line2;
  c.lineWidth = 1;
  c.strokeRect(frame.left - 0.5, frame.top - 0.5, frame.width + 1, frame.height + 1);
  drawAxes(c, frame, { model, labels, colours });
  drawProfiles(c, frame, { model, colours });
}

/** Images of cells, so that what is drawn anew over the same ones costs one copy. */
const images = new WeakMap<MapModel, { readonly colours: Palette; readonly image: OffscreenCanvas }>();

function imageOf(model: MapModel, colours: Palette): OffscreenCanvas {
  const known = images.get(model);
  if (known?.colours === colours) return known.image;
  const { columns, rows, sign, span, map } = model;
  const image = new OffscreenCanvas(columns, rows);
  const pixels = pixelsOf({ cells: map.cells, columns, sign, span, stops: colours.heat });
  image.getContext('2d')?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  images.set(model, { colours, image });
  return image;
}

/** Shows through where nothing is scored or ranked. */
function drawHatch(c: CanvasRenderingContext2D, { left, top, width, height }: Frame, colours: Palette): void {
  c.fillStyle = colours.inset;
  c.fillRect(left, top, width, height);
  c.strokeStyle = colours.hatch;
  c.lineWidth = 1;
  c.beginPath();
  for (let x = -height; x < width; x += 6) {
    c.moveTo(left + x, top + height);
    c.lineTo(left + x + height, top);
  }
  c.stroke();
}

function drawGrid(c: CanvasRenderingContext2D, frame: Frame, colours: Palette): void {
  const { left, top, width, height, columns, rows } = frame;
  c.strokeStyle = colours.surface;
  c.lineWidth = 1;
  c.beginPath();
  if (width / columns > PARTED && height / rows > PARTED) {
    for (let i = 1; i < columns; i += 1) {
      c.moveTo(xAt(frame, i), top);
      c.lineTo(xAt(frame, i), top + height);
    }
    for (let j = 1; j < rows; j += 1) {
      c.moveTo(left, yAt(frame, j));
      c.lineTo(left + width, yAt(frame, j));
    }
  }
  c.stroke();
}

interface Line {
  readonly segments: readonly number[];
  readonly colour: string;
  readonly dash: number[];
  readonly width: number;
}

function drawOutline(c: CanvasRenderingContext2D, frame: Frame, { segments, colour, dash, width }: Line): void {
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.setLineDash(dash);
  c.beginPath();
  for (let at = 0; at < segments.length; at += 4) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = segments.slice(at, at + 4);
    c.moveTo(xAt(frame, x0), yAt(frame, y0));
    c.lineTo(xAt(frame, x1), yAt(frame, y1));
  }
  c.stroke();
  c.setLineDash([]);
}

interface Drawn {
  readonly model: MapModel;
  readonly colours: Palette;
}

function drawAxes(
  c: CanvasRenderingContext2D,
  frame: Frame,
  { model, labels, colours }: Drawn & { readonly labels: Labels },
): void {
  const { left, top, width, height } = frame;
  c.font = `11px ${colours.font}`;
  c.fillStyle = colours.ink3;
  c.textAlign = 'center';
  c.textBaseline = 'top';
  for (const { bin, value } of ticksOf(model.map.x, Math.max(2, Math.floor(width / TICK_PX.x)))) {
    c.fillText(axisValue(value), xAt(frame, bin + 0.5), top + height + 5);
  }
  c.textAlign = 'right';
  c.textBaseline = 'middle';
  if (model.map.y !== null) {
    for (const { bin, value } of ticksOf(model.map.y, Math.max(2, Math.floor(height / TICK_PX.y)))) {
      c.fillText(axisValue(value), left - 6, yAt(frame, bin + 0.5), left - 20);
    }
  }
  c.fillStyle = colours.ink2;
  c.font = `500 11px ${colours.font}`;
  c.textAlign = 'center';
  c.textBaseline = 'alphabetic';
  c.fillText(labels.x, left + width / 2, top + height + 32, width);
  c.save();
  c.translate(12, top + height / 2);
  c.rotate(-Math.PI / 2);
  c.fillText(labels.y, 0, 0, height);
  c.restore();
}

/** Draws the best of each column above the map, and the best of each row beside it. */
function drawProfiles(c: CanvasRenderingContext2D, frame: Frame, { model, colours }: Drawn): void {
  const both = [...model.alongX, ...model.alongY].filter(Number.isFinite);
  const low = Math.min(...both);
  const wide = Math.max(...both) - low || 1;
  c.strokeStyle = colours.ink3;
  c.lineWidth = 1.2;
  const line = (values: Float32Array, point: (bin: number, share: number) => readonly [number, number]): void => {
    let isDown = false;
    c.beginPath();
    for (const [bin, value] of values.entries()) {
      if (Number.isFinite(value)) {
        const [x, y] = point(bin, (value - low) / wide);
        if (isDown) c.lineTo(x, y);
        else c.moveTo(x, y);
      }
      isDown = Number.isFinite(value);
    }
    c.stroke();
  };
  line(model.alongX, (bin, share) => [xAt(frame, bin + 0.5), frame.top - 5 - share * 20]);
  line(model.alongY, (bin, share) => [frame.left + frame.width + 6 + share * 28, yAt(frame, bin + 0.5)]);
}
