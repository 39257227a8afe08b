// The inside of a thread of `surfaces.ts`: answers one question after the other, and keeps what it made of the cubes that it
// was asked about last.

import { parentPort } from 'node:worker_threads';
import { buildGrid, type Spec } from '@backtest-jobs/engine';
import { draw } from '@backtest-jobs/engine/internal';
import { messageOf } from '../message.ts';
import { bandsOf, brushedOf } from './bands.ts';
import { cubeOf, type Cube } from './cube.ts';
import type { SurfaceAnswer, SurfaceQuery, SurfaceQuestion } from './messages.ts';
import { nearScores } from './near.ts';
import { ascending, type Ascending } from './order.ts';
import { cutOf, sliceOf } from './slice.ts';
import { summaryOf } from './summary.ts';

/** A cube, with what takes longer than a question and is made when it is first needed. */
interface Known {
  readonly cube: Cube;
  readonly sorted: () => Ascending;
  readonly near: () => Cube;
}

const MOST_KNOWN = 3;
const known = new Map<string, Known>(); // latest use last

parentPort?.on('message', (question: SurfaceQuestion) => {
  let answer: SurfaceAnswer;
  try {
    answer = answerTo(knownOf(question), question.query);
  } catch (error) {
    answer = { error: messageOf(error) };
  }
  parentPort?.postMessage(answer, 'cells' in answer && answer.cells !== null ? [answer.cells.buffer] : []);
});

function knownOf({ key, spec, scores }: SurfaceQuestion): Known {
  const found = known.get(key) ?? open(cubeOf(spec, scores, basesOf(spec)));
  known.delete(key);
  known.set(key, found);
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
  return found;
}

function open(cube: Cube): Known {
  let sorted: Ascending | null = null;
  let near: Cube | null = null;
  return {
    cube,
    sorted: () => (sorted ??= ascending(cube.scores)),
    near: () => (near ??= { ...cube, scores: nearScores(cube) }),
  };
}

function basesOf(spec: Spec): Float64Array | null {
  if (spec.sample === null) return null;
  const drawing = draw(buildGrid(spec), spec.sample, () => null);
  for (;;) {
    const { done, value } = drawing.next();
    if (done === true) return value;
  }
}

function answerTo({ cube, sorted, near }: Known, query: SurfaceQuery): SurfaceAnswer {
  switch (query.kind) {
    case 'slice': {
      const cut = cutOf(cube, query);
      if (!('x' in cut)) return { problems: cut };
      const { head, cells } = sliceOf(
        query.how === 'near' ? near() : cube,
        cut,
        query.how === 'median' ? sorted() : null,
      );
      return { json: JSON.stringify(head), cells: bytesOfCells(cells) };
    }
    case 'bands': {
      const brushed = brushedOf(cube, query);
      return 'order' in brushed ? { json: JSON.stringify(bandsOf(cube, brushed)), cells: null } : { problems: brushed };
    }
    case 'summary':
      return { json: JSON.stringify(summaryOf(cube, sorted(), query.above)), cells: null };
    case 'bases':
      return { json: '', cells: bytesOfCells(cube.bases ?? new Float64Array()) };
  }
}

/** The bytes of a copy, which goes to the parent without another one. */
function bytesOfCells(column: Float32Array | Float64Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(column.slice().buffer);
}
