// Whether the report of a variant comes to what the search had scored, to the last bit.

import type { MetricJson } from '../words/format.ts';

export interface Difference {
  readonly metric: string;
  readonly scored: MetricJson;
  readonly reported: MetricJson;
}

type Metrics = Readonly<Record<string, MetricJson>>;

/** Returns the metrics of a job's row that its report has otherwise. What only one of them has is not compared. */
export function differences(row: Metrics, report: Metrics): readonly Difference[] {
  return Object.entries(row).flatMap(([metric, scored]) => {
    if (!Object.hasOwn(report, metric)) return [];
    const reported = report[metric];
    return Object.is(scored, reported) || scored === reported ? [] : [{ metric, scored, reported }];
  });
}
