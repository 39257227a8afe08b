// npm run proof -- luck: whether the luck test is right, on series whose truth is known. Rows run in processes of their own,
// as many as there are cores; each is kept when it is done, so a proof that was stopped goes on with the others.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ENGINE_VERSION } from '@backtest-jobs/engine';
import { COLUMNS, sha256 } from '@backtest-jobs/engine/internal';
import { homeOf } from '../../server/src/config/paths.ts';
import { runProcess } from '../processes.ts';
import type { Outcome } from './measure-row.ts';
import { ROWS, type Row } from './rows.ts';
import { walk } from './series.ts';
import { judgeRow, tableOf } from './table.ts';

const USAGE = `npm run proof -- luck [--rows=TEXT] [--seeds=N] [--fresh]
  runs the rows whose name has TEXT, by default all, and writes bench/proof/luck.md when all were run with all seeds
  --seeds=N   fewer series in each row, for a look
  --fresh     runs rows again that were run before
`;
const TABLE = join(import.meta.dirname, 'luck.md');

const asked = readArguments(process.argv.slice(2));
if (asked === null) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
} else {
  const rows = ROWS.filter(({ name }) => name.includes(asked.rows));
  const found = await run(rows, asked.seeds, asked.fresh);
  const lines = tableOf(rows.map((row) => [row, found.get(row) ?? []]));
  process.stdout.write(`${lines.join('\n')}\n`);
  if (rows.length === ROWS.length && asked.seeds === null) writeFileSync(TABLE, page(lines));
  const failed = rows.filter((row) => !judgeRow(row, found.get(row) ?? []).holds);
  process.stderr.write(
    failed.length === 0 ? '' : `not as it should be: ${failed.map(({ name }) => name).join('; ')}\n`,
  );
  process.exitCode = failed.length === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]) {
  const options = { rows: { type: 'string' }, seeds: { type: 'string' }, fresh: { type: 'boolean' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const seeds = values.seeds === undefined ? null : Number(values.seeds);
    if (positionals.join() !== 'luck' || (seeds !== null && !(seeds >= 1))) return null;
    return { rows: values.rows ?? '', seeds, fresh: values.fresh ?? false };
  } catch {
    return null;
  }
}

/** Runs the rows that are not kept yet, some at once. */
async function run(rows: readonly Row[], seeds: number | null, fresh: boolean): Promise<Map<Row, readonly Outcome[]>> {
  const found = new Map<Row, readonly Outcome[]>();
  const queue = [...rows];
  const lane = async (): Promise<void> => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
      const count = seeds ?? row.seeds;
      const file = keptFile(row, count);
      const began = performance.now();
      if (fresh || !existsSync(file)) {
        const made = await runProcess('proof/measure-row.ts', ['--row', row.name, '--seeds', String(count)]);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, JSON.stringify(made));
      }
      const outcomes = JSON.parse(readFileSync(file, 'utf8')) as readonly Outcome[];
      found.set(row, outcomes);
      const took = ((performance.now() - began) / 1000).toFixed(0);
      process.stderr.write(
        `${found.size} of ${rows.length}: ${row.name}: ${judgeRow(row, outcomes).found.toFixed(3)} in ${took} s\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return found;
}

/** Another engine, another row or other series than those that were run before have another file. */
function keptFile({ name, spec, series }: Row, seeds: number): string {
  const first = walk(series, 1);
  const columns = COLUMNS.map((column) => Array.from(first[column]));
  const measured = readFileSync(join(import.meta.dirname, 'measure-row.ts'), 'utf8');
  const key = sha256(JSON.stringify({ name, spec, columns, measured, seeds, engine: ENGINE_VERSION })).slice(0, 16);
  return join(homeOf(), 'proof', `luck-${key}.json`);
}

function page(lines: readonly string[]): string {
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim();
  return [
    '# Is the luck test right?',
    '',
    '`npm run proof -- luck` wrote this page. Each row makes series whose truth is known ([rows.ts](rows.ts) and',
    '[series.ts](series.ts) say how), searches each of them as a job does, and counts. Where there is no edge, p must be at',
    'most 0.05 in 5 % of the series, give or take what 99 % of such samples do; a band in brackets is only told, because moves',
    'there are not exchangeable. Where an edge is planted, p must be at most 0.05 at least as often as the row says.',
    '',
    ...lines,
    '',
    `Engine ${ENGINE_VERSION}, commit ${commit}. The seed of a series is the start of the sha256 of the name of its row, plus its`,
    'number.',
    '',
  ].join('\n');
}
