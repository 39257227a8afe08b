// A variant report as JSON: plot series as lists of numbers, everything else as it is.

import type { VariantReport } from '@backtest-jobs/engine';
import type { PartReport, Series } from '@backtest-jobs/engine/internal';

type PartJson = Omit<PartReport, 'series'> & {
  readonly series: Readonly<Record<keyof Series, readonly number[]>>;
};

export type VariantJson = Omit<VariantReport, keyof PartReport | 'out_of_sample'> &
  PartJson & { readonly out_of_sample: PartJson | null };

export function variantJson({ out_of_sample, ...report }: VariantReport): VariantJson {
  return { ...report, ...partJson(report), out_of_sample: out_of_sample && partJson(out_of_sample) };
}

function partJson({ metrics, rows, table_md, trades, monte_carlo, monthly, series }: PartReport): PartJson {
  const { time, equity, drawdown, benchmark, position } = series;
  return {
    metrics,
    rows,
    table_md,
    trades,
    monte_carlo,
    monthly,
    series: {
      time: [...time],
      equity: [...equity],
      drawdown: [...drawdown],
      benchmark: [...benchmark],
      position: [...position],
    },
  };
}
