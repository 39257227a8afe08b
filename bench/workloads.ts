// The spec files of the bench, and the changes some lines make to them.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSpec, prepare, type Metric, type Prepared, type Spec } from '@backtest-jobs/engine';
import { parseSpecText } from '../server/src/cli/specfile.ts';
import { candlesFor } from './candles.ts';

export type Workload = 'w1' | 'w2' | 'w3' | 'w4';

export function readWorkload(name: Workload): Spec {
  return readSpec(join(import.meta.dirname, `${name}.yaml`));
}

export function readSpec(file: string): Spec {
  return parseSpec(parseSpecText(readFileSync(file, 'utf8'), file).input);
}

export function prepareSpec(spec: Spec): Prepared {
  return prepare(candlesFor(spec), spec);
}

/** The same strategy on a year of minutes: 525,600 bars. */
export function onMinutes(spec: Spec): Spec {
  const time_range = { start: '2023-01-01T00:00:00.000Z', end: '2024-01-01T00:00:00.000Z' };
  return { ...spec, time_range, template: { ...spec.template, timeframe: '1m' } };
}

export function rankedBy(spec: Spec, primary_metric: Metric): Spec {
  return { ...spec, ranking: { primary_metric, secondary_metric: null } };
}

/** Only the first long threshold: as many conditions of the averages, and one variant of each. */
export function withFirstThreshold(spec: Spec): Spec {
  const { template } = spec;
  if (!('signal_grids' in template)) throw new RangeError('the workload has no signals to take a threshold from');
  const { 'momentum.rsi': rsi, ...others } = template.signal_grids;
  const first = { mode: 'explicit', values: [10] } as const;
  return {
    ...spec,
    template: { ...template, signal_grids: { ...others, 'momentum.rsi': { ...rsi, long_threshold: first } } },
  };
}

/** Only the first windows of the moving average: fewer variants of the same kind. */
export function withFirstWindows(spec: Spec, windows: number): Spec {
  const { template } = spec;
  if (!('indicator_grids' in template)) throw new RangeError('the workload has no indicator to take windows from');
  const window = { mode: 'explicit', values: Array.from({ length: windows }, (_, at) => 5 + at) } as const;
  const grids = template.indicator_grids.map((one) =>
    one.indicator_id === 'ma.sma' ? { ...one, params: { window } } : one,
  );
  return { ...spec, template: { ...template, indicator_grids: grids } };
}
