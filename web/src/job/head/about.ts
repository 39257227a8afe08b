// The grey line under the name of a job: what was traded, how, and what it took.

import type { Schemas } from '@backtest-jobs/client';
import { secondsOf, simulationsOf } from '../../jobs/job-words.ts';
import { axisValue, date, span } from '../../words/format.ts';
import { metricWords } from '../../words/metrics.ts';

type Request = Pick<Schemas['JobRequest'], 'spec'>;

interface Spec {
  readonly template?: {
    readonly direction_mode?: string;
    readonly execution?: {
      readonly fill?: string;
      readonly fee_pct?: number;
      readonly slippage_pct?: number;
    };
  };
}

/** Returns the parts of the line, in their order. */
export function aboutParts(job: Schemas['JobStatus'], request: Request | undefined): readonly string[] {
  const { template } = (request?.spec ?? {}) as Spec;
  const execution = template?.execution;
  const parts = [
    job.instruments.map(({ symbol }) => symbol).join(', '),
    job.timeframes.join(', '),
    job.time_range && `${date(job.time_range.start)} to ${date(job.time_range.end)}`,
    template?.direction_mode,
    execution?.fill && `fill ${execution.fill.replaceAll('_', ' ')}`,
    execution && costsOf(execution),
    job.primary_metric && `ranked by ${rankedBy(job.primary_metric)}`,
    tookOf(job),
  ];
  return parts.filter((part): part is string => typeof part === 'string' && part !== '');
}

function costsOf({ fee_pct = 0, slippage_pct = 0 }: { fee_pct?: number; slippage_pct?: number }): string {
  return `fee ${axisValue(fee_pct)}%, slip ${axisValue(slippage_pct)}%`;
}

/** "Total return on the initial cash" is "total return" in a line. */
function rankedBy(metric: string): string {
  const [name = metric] = metricWords(metric).long.split(/[:,]| on the /);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function tookOf(job: Schemas['JobStatus']): string {
  const seconds = job.state === 'succeeded' ? secondsOf(job) : null;
  return `${simulationsOf(job)} simulations${seconds === null ? '' : ` in ${span(seconds)}`}`;
}
