// backtest top JOB: the best variants of a job, and on request the report of one of them.

import type { MonteCarlo } from '@backtest-jobs/engine/internal';
import { API_OPTIONS, openClient, type Client, type JobView } from './client.ts';
import { command, INVOCATION, UsageError, wholeNumber } from './command.ts';
import { printParts } from './show/json.ts';
import { monteCarloLines } from './show/monte-carlo.ts';
import { count, print } from './show/table.ts';
import { validationLines } from './show/validation.ts';
import { printVariants, reportLines, type VariantLine } from './show/variants.ts';
import { verdictLines } from './show/verdict.ts';

export interface TopLine extends VariantLine {
  readonly variant_key: string;
  readonly variant_index: number;
  /** Of succeeded jobs only. */
  readonly report_table_md?: string | null;
  readonly monte_carlo?: MonteCarlo | null;
  readonly trades?: readonly TradeLine[] | null;
  /** With trades: how many there are altogether, and whether those between the first and the last are left out. */
  readonly trades_total?: number;
  readonly trades_cut?: boolean;
}

export interface TradeLine {
  readonly direction: string;
  readonly entry_time: string;
  readonly exit_time: string;
  readonly return_pct: number;
  readonly exit_reason: string;
}

export interface TopPage {
  readonly job_id: string;
  readonly state: string;
  readonly items: readonly TopLine[];
  /** Null: that was all. */
  readonly next_after_rank: number | null;
}

export const top = command({
  name: 'top',
  about: 'Prints the best variants of a job; while it runs, the best so far.',
  takes: ['JOB'],
  options: {
    ...API_OPTIONS,
    limit: { value: 'N', about: 'how many variants (10)' },
    after: { value: 'RANK', about: 'begin after this rank: the next page of many variants' },
    report: { value: 'RANK', about: 'print the report of the variant on this rank as well' },
    json: { about: 'print what the API answers' },
  },
  examples: [
    'top 01890a5d-ac96-774b-bcce-b302099a8057',
    'top 01890a5d-ac96-774b-bcce-b302099a8057 --limit 50 --report 1',
  ],
  run: async (values, [jobId]) => {
    const rank = wholeNumber('--report', values.report, 1);
    const limit = wholeNumber('--limit', values.limit, 1) ?? 10;
    const client = openClient(values.api);
    const path = `/backtests/jobs/${encodeURIComponent(jobId)}`;
    const after = wholeNumber('--after', values.after, 0) ?? 0;
    if (values.json) {
      await printParts(await client.download(`${path}/top?limit=${limit}&after_rank=${after}`));
      return 0;
    }
    const page = await pageOf(client, path, { after, limit });
    if (page.items.length === 0) print(nothingText(page.state));
    else printVariants(page.items);
    if (page.state === 'succeeded') {
      const { verdict, validation } = await client.get<JobView>(path);
      if (validation) for (const line of ['', ...validationLines(validation)]) print(line);
      if (verdict) for (const line of ['', 'how far to believe the best', ...verdictLines(verdict)]) print(line);
    }
    if (rank !== undefined) printRank(await client.get<TopPage>(`${path}/top?limit=1&after_rank=${rank - 1}`), rank);
    else if (page.state === 'succeeded' && page.items.length > 0) {
      print(`\nthe report of the best: ${INVOCATION} top ${jobId} --report 1`);
    }
    return 0;
  },
});

/** Variants that are asked for at once: each may bring thousands of trades. */
const ASKED = 25;

/** Reads so many variants, a few at a time, and keeps none of their trades. */
async function pageOf(
  client: Client,
  path: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<TopPage> {
  const items: TopLine[] = [];
  for (let from: number | null = after; ;) {
    const most = Math.min(ASKED, limit - items.length);
    const page: TopPage = await client.get<TopPage>(`${path}/top?limit=${most}&after_rank=${from}`);
    for (const { trades: _, ...item } of page.items) items.push(item);
    from = page.next_after_rank;
    if (from === null || items.length >= limit) return { ...page, items };
  }
}

/** Why there is not one variant, and whether there may be some later. */
export function nothingText(state: string): string {
  if (state === 'succeeded') return 'no variant made it into the ranking';
  if (state === 'queued' || state === 'running') return `the job is ${state} and has no variants yet`;
  return `the job ended ${state} before its first snapshot: it has no variants`;
}

/** Says how many trades there are where not all are stored, and what has them all. */
export function tradesLines({ trades, trades_total, trades_cut, variant_index }: TopLine): string[] {
  if (!trades || trades_total === undefined || !trades_cut) return [];
  const stored = `${count(trades.length)} of ${count(trades_total)} trades are stored, the first and the last`;
  return [`trades     ${stored}; ${INVOCATION} run SPEC --variant ${variant_index} reports all`];
}

function printRank(page: TopPage, rank: number): void {
  const item = page.items.find((one) => one.rank === rank);
  if (item === undefined) throw new UsageError(`there is no rank ${rank}: the job has fewer ranked variants`);
  if (typeof item.report_table_md !== 'string')
    throw new Error(`the job is ${page.state}; only succeeded jobs have reports`);
  print(`\nreport of rank ${rank}`);
  for (const line of reportLines(item.report_table_md, item.metrics, item.out_of_sample)) print(line);
  for (const line of monteCarloLines(item.monte_carlo)) print(line);
  for (const line of tradesLines(item)) print(line);
}
