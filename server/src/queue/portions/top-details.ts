// top-details: what only the rows of a succeeded job have, and what has no bound for all of them together: reports some
// rows at a time, trades a portion at a time. Texts are JSON as it is stored: nobody looks into them on the way out. A size
// is asked before a value, so that no row, whoever wrote it, is read as a whole where it is a giant.

import type { Db } from '../job.ts';
import { PORTION_TRADES } from './sizes.ts';

export interface Report {
  readonly rank: number;
  /** JSON texts. */
  readonly report_table_md: string | null;
  readonly out_of_sample: string | null;
  readonly monte_carlo: string | null;
  /** Null: the row keeps no trades. */
  readonly trades: StoredTrades | null;
}

interface StoredTrades {
  /** In the row itself; more than a portion only where an earlier version wrote them. */
  readonly inRow: number;
  /** Portions behind it, and the trades in them. */
  readonly parts: number;
  readonly inParts: number;
  readonly total: number;
}

/** A report has 25 lines, and what was held out another one. */
const REPORT_CHARACTERS = 65_536;
/** Text of a portion of trades: ten times what they take. */
const TRADES_BYTES = 8 * 2 ** 20;

export async function topReports(db: Db, job_id: string, ranks: readonly number[]): Promise<Map<number, Report>> {
  const { rows } = await db.query<Row>(REPORTS, [job_id, ranks, REPORT_CHARACTERS]);
  return new Map(
    rows.map(({ in_row, parts, in_parts, total, ...texts }) => {
      const trades = in_row === null ? null : { inRow: in_row, parts, inParts: in_parts, total: total ?? in_row };
      return [texts.rank, { ...texts, trades }];
    }),
  );
}

/** Trades that are sent of a row: JSON texts of one or more trades, without brackets, and how many they are together. */
export interface SentTrades {
  readonly count: number;
  /** Known when all texts were read: a portion that was too large is not among them. */
  readonly missing: () => boolean;
  readonly texts: () => AsyncGenerator<string, void>;
}

/** The trades that a row keeps, in portions; of more than `most`, the first and the last of what stands in the row. */
export function topTrades(db: Db, job_id: string, { rank, trades }: Report, most: number): SentTrades {
  const { inRow, parts, inParts } = trades ?? { inRow: 0, parts: 0, inParts: 0 };
  const cut = inRow > Math.max(most, PORTION_TRADES);
  // A value that holds very many is read whole by PostgreSQL for each slice of it, so its slices are few.
  const head: readonly Slice[] = cut
    ? [
        [0, Math.ceil(most / 2) - 1],
        [inRow - Math.floor(most / 2), inRow - 1],
      ]
    : slicesOf(inRow, PORTION_TRADES);
  let missing = false;
  const known = (text: string | null): Generator<string, void> => {
    missing ||= text === null;
    return some(text);
  };
  return {
    missing: () => missing,
    count: head.reduce((sum, [from, to]) => sum + to - from + 1, inParts),
    async *texts() {
      for (const [from, to] of head) yield* known(await textOf(db, SLICE, [job_id, rank, `$[${from} to ${to}]`]));
      for (let part = 1; part <= parts; part += 1) yield* known(await textOf(db, PART, [job_id, rank, part]));
    },
  };
}

type Slice = readonly [from: number, to: number];

function slicesOf(count: number, size: number): Slice[] {
  const slices: Slice[] = [];
  for (let at = 0; at < count; at += size) slices.push([at, Math.min(count, at + size) - 1]);
  return slices;
}

function* some(text: string | null): Generator<string, void> {
  const bare = text?.slice(1, -1) ?? '';
  if (bare.trim() !== '') yield bare;
}

async function textOf(db: Db, sql: string, values: readonly unknown[]): Promise<string | null> {
  const { rows } = await db.query<{ text: string | null }>(sql, [...values, TRADES_BYTES]);
  return rows[0]?.text ?? null;
}

interface Row {
  readonly rank: number;
  readonly report_table_md: string | null;
  readonly out_of_sample: string | null;
  readonly monte_carlo: string | null;
  readonly in_row: number | null;
  readonly parts: number;
  readonly in_parts: number;
  readonly total: number | null;
}

const REPORTS = `
select rank, to_json(left(report_table_md, $3))::text as report_table_md,
  case when pg_column_size(out_of_sample_json) <= 8192 or octet_length(out_of_sample_json::text) <= $3
    then out_of_sample_json::text end as out_of_sample,
  case when pg_column_size(metrics_json) <= 8192 or octet_length(metrics_json::text) <= $3
    then (metrics_json -> 'monte_carlo')::text end as monte_carlo,
  jsonb_array_length(trades_json) as in_row, trades_total as total,
  parts, in_parts
from backtest_job_top_variants t
cross join lateral (
  select count(*)::int as parts, coalesce(sum(jsonb_array_length(trades_json)), 0)::int as in_parts
  from backtest_job_trades p where p.job_id = t.job_id and p.rank = t.rank
) part
where t. job_id = $1 and rank = any ($2)`;

const SLICE = `
select case when octet_length(text) <= $4 then text end as text
from (
  select jsonb_path_query_array(trades_json, $3::jsonpath)::text as text
  from backtest_job_top_variants where job_id = $1 and rank = $2
  offset 0
) slice`;

const PART = `
select case when octet_length(text) <= $4 then text end as text
from (
  select trades_json::text as text from backtest_job_trades where job_id = $1 and rank = $2 and part_no = $3
  offset 0
) part`;
