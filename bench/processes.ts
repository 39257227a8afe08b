// The lines about whole processes and threads: wall clock and peak memory of a search from start to exit, two threads
// against one, and what ten times the variants need.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { search, type SearchStep } from '@backtest-jobs/engine';
import { startThreads, type ReadyPool } from '../server/src/worker/threads.ts';
import { candlesFor } from './candles.ts';
import { peakRss, type Line } from './line.ts';
import { check, checkPairs, openReference, spread, type Check } from './reference.ts';
import { barsOf } from './scoring.ts';
import { median, medianRatio, rounds, wall } from './timing.ts';
import type { WholeSearch } from './whole-search.ts';
import { prepareSpec, readWorkload, withFirstWindows } from './workloads.ts';

const CORES = 2;
const ALL_WINDOWS = 196;
/** Of them make 102,500 variants of W4. */
const FEW_WINDOWS = 20;
/** Where the command line keeps what Node made of the sources (server/backtest.mjs). */
const COMPILED = join(import.meta.dirname, '..', 'node_modules', '.cache', 'backtest-jobs');
const SURFACE_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** W4, and its memory against a tenth of its variants. */
export async function w4(): Promise<readonly Line[]> {
  let whole: WholeSearch | null = null;
  const run = (): Promise<number> =>
    wall(async () => {
      whole = await runProcess<WholeSearch>('whole-search.ts', ['--threads', String(CORES)]);
    });
  const first = await run();
  // The process is new each time, so nothing has to be warmed; but a search of minutes is not run three times.
  const seconds = first > 20 ? [first] : [first, await run(), await run()];
  if (whole === null) throw new Error('W4 was not run');
  const few = await runProcess<WholeSearch>('whole-search.ts', ['--threads', '2', '--windows', String(FEW_WINDOWS)]);
  const line = wholeLine(whole, median(seconds));
  return [line, memoryLine(line, whole, few)];
}

function wholeLine(whole: WholeSearch, seconds: number): Line {
  return {
    what: 'W4: a million variants, process start to exit',
    variants: whole.variants,
    bars: whole.bars,
    cores: CORES,
    seconds,
    clock: 'wall',
    peakRss: whole.peakRss,
    check: checkWhole(whole, ALL_WINDOWS),
    result: { value: seconds, says: 's on 2 cores', target: '<= 3, and <= 500 MB' },
  };
}

function memoryLine(line: Line, whole: WholeSearch, few: WholeSearch): Line {
  checkWhole(few, FEW_WINDOWS);
  const more = whole.variants - few.variants;
  const value = (whole.peakRss - few.peakRss - more * SURFACE_BYTES) / 2 ** 20;
  const says = `MB more than ${few.variants} variants need, but for the scores`;
  return { ...line, what: 'memory of a million variants', result: { value, says, target: 'about 0' } };
}

/** The kept variants to the last bit; those that were not kept by their place in the surface, as 32-bit numbers. */
function checkWhole({ rows, surface }: WholeSearch, windows: number): Check {
  const prepared = prepareSpec(withFirstWindows(readWorkload('w4'), windows));
  const reference = openReference(prepared);
  const score = (index: number): number => reference.score('stage_a', index);
  const kept = spread(rows, 40).map((row) => ({ index: row.index, got: row.score, expected: score(row.index) }));
  const rest = surface.map(({ index, score: got }) => {
    const { trades } = reference.run(reference.signal(index), null);
    return { index, got: got ?? Number.NaN, expected: trades.count === 0 ? Number.NaN : Math.fround(score(index)) };
  });
  return checkPairs([...kept, ...rest]);
}

export async function threads(): Promise<Line> {
  const spec = withFirstWindows(readWorkload('w4'), FEW_WINDOWS);
  const candles = candlesFor(spec);
  await using oneThread = startThreads(spec, 1);
  await using twoThreads = startThreads(spec, CORES);
  const one = oneThread.pool(candles);
  const two = twoThreads.pool(candles);
  let last: SearchStep | null = null;
  const stageA = (pool: ReadyPool) => (): Promise<number> =>
    wall(async () => {
      for await (const step of search(candles, spec, undefined, pool)) {
        last = step;
        if (step.next >= pool.prepared.grid.rawTotal) return;
      }
    });
  const [alone, together] = await rounds(stageA(one), stageA(two));
  const rss = peakRss();
  const step = last as SearchStep | null;
  if (step === null) throw new Error('nothing was scored');
  return {
    what: 'stage_a on 2 threads',
    variants: step.counts.stage_a.scored,
    bars: barsOf(two.prepared),
    cores: CORES,
    seconds: median(together),
    clock: 'wall',
    peakRss: rss,
    check: check(two.prepared, 'stage_a', { best: step.best, counts: step.counts.stage_a }),
    result: { value: medianRatio(alone, together), says: 'x as fast as 1 thread', target: '>= 1.8' },
  };
}

/** Runs a file of this folder in a Node of its own and answers the JSON it prints. */
export async function runProcess<T>(file: string, args: readonly string[]): Promise<T> {
  return JSON.parse(await processOutput(file, args)) as T;
}

/** What a file of this folder prints, run in a Node of its own. Its stderr is shown if it fails. */
export async function processOutput(file: string, args: readonly string[]): Promise<string> {
  const path = join(import.meta.dirname, file);
  const env = { NODE_COMPILE_CACHE: COMPILED, ...process.env };
  const child = spawn(process.execPath, [path, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const [said, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = (await exited) as [number | null, string | null];
  if (code !== 0) {
    process.stderr.write(complaints);
    throw new Error(`${file} ${args.join(' ')} ended with ${signal ?? `code ${code}`}`);
  }
  return said;
}
