// A search from the start of its process to the end, as its parent measures it: candles, threads, all three stages, the
// reports of the kept variants. Says on stdout what the parent checks, and the most memory the process had.

import { parseArgs } from 'node:util';
import { search, type SearchResult } from '@backtest-jobs/engine';
import { startThreads } from '../server/src/worker/threads.ts';
import { candlesFor } from './candles.ts';
import { peakRss } from './line.ts';
import { readWorkload, withFirstWindows } from './workloads.ts';

export interface WholeSearch {
  readonly variants: number;
  readonly bars: number;
  readonly peakRss: number;
  readonly rows: readonly { readonly index: number; readonly score: number }[];
  /** Every so many base variants one score of the surface, which is rounded to 32 bits. */
  readonly surface: readonly { readonly index: number; readonly score: number | null }[];
}

const SURFACE_SAMPLE = 40;

if (import.meta.main) {
  const { values } = parseArgs({ options: { threads: { type: 'string' }, windows: { type: 'string' } } });
  const spec = withFirstWindows(readWorkload('w4'), Number(values.windows ?? 196));
  await using threads = startThreads(spec, Number(values.threads ?? 2));
  const pool = threads.pool(candlesFor(spec));
  const { grid, timeline } = pool.prepared;
  const surface = new Float32Array(grid.rawTotal).fill(Number.NaN); // a job writes it to the database in parts
  let result: SearchResult | null = null;
  for await (const step of search(timeline.candles, spec, undefined, pool)) {
    if (step.surface_chunk !== null) surface.set(step.surface_chunk.scores, step.surface_chunk.first_index);
    result = step.result;
  }
  if (result === null) throw new Error('the search ended without a result');
  const every = Math.max(1, Math.floor(grid.rawTotal / SURFACE_SAMPLE));
  const indexes = Array.from({ length: Math.ceil(grid.rawTotal / every) }, (_, at) => at * every);
  const told: WholeSearch = {
    variants: result.counts.stage_a.scored,
    bars: timeline.end - timeline.first,
    peakRss: peakRss(),
    rows: result.rows.map((row) => ({ index: row.variant_index, score: row.total_return_pct })),
    surface: indexes.map((index) => ({ index, score: Number.isNaN(surface[index]) ? null : surface[index] })),
  };
  process.stdout.write(JSON.stringify(told));
}
