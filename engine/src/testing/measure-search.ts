// A program: the most memory that the columns of a search take, candles included. A process of its own, because what an
// earlier search has left would be given back in between. Arguments: a spec as JSON, and how many bars of minutes there are.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openArena } from '../arena.ts';
import { scorer } from '../fast/scorer.ts';
import { parseSpec } from '../parse-spec.ts';
import { inPlace } from '../pool.ts';
import { prepare } from '../prepare.ts';
import { search } from '../search.ts';
import { randomCandles } from './candles.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const [, , input = '', bars = ''] = process.argv;

// The memory of WebAssembly is counted by nobody else: not what is reserved of it, but what is written.
const arena = openArena();

function used(): number {
  for (let round = 0; round < 3; round += 1) gc(); // columns are given back by the collection after the one that finds them
  return process.memoryUsage().arrayBuffers + arena.used();
}

const spec = parseSpec(JSON.parse(input));
const before = used();
const candles = randomCandles(1, Number(bars));
const pool = inPlace(prepare(candles, spec), undefined, (prepared) => scorer(prepared, 1, arena));
const surface: Float32Array[] = [];
let most = 0;
for await (const { surface_chunk } of search(candles, spec, undefined, pool)) {
  if (surface_chunk !== null) surface.push(surface_chunk.scores);
  most = Math.max(most, used() - before);
}
process.stdout.write(JSON.stringify({ bytes: most, bars: candles.time.length, scores: surface.length }));
