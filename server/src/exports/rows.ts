// The rows of an export as they leave the database: JSON lines of best variants and trades, bytes of scores. One page or portion
// is in memory at a time, and no connection waits for a slow client.

import type pg from 'pg';
import { surfaceHeads, surfacePieces } from '../queue/portions/surface-read.ts';
import { topReports, topTrades } from '../queue/portions/top-details.ts';
import { top, type BareRow } from '../queue/top.ts';

interface OfJob {
  readonly job_id: string;
  readonly user_id: string;
  /** Only of this rank; null: all. */
  readonly rank: number | null;
}

const PAGE = 100;

interface RankPage {
  readonly items: readonly BareRow[];
  readonly succeeded: boolean;
}

async function* pages(pool: pg.Pool, { job_id, user_id, rank }: OfJob): AsyncGenerator<RankPage, void> {
  for (let after_rank: number | null = rank === null ? 0 : rank - 1; after_rank !== null;) {
    const found = await top(pool, { job_id, user_id, limit: rank === null ? PAGE : 1, after_rank });
    if (found.outcome !== 'found') return; // deleted meanwhile
    const items = found.items.filter((item) => rank === null || item.rank === rank);
    yield { items, succeeded: found.state === 'succeeded' };
    after_rank = rank === null ? found.next_after_rank : null;
  }
}

export async function* topLines(pool: pg.Pool, job: OfJob): AsyncGenerator<string, void> {
  for await (const { items, succeeded } of pages(pool, job)) {
    const ranks = items.map(({ rank }) => rank);
    const reports = succeeded ? await topReports(pool, job.job_id, ranks) : null;
    for (const { rank, variant_index, variant_key, metrics } of items) {
      const head = JSON.stringify({ rank, variant_index, variant_key, metrics }).slice(0, -1);
      yield `${head},"out_of_sample":${oneLine(reports?.get(rank)?.out_of_sample ?? 'null')}}\n`;
    }
  }
}

/** `most`: trades of a row where more are stored. */
export async function* tradeLines(pool: pg.Pool, job: OfJob, most: number): AsyncGenerator<string, void> {
  for await (const { items, succeeded } of pages(pool, job)) {
    if (!succeeded) return; // reports and trades of an unfinished result do not count
    const reports = await topReports(
      pool,
      job.job_id,
      items.map(({ rank }) => rank),
    );
    for (const { rank, variant_index } of items) {
      const report = reports.get(rank);
      if (!report || report.trades === null) continue;
      for await (const portion of topTrades(pool, job.job_id, report, most).texts()) {
        yield `{"rank":${rank},"variant_index":${variant_index},"trades":[${oneLine(portion)}]}\n`;
      }
    }
  }
}

/** Line breaks between the values of a JSON text; within a string they are escaped. */
function oneLine(json: string): string {
  return json.replaceAll(/[\n\r]/g, ' ');
}

/** Scores in the order of their units, as far as they are stored without a gap. */
export async function* scoreBytes(pool: pg.Pool, job_id: string): AsyncGenerator<Buffer, void> {
  let at = 0;
  for (const head of await surfaceHeads(pool, job_id)) {
    if (head.first !== at) return;
    yield* surfacePieces(pool, job_id, head);
    at += head.bytes / 4;
  }
}
