// backtest run SPEC: the engine alone, in this process. No database, no API, nothing stored.

import {
  parseSpec,
  search,
  variantReport,
  type Ledger,
  type SearchResult,
  type SearchStep,
  type Spec,
  type VariantReport,
  type VariantRow,
  type Verdict,
  type Which,
} from '@backtest-jobs/engine';
import { specWarnings, type Stage } from '@backtest-jobs/engine/internal';
import { tellChoice } from '../candles/choose-series.ts';
import { readCandleFile } from '../candles/files/candle-file.ts';
import { memorySource } from '../candles/memory.ts';
import { openSource } from '../candles/open.ts';
import { wantedOf, type CandleRead } from '../candles/source.ts';
import { defaultsOf, threadsOf } from '../config/config.ts';
import { fromCaller } from '../config/paths.ts';
import type { SourceSettings } from '../config/settings.ts';
import { variantJson } from '../reports/variant-json.ts';
import { INTERRUPTED, listenForStop, untilAborted } from '../stop.ts';
import { startThreads, type Threads } from '../worker/threads.ts';
import { command, UsageError, wholeNumber } from './command.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { choiceText, rowsText } from './show/candle-rows.ts';
import { printJson } from './show/json.ts';
import { ledgerText } from './show/ledger.ts';
import { monteCarloLines } from './show/monte-carlo.ts';
import { openProgress } from './show/progress.ts';
import { writeSearchPage, writeVariantPage } from './show/run-page.ts';
import { count, harmless, print, seconds } from './show/table.ts';
import { validationLines } from './show/validation.ts';
import { printVariant, readWhich } from './show/variant.ts';
import { printVariants, reportLines, reportRows } from './show/variants.ts';
import { verdictLines } from './show/verdict.ts';
import { showWarnings } from './show/warnings.ts';
import { readSpecFile } from './specfile.ts';

export const run = command({
  name: 'run',
  about: 'Searches a spec (JSON or YAML, - for stdin) in this process and prints the best variants. Nothing is stored.',
  takes: ['SPEC'],
  options: {
    candles: {
      value: 'FILE',
      about: 'candles from this CSV (plain or gzip) or Parquet file (else from what candles import has stored)',
    },
    interval: {
      value: 'I',
      about: 'interval of the candles in the file, like 1m, 1h, 1d (else deduced from their times)',
    },
    top: {
      value: 'N',
      about: 'how many variants to print (10; with --json all that were kept); of one variant, trades',
    },
    variant: { value: 'INDEX', about: 'instead of a search, the report and trades of this variant of the grid' },
    payload: { value: 'FILE', about: 'the same of the variant whose payload (or row with one) this JSON file holds' },
    out: { value: 'FILE', about: 'write a report page as well: one HTML file that needs nothing else' },
    threads: { value: 'N', about: 'threads that score (else as configured: one per core)' },
    ...CONFIG_OPTION,
    json: {
      about: 'print {variants, ledger, verdict, reports}, or the report of the one variant, as JSON alone',
    },
  },
  notes: [
    'Ctrl-C ends a search with the best so far (exit code 130; with --json a member `stopped` says how far it got).',
    'The CSV needs a header: time (or ts, ts_open, timestamp, date; epoch or ISO), open, high, low, close, volume.',
    'luck: 0 in the spec leaves the search on permuted markets out.',
  ],
  examples: [
    'run spec.yaml --candles btc-1h.csv.gz',
    'run spec.yaml --json > result.json',
    'run spec.yaml --out report.html',
    'run - --candles btc.csv --top 25 < spec.json',
    'run spec.yaml --candles btc-1h.csv.gz --variant 1234',
  ],
  run: async (values, [path]) => {
    const top = wholeNumber('--top', values.top, 1);
    if (values.candles === undefined && values.interval !== undefined) {
      throw new UsageError('--interval says what the candles of --candles FILE are, and there is no --candles');
    }
    const which = await readWhich(values);
    const { settings, config } = await readConfiguration('local', values.config);
    const threads = wholeNumber('--threads', values.threads, 1, 256) ?? threadsOf(config);
    const file = await readSpecFile(path);
    const defaults = defaultsOf(config);
    const spec = await file.check(() => parseSpec(file.input, defaults));
    showWarnings(specWarnings(spec, defaults.markets));
    const startedAt = performance.now();
    const read = (): Promise<Read> =>
      values.candles === undefined
        ? fromStore(spec, settings.candles)
        : fromFile(spec, values.candles, values.interval);
    if (which !== null) {
      const report = await file.check(async () => reportOf(await read(), spec, which));
      if (values.out !== undefined) await writeVariantPage(fromCaller(values.out), spec, report);
      if (values.json) await printJson(variantJson(report));
      else printVariant(report, spec, top);
      return 0;
    }
    await using started = startThreads(spec, threads);
    const shown = top ?? (values.json ? Infinity : 10);
    const end = await file.check(async () => {
      const candles = await read();
      const ended = withReading(await searchAll(candles, spec, { threads: started, shown }), candles);
      if (values.out !== undefined) {
        const took = (performance.now() - startedAt) / 1000;
        await writeSearchPage(fromCaller(values.out), { spec, end: { verdict: null, ...ended }, read: candles, took });
      }
      return ended;
    });
    const rows = end.rows.slice(0, shown);
    if ('stopped' in end) {
      if (values.json) await printJson({ ...jsonOf(rows, { ...end, verdict: null }), stopped: end.stopped });
      else printStopped(rows, end);
      return INTERRUPTED;
    }
    if (values.json) await printJson(jsonOf(rows, end));
    else printResult(rows, end, (performance.now() - startedAt) / 1000);
    return 0;
  },
});

