// The inside of a thread of `surfaces.ts`: answers one question after the other, and keeps what it made of the cubes that it
// was asked about last.

import { parentPort } from 'node:worker_threads';
import { buildGrid, type Spec } from '@backtest-jobs/engine';
import { drawAll } from '@backtest-jobs/engine/internal';
import { messageOf } from '../message.ts';
import { bandsOf, brushedOf, type ScoreBins, scoreBinsOf } from './bands.ts';
import { cellOf } from './cell.ts';
import { cubeOf, type Cube } from './cube.ts';
import { openKept } from './kept.ts';
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
  readonly bins: () => ScoreBins;
}

/** A score with its place in the order, its value there, its neighbourhood and its bin. */
const SCORE_BYTES = 17;
/** Of all cubes that are kept; the last one is, whatever it has. */
const KEPT_BYTES = 256 * 2 ** 20;
const known = openKept<Known>(KEPT_BYTES);

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
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = opened(spec, scores);
  known.put(key, made, SCORE_BYTES * made.cube.scores.length);
  return made;
}

/** A sample may have asked for more variants than there are: its last scores belong to none. */
function opened(spec: Spec, scores: Float32Array): Known {
  const bases = spec.sample === null ? null : drawAll(buildGrid(spec), spec.sample);
  return open(cubeOf(spec, bases === null ? scores : scores.subarray(0, bases.length), bases));
}

function open(cube: Cube): Known {
  let sorted: Ascending | null = null;
  let near: Cube | null = null;
  let bins: ScoreBins | null = null;
  return {
    cube,
    sorted: () => (sorted ??= ascending(cube.scores)),
    near: () => (near ??= { ...cube, scores: nearScores(cube) }),
    bins: () => (bins ??= scoreBinsOf(cube)),
  };
}

function answerTo({ cube, sorted, near, bins }: Known, query: SurfaceQuery): SurfaceAnswer {
  switch (query.kind) {
    case 'slice': {
      const cut = cutOf(cube, query);
      if (!('x' in cut)) return { problems: cut };
      const { head, cells } = sliceOf(
        query.how === 'near' ? near() : cube,
        cut,
        query.how === 'median' && cut.held.length === 0 ? sorted() : null,
      );
      return { json: JSON.stringify(head), cells: bytesOfCells(cells) };
    }
    case 'cell': {
      const cut = cutOf(cube, query);
      if (!('x' in cut)) return { problems: cut };
      const cell = cellOf(cube, query.how === 'near' ? near() : cube, cut, query);
      return 'metric' in cell ? { json: JSON.stringify(cell), cells: null } : { problems: cell };
    }
    case 'bands': {
      const brushed = brushedOf(cube, query);
      if (!('order' in brushed)) return { problems: brushed };
      return { json: JSON.stringify(bandsOf(cube, brushed, bins())), cells: null };
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
