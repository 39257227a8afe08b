// The same grids through the programs of others, on the same candles and in the same run. Their rules of fees and sizing
// differ a little, so returns are compared, not asked to be equal. They are installed from PyPI into a virtual
// environment below the data folder; where that is impossible the lines are skipped and say why.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Prepared } from '@backtest-jobs/engine';
import { COLUMNS, foldScorer, type Task } from '@backtest-jobs/engine/internal';
import { homeOf } from '../../server/src/config/paths.ts';
import { candlesFor } from '../candles.ts';
import { compare } from '../compare.ts';
import { microseconds, type Line, type Skipped } from '../line.ts';
import { spread } from '../reference.ts';
import { allBases, stageBOf } from '../scoring.ts';
import { prepareSpec, readWorkload } from '../workloads.ts';

/** vectorbt 1.1.0 does not start with plotly 7; vectorbt-rust is its faster engine. */
const PACKAGES = ['vectorbt==1.1.0', 'vectorbt-rust==1.1.0', 'backtesting==0.6.6', 'plotly<7'];
const ENGINES = ['numba', 'rust'];
/** Windows of W1 that backtesting.py runs. */
const SAMPLED = 4;

type Name = 'w1' | 'w2' | 'w3';
const NAMES = ['w1', 'w2', 'w3'] as const satisfies readonly Name[];
const TARGETS: Readonly<Record<Name, string>> = { w1: '', w2: '>= 450', w3: '>= 700' };

interface Run {
  readonly seconds: number;
  readonly returns: readonly number[];
}
type Told<N extends Name> = Readonly<Record<N, Run>> & { readonly version: string; readonly peak_rss: number };

/** `measured`: our lines of W1, W2 and W3, of the same run of the bench. */
export function peers(measured: Readonly<Record<Name, Line>>): readonly (Line | Skipped)[] {
  const folder = join(homeOf(), 'bench');
  mkdirSync(folder, { recursive: true });
  const python = environment(join(folder, 'peers'));
  if (typeof python !== 'string') return [{ what: 'vectorbt and backtesting.py', skipped: python.why }];
  const { job, ours, sample } = writeJob(folder);
  const lines = vectorbt(python, job, measured, ours);
  const told = ask(python, 'peer_backtesting.py', [job]) as Told<'w1'>;
  const what = `backtesting.py ${told.version}, W1 (${SAMPLED} windows of it)`;
  const expected = sample.map((at) => ours.w1[at]);
  return [...lines, peerLine({ what, ...told.w1, peakRss: told.peak_rss, target: '' }, measured.w1, expected)];
}

/** The faster of its engines for each workload. */
function vectorbt(
  python: string,
  job: string,
  measured: Readonly<Record<Name, Line>>,
  ours: Readonly<Record<Name, readonly number[]>>,
): Line[] {
  const runs = ENGINES.map((engine) => ({
    engine,
    told: ask(python, 'peer_vectorbt.py', [job, engine]) as Told<Name>,
  }));
  return NAMES.map((name) => {
    const { engine, told } = runs.reduce((a, b) => (b.told[name].seconds < a.told[name].seconds ? b : a));
    const what = `vectorbt ${told.version} (${engine}), ${name.toUpperCase()}`;
    const peer = { what, ...told[name], peakRss: told.peak_rss, target: TARGETS[name] };
    return peerLine(peer, measured[name], ours[name]);
  });
}

interface Peer extends Run {
  readonly what: string;
  readonly peakRss: number;
  readonly target: string;
}

function peerLine({ what, seconds, returns, peakRss, target }: Peer, ours: Line, expected: readonly number[]): Line {
  const comparison = compare(returns, expected);
  const variants = returns.length;
  const value = (seconds * 1e6) / variants / microseconds(ours);
  const result = { value, says: 'x our time a variant', target };
  return { what, variants, bars: ours.bars, cores: 1, seconds, clock: 'cpu', peakRss, check: null, comparison, result };
}

/** What the scripts read, and our own total returns by place in the grid. */
function writeJob(folder: string) {
  const [one, two, three] = NAMES.map((name) => prepareSpec(readWorkload(name)));
  const candles = candlesFor(two.spec);
  const file = join(folder, 'candles.f64');
  writeFileSync(file, Buffer.concat(COLUMNS.map((name) => new Uint8Array(candles[name].buffer))));
  const windows = axisOf(two, 'ma.sma.window');
  const thresholds = axisOf(two, 'momentum.rsi.long_threshold');
  const sample = spread([...windows.keys()], SAMPLED);
  const stageB = stageBOf(three);
  const { execution } = two.spec.template;
  const job = join(folder, 'peers.json');
  const told = {
    candles: file,
    warmup: two.timeline.first,
    cash: execution.init_cash_quote,
    fee: execution.fee_pct / 100,
    windows,
    rsi: axisOf(two, 'momentum.rsi.window')[0],
    thresholds,
    short: axisOf(two, 'momentum.rsi.short_threshold')[0],
    sample: sample.map((at) => windows[at]),
    bases: [...stageB.bases].map((base) => [Math.floor(base / thresholds.length), base % thresholds.length]),
    sl: three.grid.risks.sl,
    tp: three.grid.risks.tp,
  };
  writeFileSync(job, JSON.stringify(told));
  const { riskTotal } = three.grid;
  const variants = [...stageB.bases].flatMap((base) =>
    [...Array(riskTotal).keys()].map((risk) => base * riskTotal + risk),
  );
  const ours = {
    w1: returnsOf(one, allBases(one), [...Array(one.grid.rawTotal).keys()]),
    w2: returnsOf(two, allBases(two), [...Array(two.grid.rawTotal).keys()]),
    w3: returnsOf(three, stageB, variants),
  };
  return { job, ours, sample };
}

function axisOf({ grid }: Prepared, key: string): readonly number[] {
  const axis = grid.axes.find((one) => one.key === key);
  if (axis === undefined) throw new RangeError(`there is no axis ${key}`);
  return axis.values.map(Number);
}

/** A variant that never traded is not ranked; its return is 0. */
function returnsOf(prepared: Prepared, task: Task, indexes: readonly number[]): readonly number[] {
  const { best } = foldScorer(prepared)(task);
  const byIndex = new Map([...best.index].map((index, row) => [index, best.primary[row]]));
  return indexes.map((index) => byIndex.get(index) ?? 0);
}

/** The Python of the virtual environment, made if it is not there or not whole; or why there is none. */
function environment(folder: string): string | { readonly why: string } {
  const python = join(folder, 'bin', 'python');
  const modules = ['-c', 'import vectorbt, vectorbt_rust, backtesting'];
  if (spawnSync(python, modules).status === 0) return python;
  const steps: readonly (readonly [string, ...string[]])[] = [
    ['python3', '-m', 'venv', folder],
    [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES],
    [python, ...modules],
  ];
  for (const [program, ...args] of steps) {
    const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    const why = error?.message ?? (stderr.trim().split('\n').at(-1) || `${program} ended with ${status}`);
    if (error !== undefined || status !== 0) return { why };
  }
  return python;
}

function ask(python: string, script: string, args: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync(python, [join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
