// Finalizing: a kept variant is run again, in full. The same simulation and the same metrics that ranked it make its
// report, so its score and its report cannot differ.

import { tradesKept } from '../defaults.ts';
import { riskAt, riskOff } from '../grid/grid.ts';
import { indicatorVariantKey, variantKey, type Payload } from '../grid/variant.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { equityLine } from '../report/equity-line.ts';
import { openFullRun, type FullRun } from '../report/full-run.ts';
import { monteCarlo, MONTE_CARLO_ROWS, type MonteCarlo } from '../report/monte-carlo.ts';
import { report } from '../report/report.ts';
import { openRerun } from '../report/rerun.ts';
import { tradeRows, type TradeRow } from '../report/trade-rows.ts';
import { tradesHash } from '../report/trades-hash.ts';
import { caveatsOf, metricsJson, type MetricsJson } from '../simulate/metrics-json.ts';
import { daysOf, measure } from '../simulate/metrics.ts';
import { NO_RISK, type Risk } from '../simulate/setting.ts';
import { type Spec } from '../spec.ts';
import { bareRanking, rankedColumns, type BestColumns } from './rank.ts';
import type { SearchState } from './state.ts';

/** A variant as users read it; plain JSON. */
export interface VariantRow {
  readonly rank: number;
  readonly variant_key: string;
  readonly indicator_variant_key: string;
  /** base index * riskTotal + risk index. */
  readonly variant_index: number;
  readonly total_return_pct: number;
  /** With the plateau score of its base beside them, where the ranking is by plateaus and stage_a is over. */
  readonly metrics: MetricsJson & { readonly plateau_score?: number };
  readonly payload: Payload;
  /** Equity in percent of the initial cash at up to 32 closes, evenly spaced. */
  readonly equity_line: readonly number[];
  /** Equal for variants that made the same trades. */
  readonly trades_hash: string;
  /** Only in a result. */
  readonly report_table_md: string | null;
  /** Only in a result, of the first `top_trades_n`. */
  readonly trades: readonly TradeRow[] | null;
  /** Number of trades of a variant that has more than are kept: `trades` are the first and the last; else left out. */
  readonly trades_total?: number;
  /** Only in a result, of the ten best; null: it made too few trades. */
  readonly monte_carlo?: MonteCarlo | null;
  /** Only in a result, where bars were held out: the variant on them; everything else is of the bars searched on. */
  readonly out_of_sample?: OutOfSample;
}

export interface OutOfSample {
  readonly metrics: MetricsJson;
  readonly report_table_md: string;
}

function outOfSampleOf({ metrics, table_md }: FullRun): OutOfSample {
  return { metrics, report_table_md: table_md };
}

export type Finalizer = ReturnType<typeof openFinalizer>;

/** Adds what only the search knows of a row: in a ranking by plateaus, the plateau score at its place among the best. */
export function placedRow({ ranking }: Pick<Spec, 'ranking'>, best: BestColumns, row: VariantRow): VariantRow {
  if (ranking.plateau === undefined) return row;
  return { ...row, metrics: { ...row.metrics, plateau_score: best.secondary[row.rank - 1] } };
}

/** A variant of the grid and its rank. */
interface Place {
  readonly rank: number;
  readonly index: number;
  readonly base: number;
  readonly risk: Risk;
}

/** Re-runs variants of a search one by one; `held`: the bars that judge those of a result. */
export function openFinalizer(prepared: Prepared, held: Prepared | null = null) {
  const { spec, grid } = prepared;
  const { target, context } = targetOf(prepared);
  const rerun = openRerun(prepared);
  const days = daysOf(target, context);
  const runHeld = held && openFullRun(held);
  const most = tradesKept(spec);

  const row = ({ rank, index, base, risk }: Place, full: boolean): VariantRow => {
    const { values, payload, simulation, bounds, history } = rerun(base, risk);
    const reported = full ? report(simulation, target, context, days) : null; // which measures with `measure` too
    const traded = full && rank <= spec.top_trades_n;
    const { count } = simulation.trades;
    const metrics = reported?.metrics ?? measure(simulation, target, context, days);
    const key = variantKey(spec, payload);
    const drawn = full && rank <= MONTE_CARLO_ROWS;
    return {
      rank,
      variant_key: key,
      indicator_variant_key: indicatorVariantKey(spec, grid, values),
      variant_index: index,
      total_return_pct: metrics.total_return_pct,
      metrics: metricsJson(metrics, { ...caveatsOf(simulation, bounds, context), ...history }),
      payload,
      equity_line: equityLine(simulation.equity, context.initCash),
      trades_hash: tradesHash(simulation.trades),
      report_table_md: reported?.table_md ?? null,
      trades: traded ? tradeRows(simulation, target, context, most) : null,
      ...(traded && count > most && { trades_total: count }),
      ...(drawn && { monte_carlo: monteCarlo(simulation.trades, simulation.setting, key) }),
      ...(full && runHeld !== null && { out_of_sample: outOfSampleOf(runHeld(base, risk)) }),
    };
  };

  const ofVariant = (rank: number, index: number, full: boolean): VariantRow => {
    const risk = index % grid.riskTotal;
    return row({ rank, index, base: (index - risk) / grid.riskTotal, risk: riskAt(grid, risk) }, full);
  };
  // While stage_a runs there is no risk setting yet: the row is that of the setting in which everything is off, or of
  // the first one where the grid has no such setting.
  const off = riskOff(grid);
  const ofBase = (rank: number, base: number): VariantRow =>
    row({ rank, index: base * grid.riskTotal + off, base, risk: NO_RISK }, false);

  // The best change little between two snapshots, and to run one over a year of minutes takes 57 ms. Latest use last.
  const kept = { bases: new Map<number, VariantRow>(), variants: new Map<number, VariantRow>() };

  return {
    /** A variant of the result, with its report, and its trades if its rank earns them. */
    full: (index: number, rank: number): VariantRow => ofVariant(rank, index, true),
    /** Remembers a row of the result for `rows`, without its report, as far as rows are told at all. */
    keep(made: VariantRow): void {
      if (made.rank <= spec.runtime.top_k_persisted) remember(kept.variants, made.variant_index, withoutReport(made));
    },
    /** The best of a search that goes on, each run when it is asked for, unless it was among them not long ago. */
    *rows(state: SearchState, limit: number): Generator<VariantRow, void> {
      const bare = state.stage === 'stage_a';
      const known = bare ? kept.bases : kept.variants;
      const ranking = bare ? bareRanking(spec.ranking) : spec.ranking;
      const best = rankedColumns(ranking, state.best);
      for (const [at, index] of best.index.subarray(0, limit).entries()) {
        const made = known.get(index) ?? (bare ? ofBase(at + 1, index) : ofVariant(at + 1, index, false));
        remember(known, index, made);
        const [oldest] = known.keys();
        if (known.size > 2 * limit) known.delete(oldest);
        yield placedRow({ ranking }, best, { ...made, rank: at + 1 });
      }
    },
  };
}

/** Puts a row last, as the one that was used last. */
function remember(known: Map<number, VariantRow>, index: number, row: VariantRow): void {
  known.delete(index);
  known.set(index, row);
}

/** Removes from a row what only a result has. */
function withoutReport(row: VariantRow): VariantRow {
  const { out_of_sample: _held, trades_total: _total, monte_carlo: _drawn, ...made } = row;
  return { ...made, report_table_md: null, trades: null };
}
