// One row of the proof: the search of each of its series, with what p and the verdict say of it.

import { parseArgs } from 'node:util';
import { search, type Verdict } from '@backtest-jobs/engine';
import { sha256 } from '@backtest-jobs/engine/internal';
import { ROWS, type Row } from './rows.ts';
import { walk } from './series.ts';

export interface Outcome {
  readonly p: number | null;
  readonly luck: Verdict['luck'];
}

/** Searches the series of one seed; the seeds of a row are its own, whatever rows there are. */
export async function outcomeOf({ name, series, spec }: Row, seed: number): Promise<Outcome> {
  const first = Number.parseInt(sha256(name).slice(0, 8), 16);
  for await (const { result } of search(walk(series, first + seed), spec)) {
    if (result !== null) return { p: result.verdict.permuted?.p ?? null, luck: result.verdict.luck };
  }
  throw new Error('the search ended without a result');
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { row: { type: 'string' }, seeds: { type: 'string' } } });
  const row = ROWS.find(({ name }) => name === values.row);
  if (row === undefined) throw new Error(`there is no row ${values.row}`);
  const outcomes: Outcome[] = [];
  for (let seed = 0; seed < Number(values.seeds ?? row.seeds); seed += 1) outcomes.push(await outcomeOf(row, seed));
  process.stdout.write(JSON.stringify(outcomes));
}
