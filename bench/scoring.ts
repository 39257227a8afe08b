// The lines that time a scorer on one thread: opened anew in every round, so that each pays for its indicators and
// conditions as well, unless the line is about the innermost loop.

import type { Prepared } from '@backtest-jobs/engine';
import { foldScorer, type Scores, type Task } from '@backtest-jobs/engine/internal';
import { peakRss, type Line } from './line.ts';
import { check, openReference, spread } from './reference.ts';
import { cpu, median, medianRatio, rounds } from './timing.ts';
import { onMinutes, prepareSpec, rankedBy, readWorkload } from './workloads.ts';

/** Something to score, and the scores of the last pass over it. */
interface Pass {
  readonly prepared: Prepared;
  readonly task: Task;
  readonly once: () => number;
  readonly scores: () => Scores;
}

export function passOver(prepared: Prepared, task: Task = allBases(prepared)): Pass {
  let scores: Scores | null = null;
  return {
    prepared,
    task,
    once: () =>
      cpu(() => {
        scores = foldScorer(prepared)(task);
      }),
    scores() {
      if (scores === null) throw new Error('nothing was scored yet');
      return scores;
    },
  };
}

export async function w1(): Promise<Line> {
  const pass = passOver(prepareSpec(readWorkload('w1')));
  const [seconds] = await rounds(pass.once);
  return perVariant(pass, seconds, 'W1: 196 SMA windows, long-only', 4);
}

/** Against `simulate` with the signals ready: the reference engine has to make them, too, and is slower than that. */
export async function w2(): Promise<readonly Line[]> {
  const pass = passOver(prepareSpec(readWorkload('w2')));
  const { signal, run } = openReference(pass.prepared);
  const sample = spread([...Array(pass.task.to).keys()], 100).map(signal);
  let buffers = run(sample[0], null);
  const simulateSample = (): number =>
    cpu(() => {
      for (const signals of sample) buffers = run(signals, null, buffers);
    });
  const [ours, reference] = await rounds(pass.once, simulateSample);
  const line = perVariant(pass, ours, 'W2: SMA window x RSI threshold, long-short', 2);
  const value = (medianRatio(reference, ours) * line.variants) / sample.length;
  const result = { value, says: 'x as fast as simulate.ts', target: '>= 25' };
  return [line, { ...line, what: 'W2 against the reference simulator', result }];
}

export async function w3(): Promise<Line> {
  const prepared = prepareSpec(readWorkload('w3'));
  const pass = passOver(prepared, stageBOf(prepared));
  const [seconds] = await rounds(pass.once);
  return perVariant(pass, seconds, 'W3: 50 best of W2 x 10 SL x 10 TP', 1.5);
}

export async function long(): Promise<Line> {
  const short = passOver(prepareSpec(readWorkload('w2')));
  const year = passOver(prepareSpec(onMinutes(readWorkload('w2'))));
  const [ofShort, ofYear] = await rounds(short.once, year.once);
  const value = (medianRatio(ofYear, ofShort) * barsOf(short.prepared)) / barsOf(year.prepared);
  return lineOf(year, ofYear, 'W2 on a year of minutes', {
    value,
    says: 'x linear from 26,280 bars',
    target: '<= 1.5',
  });
}

export async function paths(): Promise<readonly Line[]> {
  const spec = readWorkload('w2');
  const metrics = ['total_return_pct', 'sharpe', 'max_drawdown_pct'] as const;
  const passes = metrics.map((metric) => passOver(prepareSpec(rankedBy(spec, metric))));
  const [ofReturn, ...others] = await rounds(...passes.map(({ once }) => once));
  return others.map((seconds, at) =>
    lineOf(passes[at + 1], seconds, `W2 ranked by ${metrics[at + 1]}`, {
      value: medianRatio(seconds, ofReturn),
      says: 'x the cost of total_return_pct',
      target: '<= 10',
    }),
  );
}

export function lineOf(
  { prepared, task, scores }: Pass,
  seconds: readonly number[],
  what: string,
  result: Line['result'],
): Line {
  const rss = peakRss(); // before the check, which needs memory of its own
  const { best, counts } = scores();
  if (counts.scored !== task.to - task.from)
    throw new Error(`${what}: ${counts.scored} scored of ${task.to - task.from}`);
  return {
    what,
    variants: counts.scored,
    bars: barsOf(prepared),
    cores: 1,
    seconds: median(seconds),
    clock: 'cpu',
    peakRss: rss,
    check: check(prepared, task.stage, { best, counts }),
    result,
  };
}

export function allBases({ grid }: Prepared): Task {
  return { stage: 'stage_a', from: 0, to: grid.rawTotal, bases: null };
}

/** The shortlist under every risk setting. */
export function stageBOf(prepared: Prepared): Task & { readonly stage: 'stage_b' } {
  const { best } = foldScorer(prepared)(allBases(prepared));
  const bases = Float64Array.from(best.index).sort();
  return { stage: 'stage_b', from: 0, to: bases.length * prepared.grid.riskTotal, bases };
}

export function barsOf({ timeline: { first, end } }: Prepared): number {
  return end - first;
}

function perVariant(pass: Pass, seconds: readonly number[], what: string, most: number): Line {
  const value = (median(seconds) * 1e6) / (pass.task.to - pass.task.from);
  return lineOf(pass, seconds, what, { value, says: 'us a variant a core', target: `<= ${most}` });
}
