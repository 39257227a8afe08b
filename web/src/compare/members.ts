// The variants that are compared, with what is known of each.

import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { LETTERS } from '../charts/lines.ts';
import { curveOf, type Curve } from '../variant/curve.ts';
import { joinMonths, type Month } from '../variant/months.ts';
import { reportOf, requestOf, statusOf, type Report, type Request } from '../variant/queries.ts';
import { namedAxes, variantText, type NamedAxis } from '../words/axes.ts';
import { date } from '../words/format.ts';
import { daysIn } from './alike.ts';
import { partsOf, type VariantName } from './chosen.ts';
import type { Ground } from './comparable.ts';

export interface Member {
  readonly name: VariantName;
  readonly letter: string;
  /** Place among the variants of the address; its colour and dash follow from it. */
  readonly at: number;
  readonly job_id: string;
  readonly variant_index: number;
  readonly jobName: string;
  readonly title: string;
  readonly error: Error | null;
  readonly retry: () => void;
  /** Null until it is read, or where it cannot be. */
  readonly found: Found | null;
}

export interface Found {
  readonly report: Report;
  readonly axes: readonly NamedAxis[];
  readonly curve: Curve;
  readonly months: readonly Month[];
  readonly days: ReadonlySet<number>;
  readonly facts: Ground['facts'];
}

/** Reads all variants. What fails of one leaves the others. */
export function useMembers(names: readonly VariantName[]): readonly Member[] {
  const parts = names.map(partsOf);
  // Each job once, though several variants be of it.
  const jobs = [...new Set(parts.map(({ job_id }) => job_id))];
  const reports = useQueries({
    queries: parts.map(({ job_id, variant_index }) => reportOf(job_id, variant_index)),
    combine: settled,
  });
  const requests = useQueries({ queries: jobs.map(requestOf), combine: settled });
  const statuses = useQueries({ queries: jobs.map(statusOf), combine: settled });
  return useMemo(
    () =>
      names.map((name, at): Member => {
        const { job_id, variant_index } = partsOf(name);
        const job = jobs.indexOf(job_id);
        const [report, request] = [reports[at], requests[job]];
        const axes = request?.data && namedAxes(request.data);
        return {
          name,
          letter: LETTERS[at] ?? '',
          at,
          job_id,
          variant_index,
          jobName: statuses[job]?.data?.name ?? 'Job',
          title: axes ? variantText(axes, variant_index) : `variant ${variant_index}`,
          error: report?.error ?? request?.error ?? null,
          retry: () => {
            void report?.refetch();
            void request?.refetch();
          },
          found: report?.data && request?.data && axes ? foundOf(report.data, request.data, axes) : null,
        };
      }),
    [names, reports, requests, statuses], // the jobs follow from the names
  );
}

type Settled<T> = Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;

function settled<T>(results: UseQueryResult<T>[]): Settled<T>[] {
  return results.map(({ data, error, refetch }) => ({ data, error, refetch }));
}

function foundOf(report: Report, request: Request, axes: readonly NamedAxis[]): Found {
  const held = report.out_of_sample;
  return {
    report,
    axes,
    curve: curveOf(report),
    months: joinMonths(report.monthly, held?.monthly ?? []),
    days: daysIn([...report.trades, ...(held?.trades ?? [])] as never),
    facts: factsOf(report, request),
  };
}

interface Template {
  readonly instrument_id: { readonly market_id: number; readonly symbol: string };
  readonly timeframe: string;
}

function factsOf({ payload, ledger, rows, out_of_sample }: Report, { spec }: Request): Ground['facts'] {
  const { instrument_id, timeframe } = spec['template'] as Template;
  const { start, end } = spec['time_range'] as { readonly start: string; readonly end: string };
  const { fill, fee_pct, slippage_pct, init_cash_quote } = payload['execution_params'] as Readonly<
    Record<string, string | number>
  >;
  const digest = ledger['digest'];
  const searchedTo = rows.find(({ metric }) => metric === 'End')?.value ?? '';
  return {
    market: `${instrument_id.symbol} of market ${instrument_id.market_id}`,
    timeframe,
    range: `${date(start)} to ${date(end)}`,
    held: out_of_sample ? `from ${date(searchedTo)}` : 'none',
    candles: typeof digest === 'string' ? digest.slice(0, 8) : 'unknown',
    costs: `fee ${fee_pct}%, slip ${slippage_pct}%`,
    fill: fill === 'next_open' ? 'next open' : 'close',
    sizing: `${payload.sizing_mode.replaceAll('_', ' ')} of ${init_cash_quote}`,
  };
}
