// The child process behind `sync-run.ts`: searches one spec after the other, and dies with its parent. The result and its
// hash are those of a job with the same spec.

import { createHash } from 'node:crypto';
import { setPriority } from 'node:os';
import { ENGINE_VERSION, search, type SearchResult, type VariantRow } from '@backtest-jobs/engine';
import { specError } from '@backtest-jobs/engine/internal';
import { tellChoice } from '../candles/choose-series.ts';
import { wantedOf, type CandleSource } from '../candles/source.ts';
import { openKeptRows, openResultDigest } from '../worker/kept-rows.ts';
import { startThreads } from '../worker/threads.ts';
import { answerQuestions } from './answer-questions.ts';
import type { RunQuestion } from './sync-run.ts';

/** Of a reply: the API holds two of them. */
const MOST_BYTES = 64 * 2 ** 20;

async function resultJson(
  source: CandleSource,
  { spec, threads: count, head }: RunQuestion,
): Promise<Uint8Array<ArrayBuffer>> {
  await using threads = startThreads(spec, count);
  const read = await source.read(spec.template.instrument_id, wantedOf(spec));
  const pool = threads.pool(read.candles, read.baseMs);
  const kept = openKeptRows();
  const texts = openTexts();
  const surface = createHash('sha256');
  let hasSurface = false;
  const take = (row: VariantRow): void => {
    kept.take(row);
    texts.put(row.rank, JSON.stringify(itemOf(row)));
  };
  for await (const { surface_chunk: chunk, result } of search(read.candles, spec, undefined, { ...pool, take })) {
    if (chunk !== null) {
      hasSurface = true;
      surface.update(chunk.scores);
    }
    if (result !== null) {
      const { rows: _, ...found } = tellChoice(result, read);
      const digest = openResultDigest(found);
      for (const _part of kept.portions(digest));
      const result_hash = digest.end(hasSurface ? surface.digest('hex') : null);
      return texts.json({ ...head, engine_version: ENGINE_VERSION, result_hash, ...told(found) });
    }
    await new Promise(setImmediate); // the parent may be gone
  }
  throw new Error('the search has ended without a result');
}

function told({ ledger, counts, verdict, validation }: Omit<SearchResult, 'rows'>): object {
  return { ledger, counts, verdict, validation: validation ?? null };
}

/** A row as a page of the best variants of a job has it. */
function itemOf({
  report_table_md,
  trades,
  trades_total: total = trades?.length,
  monte_carlo,
  out_of_sample,
  trades_hash: _hash,
  ...row
}: VariantRow): object {
  return {
    ...row,
    ...(report_table_md !== null && { report_table_md }),
    ...(out_of_sample && { out_of_sample }),
    ...(monte_carlo && { monte_carlo }),
    ...(trades !== null && { trades, trades_total: total, trades_cut: total !== trades.length }),
  };
}

/** Texts by rank, up to what the API can pass on. */
function openTexts() {
  const items: Buffer[] = [];
  let size = 0;
  const add = (text: string): Buffer => {
    const bytes = Buffer.from(text);
    size += bytes.length + 1;
    if (size <= MOST_BYTES) return bytes;
    const way = 'ask for fewer variants (top_k) or trades (top_trades_n), or submit it as a job';
    throw specError('', 'too_large', `the result is larger than ${MOST_BYTES / 2 ** 20} MiB: ${way}`);
  };
  return {
    put(rank: number, text: string): void {
      items[rank - 1] = add(text);
    },
    /** The members, and behind them the items. */
    json(members: object): Uint8Array<ArrayBuffer> {
      const parts = [add(`${JSON.stringify(members).slice(0, -1)},"items":[`)];
      for (const [at, item] of items.entries()) parts.push(...(at > 0 ? [COMMA] : []), item);
      return new Uint8Array(Buffer.concat([...parts, Buffer.from(']}')]));
    },
  };
}

const COMMA = Buffer.from(',');

setPriority(10);
answerQuestions(async (source, question: RunQuestion) => ({ json: await resultJson(source, question) }));
