// The picture of a verdict: what the best of each permuted market came to, as a histogram, and the real best beside it. Plain
// SVG with its own ground, for pages and reports; from the numbers that a stored verdict has.

import type { Verdict } from '@backtest-jobs/engine';

type Permuted = NonNullable<Verdict['permuted']>;

const WIDTH = 640;
const HEIGHT = 240;
const LEFT = 24;
const BASE = 184;
const TOP = 56;
const BINS = 24;

const INK = '#1d2733';
const GREY = '#6b7785';
const HUMP = '#c3cad2';
const TONES = { likely: '#b3401f', possible: '#8a6100', unlikely: '#0b7465', unknown: GREY } as const;

/** Draws the luck test of a verdict; `what` names the metric and its unit. */
export function histogram({ permuted, luck }: Verdict, what: string): string {
  if (!permuted) throw new Error('the verdict has no luck test: run the search with luck.permutations of at least 19');
  const { best, typical, bests } = permuted;
  const finite = bests.filter((value) => typeof value === 'number');
  const own = typeof best === 'number' ? best : null;
  const shown = own === null ? finite : [...finite, own];
  if (finite.length === 0) throw new Error('no permuted market has a best that can be drawn');
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  const margin = 0.06 * (high - low || 1);
  const x = (value: number): number => LEFT + ((value - low + margin) / (high - low + 2 * margin)) * (WIDTH - 2 * LEFT);
  const counts = countsOf(finite, low, high);
  const unit = (BASE - TOP) / Math.max(...counts);
  const width = (x(high) - x(low)) / BINS;
  const bars = counts.map((count, bin) => {
    const at = [x(low) + bin * width + 0.5, BASE - count * unit, Math.max(1, width - 1), count * unit];
    const [left, top, wide, tall] = at.map(round);
    return count === 0 ? '' : `<rect x="${left}" y="${top}" width="${wide}" height="${tall}" fill="${HUMP}"/>`;
  });
  const marks = [
    ...(typeof typical === 'number' ? [mark(x(typical), `luck, in the middle ${short(typical)}`, GREY, TOP - 30)] : []),
    ...(own === null ? [] : [mark(x(own), `this one ${short(own)}`, TONES[luck], TOP - 10)]),
  ];
  const title = titleOf(permuted, bests.length - finite.length);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="Inter, system-ui, sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...bars.filter((bar) => bar !== ''),
    `<line x1="${LEFT}" x2="${WIDTH - LEFT}" y1="${BASE}" y2="${BASE}" stroke="${GREY}"/>`,
    ...ticksOf(low, high).map((value) => text(x(value), BASE + 18, { words: short(value), colour: GREY })),
    ...marks.flat(),
    text(WIDTH / 2, HEIGHT - 14, { words: `best ${what} of each of ${bests.length} permuted markets`, colour: INK }),
    '</svg>',
    '',
  ].join('\n');
}

function countsOf(values: readonly number[], low: number, high: number): readonly number[] {
  const counts = Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(((value - low) / (high - low || 1)) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function titleOf({ done, as_good, p }: Permuted, left: number): string {
  const found = `${as_good} of ${done} permuted markets have a best at least as good as the real one`;
  const told = p === null ? found : `${found} (p ${p.toFixed(p < 0.1 ? 3 : 2)})`;
  return left === 0 ? told : `${told}; ${left} have none that is a number`;
}

function mark(at: number, words: string, colour: string, y: number): readonly string[] {
  const left = at > 0.75 * WIDTH;
  return [
    `<line x1="${round(at)}" x2="${round(at)}" y1="${y + 5}" y2="${BASE}" stroke="${colour}" stroke-width="2"/>`,
    text(at + (left ? -6 : 6), y, { words, colour, anchor: left ? 'end' : 'start' }),
  ];
}

interface Label {
  readonly words: string;
  readonly colour: string;
  readonly anchor?: 'start' | 'middle' | 'end';
}

function text(x: number, y: number, { words, colour, anchor = 'middle' }: Label): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${colour}">${words}</text>`;
}

/** Some five round numbers. */
function ticksOf(low: number, high: number): readonly number[] {
  const raw = (high - low || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= raw) ?? raw;
  const ticks: number[] = [];
  for (let nth = Math.ceil(low / step); nth * step <= high; nth += 1) ticks.push(nth * step);
  return ticks;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
