// The diverging colours of the map, centred on 0: gains and losses are told apart at a glance, and above 0 the steps widen,
// since what matters is how the good differ from the very good.

import type { Rgb } from '../canvas/rgb.ts';

const MIDDLE = 6;
const LAST = 12;
const BEND = 1.6;
/** The smaller side has no more contrast than this share of the larger one allows. */
const LEAST_SIDE = 0.3;

/** What the colours span: lowest and highest score, 0 included. Scores that are better low are turned round before. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

/** Returns what the colours of cells span: from the lowest but for one in a hundred, which would pale all others, to the highest. */
export function spanOf(cells: Float32Array, sign: 1 | -1): Span {
  const finite = cells.filter(Number.isFinite).map((value) => sign * value);
  finite.sort();
  const low = finite[Math.floor(finite.length * 0.01)] ?? 0;
  return { low: Math.min(low, 0), high: Math.max(finite.at(-1) ?? 0, 0) };
}

/** Returns the place of a score on the scale, from 0 to 12; infinities are at its ends. */
export function placeOnScale(value: number, span: Span): number {
  const { up, down } = sides(span);
  if (value < 0) return MIDDLE - MIDDLE * Math.min(1, -value / down);
  return MIDDLE + MIDDLE * Math.min(1, value / up) ** BEND;
}

/** Returns the score at a stop of the scale. */
function valueAtStop(stop: number, span: Span): number {
  const { up, down } = sides(span);
  if (stop < MIDDLE) return (-down * (MIDDLE - stop)) / MIDDLE;
  return up * ((stop - MIDDLE) / MIDDLE) ** (1 / BEND);
}

function sides({ low, high }: Span): { readonly up: number; readonly down: number } {
  const least = Math.max(high, -low, 1e-9) * LEAST_SIDE;
  return { up: Math.max(high, least), down: Math.max(-low, least) };
}

/** Writes the scale as a CSS gradient from its lowest to its highest score. */
export function gradientOf(span: Span): string {
  const width = span.high - span.low || 1;
  const stops = Array.from({ length: LAST + 1 }, (_, stop) => {
    const share = (100 * (valueAtStop(stop, span) - span.low)) / width;
    return `var(--heat-${stop}) ${share.toFixed(1)}%`;
  });
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}

const SHADES = 64;

/** Returns the shades between stops as pixels, so that a cell costs a look-up. Bytes are in the order of every browser's machine. */
export function shadesOf(stops: readonly Rgb[]): Uint32Array {
  return Uint32Array.from({ length: LAST * SHADES + 1 }, (_, at) => {
    const stop = Math.min(LAST - 1, Math.floor(at / SHADES));
    const part = at / SHADES - stop;
    const [a, b] = [stops[stop], stops[stop + 1]];
    if (a === undefined || b === undefined) return 0;
    const mix = (which: 0 | 1 | 2): number => Math.round(a[which] + (b[which] - a[which]) * part);
    return OPAQUE + mix(0) + 256 * mix(1) + 65_536 * mix(2);
  });
}

const OPAQUE = 255 * 2 ** 24;

interface Painting {
  readonly cells: Float32Array;
  readonly columns: number;
  readonly sign: 1 | -1;
  readonly span: Span;
  readonly stops: readonly Rgb[];
}

/** Paints a pixel a cell, the first row at the bottom; one without a score stays clear. */
export function pixelsOf({ cells, columns, sign, span, stops }: Painting): Uint8ClampedArray<ArrayBuffer> {
  const shades = shadesOf(stops);
  const pixels = new Uint32Array(cells.length);
  const rows = cells.length / columns;
  for (let j = 0; j < rows; j += 1) {
    const to = (rows - 1 - j) * columns;
    for (let i = 0; i < columns; i += 1) {
      const value = sign * (cells[j * columns + i] ?? NaN);
      if (value === value) pixels[to + i] = shades[Math.round(placeOnScale(value, span) * SHADES)] ?? 0;
    }
  }
  return new Uint8ClampedArray(pixels.buffer);
}