interface Read extends CandleRead {
  /** Rows that the reading dropped because a later one has the same time. */
  readonly duplicates: number;
}

/** The file's candles count as those of the spec's instrument, whatever it is called. */
async function fromFile(spec: Spec, path: string, interval: string | undefined): Promise<Read> {
  const file = await readCandleFile(fromCaller(path), { interval });
  for (const line of rowsText(file)) process.stderr.write(`${harmless(line.trim())}\n`);
  await using source = memorySource([
    { ...spec.template.instrument_id, interval: file.interval, candles: file.candles },
  ]);
  return { ...(await source.read(spec.template.instrument_id, wantedOf(spec))), duplicates: file.duplicates };
}

async function fromStore(spec: Spec, store: SourceSettings): Promise<Read> {
  await using source = await openSource(store);
  const read = await source.read(spec.template.instrument_id, wantedOf(spec));
  const choice = choiceText(read);
  if (choice !== null) process.stderr.write(`${choice}\n`);
  return { ...read, duplicates: 0 };
}

function reportOf(read: Read, spec: Spec, which: Which): VariantReport {
  return withReading(variantReport(read.candles, spec, which, { baseMs: read.baseMs }), read);
}

/** The engine sees a file without its duplicates, and not which series were there; the ledger has both. */
function withReading<T extends { readonly ledger: Ledger }>(result: T, read: Read): T {
  const duplicates = result.ledger.duplicates + read.duplicates;
  return tellChoice({ ...result, ledger: { ...result.ledger, duplicates } }, read);
}

/** A search that the user has stopped by Ctrl-C: the best until then, without reports. */
interface Stopped {
  readonly rows: readonly VariantRow[];
  readonly ledger: Ledger;
  readonly stopped: { readonly stage: Stage; readonly processed_units: number; readonly total_units: number };
}

interface Searching {
  readonly threads: Threads;
  /** The most variants that are shown of a stopped search. */
  readonly shown: number;
}

