// The words that the sentence of a verdict and its checks share.

import { LEAST_PERMUTATIONS } from '../markets/skipped.ts';
import { formatNumber } from '../report/format.ts';
import type { MetricJson } from '../simulate/metrics-json.ts';
import type { ValidationResult } from '../validation/validate.ts';
import type { PermutedTold } from './measured-sharpe.ts';
import type { Edge } from './neighbours.ts';
import type { Judged, Verdict } from './verdict.ts';

/** Of the luck test; null: there was none, or one with too few permutations to be believed. */
export function usableP({ permuted }: Pick<Verdict, 'permuted'>): number | null {
  return permuted && permuted.done >= LEAST_PERMUTATIONS ? permuted.p : null;
}

/** Tests whether the luck test ended before all markets were searched; one that is impossible never began. */
export function wasCut(permuted: PermutedTold | null | undefined): boolean {
  return permuted !== null && permuted !== undefined && permuted.reason === null && permuted.done < permuted.asked;
}

/** What luck is measured by: permuted markets, or the formula that stands in for them. */
export function luckText(verdict: Judged, validation: ValidationResult | null): string {
  const { permuted, trials, sharpe_annual, lucky_sharpe_annual, deflated_sharpe } = verdict;
  if (permuted && usableP(verdict) !== null) return permutedText(permuted, validation?.mode === 'walk_forward');
  const own = formatNumber(sharpe_annual ?? NaN, 2);
  if (trials < 2) {
    const sure = percentText(deflated_sharpe ?? NaN);
    return `by formula its Sharpe ratio of ${own} a year is above 0 with a probability of ${sure}`;
  }
  const lucky = formatNumber(lucky_sharpe_annual ?? NaN, 2);
  return `by formula the best of ${grouped(trials)} variants without any skill would have a Sharpe ratio of about ${lucky} a year, and this one has ${own}`;
}

/** The p that a text has beside the count; empty where the count says enough, or there is none. */
export function pText(verdict: Pick<Verdict, 'permuted'>): string {
  const p = usableP(verdict);
  if (p === null || p > 0.2) return '';
  return p < 0.0005 ? ' (p below 0.001)' : ` (p ${formatNumber(p, p < 0.1 ? 3 : 2)})`;
}

function permutedText(told: PermutedTold, walked: boolean): string {
  const { done, asked, variants, grid_variants, blocks, walk, as_good } = told;
  const many = done < asked ? `${done} markets (of ${asked} asked for)` : `${done} markets`;
  const moves = blocks === null ? 'the same moves' : `the same runs of ${blocks} bars`;
  const part = variants < grid_variants ? ` among ${grouped(variants)} of ${grouped(grid_variants)} base variants` : '';
  const search = walk ? 'this walk' : walked ? 'the search of the last fold' : 'this search';
  const found = as_good === 0 ? 'none' : grouped(as_good);
  return `of ${many} with ${moves} in random order, ${search}${part} found something as good in ${found}`;
}

/** What the loss unseen says. */
export function lossText(loss: number): string {
  return `what wins in one half of the history loses money in the other ${percentText(loss)} of the time`;
}

/** A return with its Sharpe ratio and trades. */
export function moneyText(metrics: {
  readonly total_return_pct: MetricJson;
  readonly sharpe: MetricJson;
  readonly num_trades: MetricJson;
}): string {
  const { total_return_pct, sharpe, num_trades } = metrics;
  const trades = `${grouped(Number(num_trades))} ${num_trades === 1 ? 'trade' : 'trades'}`;
  const ratio = typeof sharpe === 'number' ? `Sharpe ratio ${formatNumber(sharpe, 2)} a year` : 'no Sharpe ratio';
  return `${signedText(Number(total_return_pct))} (${ratio}, ${trades})`;
}

/** Percents with their sign. */
export function signedText(percent: number): string {
  const text = formatNumber(percent, 1);
  return `${percent > 0 ? '+' : ''}${text}%`;
}

/** A share as percents, never 0 or 100 for what is only near it. */
export function percentText(share: number): string {
  const text = formatNumber(100 * share, 1);
  if (text === '100' && share < 1) return '>99.9%';
  return text === '0' && share > 0 ? '<0.1%' : `${text}%`;
}

export function edgeTexts(axes: readonly Edge[]): readonly string[] {
  return axes.map(({ axis, value, end }) => `${axis} ${value} is the ${end}`);
}

/** 1234567 -> 1,234,567 */
export function grouped(count: number): string {
  const digits = String(count);
  const groups = [digits.slice(0, digits.length % 3)];
  for (let at = digits.length % 3; at < digits.length; at += 3) groups.push(digits.slice(at, at + 3));
  return groups.filter(Boolean).join(',');
}
