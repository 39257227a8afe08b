// A program: the most memory that the columns of a search take, candles included. A process of its own, because what an
// earlier search has left would be given back in between, and one in which columns lie on the heap: of the memory of
// WebAssembly nobody counts what is written. Arguments: a spec as JSON, and how many bars of minutes there are.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openArena } from '../columns/arena.ts';
import { parseSpec } from '../gate/parse-spec.ts';
import { search } from '../search.ts';
import { randomCandles } from './candles.ts';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

const [, , input = '', bars = ''] = process.argv;

function used(): number {
  for (let round = 0; round < 3; round += 1) gc(); // columns are given back by the collection after the one that finds them
  return process.memoryUsage().arrayBuffers;
}

const { WebAssembly } = globalThis as { readonly WebAssembly?: object };
if (WebAssembly !== undefined) Reflect.deleteProperty(WebAssembly, 'Memory');
const arena = openArena();
arena.reserve(1);
if (arena.kernels() !== null) throw new Error('columns would lie where they are not counted');

const spec = parseSpec(JSON.parse(input));
const before = used();
const candles = randomCandles(1, Number(bars));
const surface: Float32Array[] = [];
let most = 0;
for await (const { surface_chunk } of search(candles, spec)) {
  if (surface_chunk !== null) surface.push(surface_chunk.scores);
  most = Math.max(most, used() - before);
}
process.stdout.write(JSON.stringify({ bytes: most, bars: candles.time.length, scores: surface.length }));
