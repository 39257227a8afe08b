// The drawing of two seconds: a hump of what luck finds, and a dot for this one. A dot left of the hump or in it is luck.

import type { Verdict } from '@backtest-jobs/engine';
import { html, type Html } from './html.ts';
import { decimalText, columnHead, metricWords, numberOf } from './words.ts';

const WIDTH = 400;
const BASE = 118;
const HEIGHT = 88;
const LEFT = 12;
const RIGHT = 388;
const BINS = 28;
/** Fewer markets make no hump. */
const LEAST_MARKETS = 19;

interface Drawing {
  readonly title: string;
  readonly metric: string;
  readonly shape: 'bars' | 'dotted';
  /** Evenly spaced from `from` to `to`, 0 to 1. */
  readonly heights: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly own: number;
  /** Half of the bar through the dot; 0: none. */
  readonly error: number;
}

/** Draws luck and this one; nothing where neither markets were permuted nor a formula tells. */
export function luckDrawing(verdict: Verdict, metric: string): Html | null {
  const drawing = ofMarkets(verdict, metric) ?? ofFormula(verdict);
  return drawing && drawn(drawing);
}

function ofMarkets({ permuted }: Verdict, metric: string): Drawing | null {
  if (!permuted) return null;
  const found = permuted.bests.map(numberOf).filter(Number.isFinite);
  const own = numberOf(permuted.best);
  if (found.length < LEAST_MARKETS || !Number.isFinite(own)) return null;
  const { from, to } = spread([...found, own]);
  const heights = Array.from({ length: BINS }, () => 0);
  for (const one of found) {
    const bin = Math.min(BINS - 1, Math.floor(((one - from) / (to - from)) * BINS));
    heights[bin] = (heights[bin] ?? 0) + 1;
  }
  const most = Math.max(...heights);
  const { name } = metricWords(metric);
  const title = `${name} of the best in each of ${found.length} markets with the same moves in random order, and of this search`;
  return { title, metric, shape: 'bars', heights: heights.map((one) => one / most), from, to, own, error: 0 };
}

/** The density of the best of N ratios without skill: N phi(x/s) Phi(x/s)^(N-1) / s, in logarithms. */
function ofFormula(verdict: Verdict): Drawing | null {
  const { sharpe_variance_daily: variance, sharpe_annual: own, sharpe_daily: daily, trials, days } = verdict;
  if (variance === null || own === null || daily === null || !(variance > 0) || trials < 2) return null;
  const year = Math.sqrt(verdict.periods_per_year);
  const scale = Math.sqrt(variance) * year;
  const skew = verdict.skewness ?? 0;
  const kurt = verdict.kurtosis ?? 3;
  const square = (1 - skew * daily + ((kurt - 1) / 4) * daily * daily) / Math.max(1, days - 1);
  const error = 1.96 * Math.sqrt(Math.max(0, square)) * year;
  const luck = scale * Math.sqrt(2 * Math.log(trials));
  const { from, to } = spread([own - error, own + error, 0, luck - scale, luck + 1.5 * scale]);
  const logs = Array.from({ length: 97 }, (_, at) => {
    const x = (from + ((to - from) * at) / 96) / scale;
    return -(x * x) / 2 + (trials - 1) * logNormal(x);
  });
  const top = Math.max(...logs);
  const title = 'Sharpe ratio a year: what the best of so many variants without skill would have, and this one';
  return {
    title,
    metric: 'sharpe',
    shape: 'dotted',
    heights: logs.map((one) => Math.exp(one - top)),
    from,
    to,
    own,
    error,
  };
}

function spread(values: readonly number[]): { from: number; to: number } {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = (high - low || Math.abs(high) || 1) * 0.08;
  return { from: low - margin, to: high + margin };
}

/** The logarithm of the normal distribution, as exactly as a drawing needs. */
function logNormal(x: number): number {
  const size = Math.abs(x);
  const density = Math.exp(-(size * size) / 2) / Math.sqrt(2 * Math.PI);
  // M. Abramowitz, I. A. Stegun, 26.2.17; far out the first terms of the series of Mills' ratio.
  const t = 1 / (1 + 0.231_641_9 * size);
  const near =
    t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  const tail = size < 4 ? density * near : (density / size) * (1 - 1 / (size * size));
  if (x >= 0) return Math.log1p(-tail);
  const logTail = -(size * size) / 2 - Math.log(size * Math.sqrt(2 * Math.PI));
  return size < 4 ? Math.log(tail) : logTail;
}

function drawn({ title, metric, shape, heights, from, to, own, error }: Drawing): Html {
  const at = (value: number): number => round(LEFT + ((value - from) / (to - from)) * (RIGHT - LEFT));
  const { format, unit } = metricWords(metric);
  const dot = at(own);
  const anchor = dot < 70 ? 'start' : dot > WIDTH - 70 ? 'end' : 'middle';
  return html`<svg class="luck" viewBox="0 0 ${WIDTH} 160" role="img" aria-label="${title}" data-luck="${own}">
    ${shape === 'bars' ? bars(heights) : hump(heights)}
    <path class="axis" d="M${LEFT} ${BASE}H${RIGHT}" />
    ${ticksOf(from, to).map(
      (tick) =>
        html`<path class="axis" d="M${at(tick)} ${BASE}v4" />
          <text x="${at(tick)}" y="${BASE + 16}" text-anchor="middle">${decimalText(tick, digitsOf(to - from))}</text>`,
    )}
    ${error > 0 ? html`<path class="error" d="M${at(own - error)} 96H${at(own + error)}" />` : null}
    <path class="stem" d="M${dot} 20V${BASE}" />
    <circle class="dot" cx="${dot}" cy="96" r="6" />
    <text class="own" x="${dot}" y="14" text-anchor="${anchor}">this one ${format(own)}${unit}</text>
    <text x="${LEFT}" y="154">
      ${columnHead(metric)}${error > 0 ? ' ratio a year, with its 95% interval' : ''}; the hump is luck
    </text>
  </svg>`;
}

function bars(heights: readonly number[]): Html {
  const width = (RIGHT - LEFT) / heights.length;
  return html`${heights.map((height, at) =>
    height === 0
      ? html``
      : html`<rect
          class="hump"
          x="${round(LEFT + at * width + 0.5)}"
          y="${round(BASE - height * HEIGHT)}"
          width="${round(width - 1)}"
          height="${round(height * HEIGHT)}"
        />`,
  )}`;
}

function hump(heights: readonly number[]): Html {
  const step = (RIGHT - LEFT) / (heights.length - 1);
  const points = heights.map((height, at) => `${round(LEFT + at * step)} ${round(BASE - height * HEIGHT)}`);
  return html`<path class="hump dotted" d="M${points.join('L')}" />`;
}

/** Returns round numbers between two, four or so. */
export function ticksOf(from: number, to: number): readonly number[] {
  const rough = (to - from) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to && ticks.length < 12; at += 1) ticks.push(at * step);
  return ticks;
}

/** Returns the decimals that tell the ticks of such a range apart. */
function digitsOf(range: number): number {
  return Math.max(0, Math.min(4, 1 - Math.floor(Math.log10(range / 2))));
}

const round = (value: number): number => Math.round(value * 10) / 10;
