// The drawing of two seconds: what the same search finds by luck, as a hump, and what it found here, as a dot. Left of the
// hump: luck.

import type { Schemas } from '@backtest-jobs/client';
import { count, decimal, numberOf } from '../../words/format.ts';
import { metricText, metricWords } from '../../words/metrics.ts';
import { logBestDensity } from './normal.ts';
import { roundStep } from './ticks.ts';

type Verdict = Schemas['Verdict'];

export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

export interface Mark {
  readonly at: number;
  readonly words: string;
}

export interface LuckPicture {
  /** Ends of the axis. */
  readonly from: number;
  readonly to: number;
  /** What was measured on permuted markets; null: by formula. */
  readonly bars: readonly Bar[] | null;
  /** By formula: places and heights, the highest 1. */
  readonly curve: readonly (readonly [number, number])[] | null;
  /** What luck typically finds. */
  readonly luck: Mark | null;
  readonly own: Mark;
  /** 95% of what the true value may be; null: not known of this metric. */
  readonly interval: readonly [number, number] | null;
  /** What the axis is. */
  readonly caption: string;
  /** How many markets gave something as good, or that none was asked. */
  readonly answer: string;
}

/** Permutations below which a test says nothing. */
const LEAST = 19;

/** Returns the drawing of a verdict; null: there is nothing to draw. */
export function pictureOf(verdict: Verdict, metric: string): LuckPicture | null {
  return measured(verdict, metric) ?? byFormula(verdict);
}

function measured(verdict: Verdict, metric: string): LuckPicture | null {
  const { permuted } = verdict;
  if (!permuted || permuted.p === null || permuted.done < LEAST) return null;
  const own = numberOf(permuted.best);
  const all = permuted.bests.map(numberOf).filter((one) => !Number.isNaN(one));
  if (Number.isNaN(own) || all.length === 0) return null;
  const [from, to] = endsOf(all, own);
  const isSharpe = metric === 'sharpe';
  const isPart = permuted.variants < permuted.grid_variants;
  const near = isSharpe && !isPart ? intervalOf(verdict) : null;
  const typical = numberOf(permuted.typical);
  return {
    from: near === null ? from : Math.min(from, near[0] - 0.03 * (to - from)),
    to: near === null ? to : Math.max(to, near[1] + 0.03 * (to - from)),
    bars: binsOf(all, from, to),
    curve: null,
    luck: Number.isNaN(typical) ? null : { at: typical, words: `luck alone ${metricText(metric, permuted.typical)}` },
    own: { at: own, words: `${isPart ? 'this search' : 'this one'} ${metricText(metric, permuted.best)}` },
    interval: near,
    caption: `${near === null ? captionOf(metric) : 'Sharpe ratio a year, with its 95% interval'}${isPart ? `; ${count(permuted.variants)} variants each` : ''}`,
    answer: `as good in ${count(permuted.as_good)} of ${count(permuted.done)}`,
  };
}

function captionOf(metric: string): string {
  const { unit, long, better } = metricWords(metric);
  const [name = metric] = long.split(/:| on the /);
  return `${name}${unit === '' ? '' : `, ${unit}`}${better === -1 ? '; less is better' : ''}`;
}

/** Ends of the axis around all finite values: a few far ones are counted at its end, not drawn to scale. */
function endsOf(all: readonly number[], own: number): readonly [number, number] {
  const sorted = [...all, own].filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return [-1, 1];
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const here = Number.isFinite(own) ? own : at(0.5);
  const [low, high] = [Math.min(0, here, at(0.05)), Math.max(0, here, at(0.95))];
  const room = 0.5 * (high - low || 1);
  const from = Math.max(sorted[0] ?? low, low - room);
  const to = Math.min(sorted.at(-1) ?? high, high + room);
  const [first, last] = [Math.min(0, from), Math.max(0, to)];
  const margin = 0.04 * (last - first || 1);
  return [first < 0 ? first - margin : first, last + margin];
}

const ABOUT = 28;

function binsOf(all: readonly number[], from: number, to: number): readonly Bar[] {
  const width = roundStep(from, to, ABOUT);
  const first = Math.floor(from / width);
  const bins = Math.max(1, Math.ceil(to / width) - first);
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of all) {
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(value / width) - first));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts.map((one, at) => ({
    from: Math.max(from, (first + at) * width),
    to: Math.min(to, (first + at + 1) * width),
    count: one,
  }));
}

/** Returns 1.96 standard errors around the Sharpe ratio of a year, by its moments. */
export function intervalOf(verdict: Verdict): readonly [number, number] | null {
  const { sharpe_daily: daily, sharpe_annual: annual, skewness, kurtosis, days, periods_per_year } = verdict;
  if (daily === null || annual === null || skewness === null || kurtosis === null || days < 2) return null;
  const variance = (1 - skewness * daily + ((kurtosis - 1) / 4) * daily ** 2) / (days - 1);
  if (!(variance > 0)) return null;
  const half = 1.96 * Math.sqrt(variance * periods_per_year);
  return [annual - half, annual + half];
}

const POINTS = 240;

function byFormula(verdict: Verdict): LuckPicture | null {
  const { sharpe_annual: own, lucky_sharpe_annual: luck, sharpe_variance_daily: variance, trials } = verdict;
  if (own === null) return null;
  const interval = intervalOf(verdict);
  const s = variance === null ? 0 : Math.sqrt(variance * verdict.periods_per_year);
  const hasHump = luck !== null && s > 0 && trials > 1;
  const low = Math.min(0, own, interval?.[0] ?? own);
  const high = Math.max(0.3, own, interval?.[1] ?? own, hasHump ? luck + 1.2 * s : 0);
  const margin = 0.04 * (high - low);
  const [from, to] = [low < 0 ? low - margin : low, high + margin];
  return {
    from,
    to,
    bars: null,
    curve: hasHump ? curveOf(from, to, trials, s) : null,
    luck: hasHump ? { at: luck, words: `luck by formula ${decimal(luck)}` } : null,
    own: { at: own, words: `this one ${decimal(own)}` },
    interval,
    caption: `Sharpe ratio a year${interval === null ? '' : ', with its 95% interval'}`,
    answer: 'not tested on permuted markets',
  };
}

function curveOf(from: number, to: number, trials: number, s: number): readonly (readonly [number, number])[] {
  const places = Array.from({ length: POINTS + 1 }, (_, at) => from + ((to - from) * at) / POINTS);
  const logs = places.map((x) => logBestDensity(x, trials, s));
  const top = Math.max(...logs);
  return places.map((x, at) => [x, Math.exp((logs[at] ?? -Infinity) - top)] as const);
}
