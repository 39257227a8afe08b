// The innermost loop against the same algorithm in C, on one core. C gets its conditions ready; ours are what the scorer
// makes on its way through the grid, once a window, so a grid with a single threshold, which makes the same conditions, is
// timed beside it, and what is compared is the cost of the other variants. Built on the spot for this processor where gcc
// is present, and believed only if every return is equal to the last bit.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Prepared } from '@backtest-jobs/engine';
import { foldScorer } from '@backtest-jobs/engine/internal';
import { homeOf } from '../../server/src/config/paths.ts';
import type { Line, Skipped } from '../line.ts';
import { checkPairs, openReference } from '../reference.ts';
import { allBases, barsOf, lineOf, passOver } from '../scoring.ts';
import { cpu, medianRatio, rounds } from '../timing.ts';
import { prepareSpec, readWorkload, withFirstThreshold } from '../workloads.ts';

const FLAGS = ['-O3', '-march=native', '-ffp-contract=off', '-std=c11', '-Wall', '-Wextra', '-Werror'];
const WHAT = 'W2, the hot loop against C';

export async function native(): Promise<Line | Skipped> {
  const gcc = spawnSync('gcc', ['--version']);
  if (gcc.error !== undefined) return { what: WHAT, skipped: `gcc does not start: ${gcc.error.message}` };
  const folder = join(homeOf(), 'bench');
  mkdirSync(folder, { recursive: true });
  const [program, input, output] = ['runs', 'w2.bin', 'w2.returns'].map((file) => join(folder, file));
  execFileSync('gcc', [...FLAGS, '-o', program, join(import.meta.dirname, 'runs.c')], { stdio: 'inherit' });

  const prepared = prepareSpec(readWorkload('w2'));
  writeFileSync(input, conditionsOf(prepared));
  const pass = passOver(prepared);
  pass.once();
  const score = foldScorer(prepared);
  const single = prepareSpec(withFirstThreshold(readWorkload('w2')));
  const scoreSingle = foldScorer(single);
  const [whole, conditions, theirs] = await rounds(
    () => cpu(() => score(pass.task)),
    () => cpu(() => scoreSingle(allBases(single))),
    () => Number(execFileSync(program, [input, output, '15'], { encoding: 'utf8' })),
  );
  const share = prepared.grid.rawTotal / (prepared.grid.rawTotal - single.grid.rawTotal);
  const ours = whole.map((seconds, round) => (seconds - conditions[round]) * share);
  const value = medianRatio(theirs, ours);
  const line = lineOf(pass, ours, WHAT, { value, says: 'x as fast as gcc -O3', target: '>= 0.75' });

  const { best } = score(pass.task);
  const returns = new Float64Array(new Uint8Array(readFileSync(output)).buffer);
  if (returns.length !== prepared.grid.rawTotal) throw new Error(`C scored ${returns.length} variants`);
  checkPairs([...best.index].map((index, row) => ({ index, got: best.primary[row], expected: returns[index] })));
  return line;
}

/** Closes and conditions as runs.c reads them: 64 bars a word, the first one lowest. */
function conditionsOf(prepared: Prepared): Uint8Array {
  const { grid, spec } = prepared;
  const { target, indicator, valuesOf } = openReference(prepared);
  const bars = barsOf(prepared);
  const words = Math.ceil(bars / 64);
  const values = (key: string): readonly number[] =>
    grid.axes.find((axis) => axis.key === key)?.values.map(Number) ?? [];
  const windows = values('ma.sma.window');
  const thresholds = values('momentum.rsi.long_threshold');
  const { to } = allBases(prepared);
  const [high] = values('momentum.rsi.short_threshold');
  if (windows.length * thresholds.length !== to) throw new Error('W2 has other axes than runs.c');
  const rsi = indicator('momentum.rsi', Number(valuesOf(0).get('momentum.rsi.window')));
  const { close } = target;
  const bits = (holds: (bar: number) => boolean): Uint8Array => {
    const bytes = new Uint8Array(words * 8);
    for (let bar = 0; bar < bars; bar += 1) if (holds(bar)) bytes[bar >> 3] |= 1 << (bar & 7);
    return bytes;
  };
  const { init_cash_quote, fee_pct } = spec.template.execution;
  const smas = windows.map((window) => indicator('ma.sma', window));
  return Buffer.concat([
    new Uint8Array(BigInt64Array.from([bars, words, windows.length, thresholds.length], BigInt).buffer),
    new Uint8Array(Float64Array.of(init_cash_quote, fee_pct / 100).buffer),
    new Uint8Array(close.slice().buffer),
    ...smas.map((sma) => bits((bar) => close[bar] > sma[bar])),
    ...smas.map((sma) => bits((bar) => close[bar] < sma[bar])),
    ...thresholds.map((low) => bits((bar) => rsi[bar] <= low)),
    bits((bar) => rsi[bar] >= high),
  ]);
}
