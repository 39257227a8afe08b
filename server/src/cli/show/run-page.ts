// The report page of a search that ran in this process, or of one variant.

import {
  ENGINE_VERSION,
  variantReport,
  type Ledger,
  type SearchResult,
  type Spec,
  type VariantReport,
  type VariantRow,
  type Verdict,
} from '@backtest-jobs/engine';
import type { CandleRead } from '../../candles/source.ts';
import { reportPage } from '../../pages/report-page.ts';
import { countText, span } from '../../pages/words.ts';
import { PAGE_POINTS, PAGE_ROWS, pageData, type FoundSearch } from '../../reports/page-data.ts';
import { writeWhole } from './file.ts';

interface Ended extends Partial<Pick<SearchResult, 'counts' | 'validation'>> {
  readonly rows: readonly VariantRow[];
  readonly ledger: Ledger;
  /** Null: the search was stopped. */
  readonly verdict: Verdict | null;
}

export interface Searched {
  readonly spec: Spec;
  readonly end: Ended;
  readonly read: CandleRead;
  /** Seconds. */
  readonly took: number;
}

/** Runs the best again and writes the page of the search. */
export async function writeSearchPage(file: string, { spec, end, read, took }: Searched): Promise<void> {
  const { rows, ledger, verdict, validation = null, counts } = end;
  const [best] = rows;
  const { candles, baseMs } = read;
  const which = best && { variant_index: best.variant_index };
  const report = which ? variantReport(candles, spec, which, { baseMs, points: PAGE_POINTS }) : null;
  const stages = Object.entries(counts ?? {}).map(
    ([stage, { scored, zero_trades }]) =>
      [STAGES[stage] ?? stage, `${countText(scored)} scored, ${countText(zero_trades)} without trades`] as const,
  );
  const found: FoundSearch = {
    ...NO_JOB,
    about: 'search',
    unfinished: verdict === null ? 'stopped' : null,
    verdict,
    validation,
    ledger,
    rows: rows.slice(0, PAGE_ROWS).map(({ rank, variant_index, metrics, equity_line, out_of_sample }) => {
      return { rank, variant_index, metrics, equity_line, unseen: out_of_sample?.metrics ?? null };
    }),
    kept: rows.length,
    ran: [...stages, ['Took', span(took)], ['Engine', ENGINE_VERSION]],
  };
  await writePage(file, found, spec, report);
}

/** Writes the page of one variant. */
export async function writeVariantPage(file: string, spec: Spec, report: VariantReport): Promise<void> {
  const found: FoundSearch = {
    ...NO_JOB,
    about: 'variant',
    unfinished: null,
    verdict: null,
    validation: null,
    ledger: null,
    rows: [],
    kept: 0,
    ran: [
      ['Variant', report.variant_key],
      ['Engine', ENGINE_VERSION],
    ],
  };
  await writePage(file, found, spec, report);
}

const STAGES: Readonly<Record<string, string>> = { stage_a: 'Without stops', stage_b: 'With stops' };
const NO_JOB = { job_id: null, data_digest: null, same_engine: null } as const;

async function writePage(file: string, found: FoundSearch, spec: Spec, report: VariantReport | null): Promise<void> {
  await writeWhole([reportPage(pageData(found, spec, report))], file);
}
