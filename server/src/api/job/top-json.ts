// The best variants as JSON, written while they are read: a page can hold hundreds of reports and millions of trades, of
// which one portion at a time is in memory. The event loop gets a turn with every portion, and a client that reads slowly
// keeps no connection to the database waiting.

import type pg from 'pg';
import { topReports, topTrades, type Report } from '../../queue/portions/top-details.ts';
import type { Top, BareRow } from '../../queue/top.ts';
import { contextOf } from './top-variants.ts';

/** Rows whose reports are read at once. */
const ROWS = 25;

type Found = Extract<Top, { outcome: 'found' }>;

/** `most`: trades that are sent of a row where more are stored. */
export async function* topJson(pool: pg.Pool, found: Found, most: number): AsyncGenerator<string, void> {
  const { job_id, state, request, items, next_after_rank } = found;
  const head = JSON.stringify({ job_id, state, next_after_rank, report_context: contextOf(request) });
  yield `${head.slice(0, -1)},"items":[`;
  for (let at = 0; at < items.length; at += ROWS) {
    const some = items.slice(at, at + ROWS);
    // Reports are asked for by state: those of a result that is not finished do not count.
    const ranks = some.map(({ rank }) => rank);
    const reports = state === 'succeeded' ? await topReports(pool, job_id, ranks) : new Map<number, Report>();
    for (const [place, item] of some.entries()) {
      if (at + place > 0) yield ',';
      yield* itemJson({ pool, job_id, most }, item, reports.get(item.rank));
    }
  }
  yield ']}';
}

interface Reading {
  readonly pool: pg.Pool;
  readonly job_id: string;
  readonly most: number;
}

/** Reports and trades are there or not there, never null. */
async function* itemJson(
  { pool, job_id, most }: Reading,
  item: BareRow,
  report: Report | undefined,
): AsyncGenerator<string, void> {
  let text = JSON.stringify(item).slice(0, -1);
  if (report && report.report_table_md !== null) text += `,"report_table_md":${report.report_table_md}`;
  if (report && report.out_of_sample !== null) text += `,"out_of_sample":${report.out_of_sample}`;
  if (report && report.monte_carlo !== null) text += `,"monte_carlo":${report.monte_carlo}`;
  if (!report || report.trades === null) {
    yield `${text}}`;
    return;
  }
  yield `${text},"trades":[`;
  const trades = topTrades(pool, job_id, report, most);
  let sent = 0;
  for await (const portion of trades.texts()) {
    yield sent === 0 ? portion : `,${portion}`;
    sent += 1;
  }
  const { total } = report.trades;
  yield `],"trades_total":${total},"trades_cut":${total > trades.count || trades.missing()}}`;
}