async function searchAll(
  { candles, baseMs }: CandleRead,
  spec: Spec,
  { threads, shown }: Searching,
): Promise<SearchResult | Stopped> {
  const pool = threads.pool(candles, baseMs);
  using stop = listenForStop();
  using line = openProgress();
  const { signal } = stop;
  signal.addEventListener('abort', () => void threads.end(signal.reason));
  const steps = search(candles, spec, undefined, pool);
  const startedAt = performance.now();
  let last: SearchStep | null = null;
  for await (const step of untilAborted(steps, signal)) {
    last = step;
    if (signal.aborted) break;
    const { stage, processed, total, result } = step;
    const perSecond = processed / Math.max(1e-3, (performance.now() - startedAt) / 1000);
    line.update({
      stage,
      processed,
      total,
      perSecond,
      etaSeconds: perSecond > 0 ? (total - processed) / perSecond : null,
    });
    if (result !== null) return result;
    await new Promise(setImmediate); // with one thread the search never waits, and Ctrl-C would not be heard
  }
  line.say('stopped; Ctrl-C again ends at once');
  const most = Math.min(shown, spec.top_k);
  const { stage = 'stage_a', processed = 0, total = 0 } = last ?? {};
  const stopped = { stage, processed_units: processed, total_units: total } as const;
  return { rows: last === null ? [] : await bestOf(last, most), ledger: pool.prepared.timeline.ledger, stopped };
}

/** Runs the best so far again, one at a time, so that a second Ctrl-C is heard. */
async function bestOf(step: SearchStep, most: number): Promise<readonly VariantRow[]> {
  const rows: VariantRow[] = [];
  for (const row of step.rows(most)) {
    rows.push(row);
    await new Promise(setImmediate);
  }
  return rows;
}

type Shown = Pick<SearchResult, 'ledger' | 'validation'> & { readonly verdict: Verdict | null };

function jsonOf(rows: readonly VariantRow[], { ledger, verdict, validation }: Shown): object {
  return {
    variants: rows.map(({ rank, variant_key, variant_index, payload, metrics, out_of_sample: held }) => ({
      rank,
      variant_key,
      variant_index,
      payload,
      metrics,
      ...(held && { out_of_sample: held.metrics }),
    })),
    ledger,
    verdict,
    reports: rows.map(
      ({ rank, variant_key, report_table_md, trades, trades_total, monte_carlo, out_of_sample: held }) => ({
        rank,
        variant_key,
        ...reportOfTable(report_table_md),
        ...(monte_carlo !== undefined && { monte_carlo }), // of the ten best
        trades,
        ...(trades_total !== undefined && { trades_total }), // of more trades than are kept
        ...(held && { out_of_sample: reportOfTable(held.report_table_md) }),
      }),
    ),
    ...(validation && { validation }),
  };
}

function reportOfTable(table_md: string | null): object {
  return { rows: table_md === null ? null : reportRows(table_md), table_md };
}

function printStopped(rows: readonly VariantRow[], { ledger, stopped }: Stopped): void {
  const { stage, processed_units: done, total_units: total } = stopped;
  if (rows.length === 0) print('No variant was ranked yet.');
  else printVariants(rows);
  print(
    `\nStopped in ${stage}, ${count(done)} of ${count(total)} units done: the best so far, without reports and verdict.`,
  );
  if (stage === 'stage_a') print('No stops were tried yet, and not every combination.');
  print();
  print(ledgerText(ledger));
}

function printResult(rows: readonly VariantRow[], result: SearchResult, took: number): void {
  const { ledger, counts, verdict, validation } = result;
  const ofFold = validation?.mode === 'walk_forward' ? ' of the last fold' : '';
  const [best] = rows;
  if (best === undefined) print('No variant made it into the ranking.');
  else printVariants(rows);
  if (typeof best?.report_table_md === 'string') {
    print(`\nReport of the best${ofFold}`);
    for (const line of reportLines(best.report_table_md, best.metrics, best.out_of_sample)) print(line);
    for (const line of monteCarloLines(best.monte_carlo)) print(line);
  }
  if (validation) for (const line of ['', ...validationLines(validation)]) print(line);
  print('\nHow far to believe it');
  for (const line of verdictLines(verdict)) print(line);
  print();
  print(ledgerText(ledger));
  for (const [stage, { scored, short_history, zero_trades, min_trades, max_drawdown }] of Object.entries(counts)) {
    const short = short_history > 0 ? `, ${count(short_history)} with too short a history` : '';
    print(
      `${stage}${ofFold}: ${count(scored)} scored, ${count(zero_trades)} without trades, ${count(min_trades + max_drawdown)} filtered out${short}`,
    );
  }
  print(`took ${seconds(took)}`);
}
