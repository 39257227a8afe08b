// The verdict: how likely the best variant of a search is luck. Finalizing makes it of the best kept variants, of base
// variants drawn with a seed from the request, and of the neighbours of the best. What cannot be told is null, with the
// reason beside it; nothing here throws because a result is poor.

import { shortHistory } from '../grid/short-history.ts';
import type { Prepared } from '../prepare.ts';
import type { SearchState } from '../scoring/state.ts';
import { deviation, meanOf } from '../simulate/metrics.ts';
import { countTrials } from './count-trials.ts';
import { edgeFlag, idleFlag, peakFlag, tradesFlag, type Flags } from './flags.ts';
import type { Moments } from './moments.ts';
import { gridEdges, neighboursOf } from './neighbours.ts';
import { splits, winsEveryBlock } from './overfitting.ts';
import { sentenceOf } from './sentence.ts';
import { deflatedSharpe, luckySharpe, minimumBacktestYears, probabilisticSharpe } from './sharpe.ts';
import { BLOCKS, MOST_KEPT, openTrials, type Trial } from './trials.ts';
import type { Verdict } from './verdict.ts';

/** Judges the end of a search of `prepared`, a part of `wholeRange` or all of it: `compare`, then `verdict`. Both yield `turn()` between what they run. */
export function openVerdict(
  prepared: Prepared,
  { best, counts }: Pick<SearchState, 'best' | 'counts'>,
  wholeRange: Prepared = prepared,
) {
  const { grid, spec } = prepared;
  const trials = openTrials(prepared);
  const kept = best.index.subarray(0, MOST_KEPT);
  const ranked = kept.length > 0;
  const all: Trial[] = [];
  let moments: Moments | null = null;
  let trades = 0;
  let winner = -1; // where the best stands in `all`
  return {
    /** Runs the variants that are compared. */
    *compare<T>(turn: () => T): Generator<T, void> {
      for (const candidate of ranked ? yield* trials.choose(kept, turn) : []) {
        const { trades: made, found } = trials.run(candidate);
        if (found !== null) all.push(found.trial);
        if (candidate.base * grid.riskTotal + candidate.risk === kept[0] && candidate.kept) {
          trades = made;
          winner = found === null ? -1 : all.length - 1;
          moments = found?.moments ?? null;
        }
        yield turn();
      }
    },
    *verdict<T>(turn: () => T): Generator<T, Verdict> {
      const around: number[] = [];
      for (const { base, risk } of ranked ? neighboursOf(grid, kept[0]) : []) {
        around.push(trials.score(base, risk));
        yield turn();
      }
      const count = countTrials({ stage_a: counts.stage_a.scored, stage_b: counts.stage_b.scored }, grid);
      const possible = count >= 2 && all.length >= 2 && trials.days >= 2 * BLOCKS;
      const blocks = all.map((trial) => trial.blocks);
      const split = possible ? yield* splits(blocks, trials.days, 'sharpe', turn) : null;
      const drawn = all.filter((trial) => trial.drawn).map(({ score }) => score);
      const { scored, zero_trades } = counts.stage_a;
      const peak = ranked ? peakFlag(spec.ranking, best.primary[0], around, drawn) : NOT_RANKED;
      return verdictOf({
        moments,
        days: trials.days,
        periodsPerYear: spec.runtime.periods_per_year,
        trials: count,
        all,
        overfitting: split?.probability ?? null,
        winsAll: possible && winner >= 0 && winsEveryBlock(blocks, trials.days, winner),
        ranked,
        peak: typeof peak === 'string' ? peak : null,
        flags: {
          edge_of_grid: ranked ? edgeFlag(gridEdges(grid, kept[0])) : null,
          few_trades: ranked ? tradesFlag(trades) : null,
          isolated_peak: typeof peak === 'string' ? null : peak,
          zero_trades_share: idleFlag(zero_trades, scored),
          ...candleFlags(wholeRange),
        },
      });
    },
  };
}

/** The first bars of the whole range are the ones that lack history, whatever part of it a search has seen; so with jumps. */
function candleFlags({ spec, grid, timeline }: Prepared): Pick<Flags, 'short_history' | 'split_jumps'> {
  const { first, end, ledger } = timeline;
  const bars = { asked_bars: spec.warmup_bars, warmup_bars: first, target_bars: end - first };
  const { split_jumps } = ledger;
  return {
    short_history: shortHistory(grid, bars),
    ...(split_jumps && { split_jumps: { raised: true, ...split_jumps } }),
  };
}

const NOT_RANKED = 'no variant was ranked';

