// npm run pictures: the pictures of docs/reference/verdict.md, drawn from results of `backtest run --json`, and the candles
// of its third example.

import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Verdict } from '@backtest-jobs/engine';
import { histogram } from './histogram.ts';
import { plantedCsv } from './planted.ts';

const USAGE = [
  'npm run pictures -- draw RESULT.json PICTURE.svg "METRIC"   draws the luck test of a result',
  'npm run pictures -- planted CANDLES.csv                     writes daily candles with a trend in them',
].join('\n');

const [act, first, second, what = 'ranking metric'] = process.argv.slice(2);
const from = process.env['INIT_CWD'] ?? process.cwd();

if (act === 'draw' && first !== undefined && second !== undefined) {
  const { verdict } = JSON.parse(readFileSync(resolve(from, first), 'utf8')) as { verdict: Verdict };
  writeFileSync(resolve(from, second), histogram(verdict, what));
} else if (act === 'planted' && first !== undefined) {
  writeFileSync(resolve(from, first), plantedCsv());
} else {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
}
