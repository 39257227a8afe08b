// A variant report as JSON: plot series as lists of numbers, everything else as it is.
import type { Series, VariantReport } from '@backtest-jobs/engine';

export type VariantJson = Omit<VariantReport, 'series'> & {
  readonly series: Readonly<Record<keyof Series, readonly number[]>>;
};

export function variantJson({ series, ...report }: VariantReport): VariantJson {
  const { time, equity, drawdown, benchmark, position } = series;
  return {
    ...report,
    series: {
      time: [...time],
      equity: [...equity],
      drawdown: [...drawdown],
      benchmark: [...benchmark],
      position: [...position],
    },
  };
}