interface Findings {
  /** Of the best. */
  readonly moments: Moments | null;
  readonly days: number;
  readonly periodsPerYear: number;
  readonly trials: number;
  readonly all: readonly Trial[];
  readonly overfitting: number | null;
  /** Whether no variant that was compared does better than the best in any block of the history. */
  readonly winsAll: boolean;
  readonly ranked: boolean;
  /** Why the flag of an isolated peak is null. */
  readonly peak: string | null;
  readonly flags: Flags;
}

function verdictOf(findings: Findings): Verdict {
  const { moments, days, periodsPerYear, trials, all, overfitting, ranked, peak, flags } = findings;
  const reasons: Record<string, string> = {};
  const known = (name: string, value: number, reason: string): number | null => {
    if (Number.isFinite(value)) return value;
    reasons[name] = ranked ? reason : NOT_RANKED;
    return null;
  };
  const year = Math.sqrt(periodsPerYear);
  const others = all.filter((trial) => !trial.kept).length;
  const variance = varianceOf(all);
  const sharpe = moments?.sharpe ?? NaN;
  const lucky = trials < 2 ? NaN : luckySharpe(trials, variance);
  const noSharpe = days < 2 ? 'there are fewer than two daily returns' : 'its daily returns have no Sharpe ratio';
  const oneTrial = 'only one variant was scored';
  const noVariance = trials < 2 ? oneTrial : 'fewer than two of the variants compared have a Sharpe ratio';
  const noSplit =
    trials < 2 ? oneTrial : all.length < 2 ? 'fewer than two of the variants compared traded' : noBlocks(days);
  if (peak !== null) reasons['isolated_peak'] = peak;
  if (!ranked) for (const name of ['edge_of_grid', 'few_trades']) reasons[name] = NOT_RANKED;
  if (flags.zero_trades_share === null) reasons['zero_trades_share'] = 'no variant was scored';
  const numbers = {
    trials,
    compared: { kept: all.length - others, drawn: others },
    days,
    years: days / periodsPerYear,
    periods_per_year: periodsPerYear,
    sharpe_daily: known('sharpe_daily', sharpe, noSharpe),
    sharpe_annual: known('sharpe_annual', sharpe * year, noSharpe),
    skewness: known('skewness', moments?.skewness ?? NaN, noSharpe),
    kurtosis: known('kurtosis', moments?.kurtosis ?? NaN, noSharpe),
    probabilistic_sharpe: known('probabilistic_sharpe', moments ? probabilisticSharpe(moments) : NaN, noSharpe),
    sharpe_variance_daily: known('sharpe_variance_daily', variance, noVariance),
    lucky_sharpe_annual: known('lucky_sharpe_annual', lucky * year, noVariance),
    deflated_sharpe: known(
      'deflated_sharpe',
      moments && trials >= 2 ? deflatedSharpe(moments, trials, variance) : NaN,
      Number.isFinite(lucky) ? noSharpe : noVariance,
    ),
    minimum_backtest_years: known('minimum_backtest_years', trials < 2 ? NaN : minimumBacktestYears(trials), oneTrial),
    overfitting_probability: known('overfitting_probability', overfitting ?? NaN, noSplit),
  };
  const verdict = { luck: luckOf(numbers, flags, findings.winsAll), ...numbers, flags, reasons };
  return { sentence: sentenceOf(verdict), ...verdict };
}

function noBlocks(days: number): string {
  return `${BLOCKS} blocks need ${2 * BLOCKS} daily returns, there are ${days}`;
}

/** Of the ratios that are numbers (ddof 1); NaN for fewer than two. */
function varianceOf(all: readonly Trial[]): number {
  const ratios = Float64Array.from(all, ({ sharpe }) => sharpe).filter(Number.isFinite);
  return ratios.length < 2 ? NaN : deviation(ratios, ratios.length, meanOf(ratios, ratios.length)) ** 2;
}

function luckOf(
  { deflated_sharpe, overfitting_probability }: Pick<Verdict, 'deflated_sharpe' | 'overfitting_probability'>,
  { few_trades, isolated_peak }: Flags,
  winsAll: boolean,
): Verdict['luck'] {
  if (deflated_sharpe === null && overfitting_probability === null) return 'unknown';
  if ((deflated_sharpe ?? 1) < 0.5 || (overfitting_probability ?? 0) > 0.5) return winsAll ? 'possible' : 'likely';
  const clean = !few_trades?.raised && !isolated_peak?.raised;
  return clean && (deflated_sharpe ?? 0) >= 0.95 && (overfitting_probability ?? 1) <= 0.05 ? 'unlikely' : 'possible';
}
