// Who does the chunks of a search: threads, over messages that Node's worker_threads and a browser's Web Workers carry
// alike, or nobody, and then they are done in place. A thread always has a next question waiting, so that none idles while
// answers are merged, and chunks are as long as a moment takes: `now` is the caller's clock, the engine has none.
// The other end is scoring-thread.ts.

import { axisLength } from '../axis.ts';
import { COLUMNS, type Candles } from '../bars/candles.ts';
import type { Timeline } from '../bars/timeline.ts';
import { getOrMake } from '../columns/memo.ts';
import { rawTotalOf } from '../grid/grid.ts';
import type { Prepared } from '../prepare.ts';
import { TIMEFRAMES, type Spec } from '../spec.ts';
import { findFailingVariant, VariantError } from './failing-variant.ts';
import type { VariantRow } from './finalize.ts';
import { foldScorer } from './fold-scorer.ts';
import type { Answer, Question, ThreadEvent, ErrorMessage } from './messages.ts';
import { ownBases, type Scores, type Task } from './score.ts';

/** Whoever does the chunks of a search. */
export interface Pool {
  /** How many questions it takes at once. */
  readonly size: number;
  readonly score: (task: Task) => Promise<Scores>;
  /** A kept variant in full; where a pool does not do that, the search does. */
  readonly row?: (variantIndex: number, rank: number) => Promise<VariantRow>;
  /** Takes each row of the result as it is made, in any order; the result has none then, and nobody holds all of them. */
  readonly take?: (row: VariantRow) => void;
  /** What the pool has prepared already from the same candles and spec. */
  readonly prepared?: Prepared;
  /** Number of units in the next chunk of such a task; by default as many as have eight million bars together. */
  readonly chunk?: (task: Paced) => number;
  /** How many permuted markets it searches at once, each in a thread of its own; by default one. */
  readonly markets?: number;
}

/** What decides how long a chunk takes: variants of a permuted market may be drawn from the grid and share little. */
export type Paced = Pick<Task, 'stage' | 'permutation'>;

/** A pool of threads for one spec on its candles. */
export interface ThreadPool extends Required<Omit<Pool, 'take'>> {
  /** Ends the threads at once, whatever they are doing. What they were asked, and whatever is asked later, fails with `why`. */
  readonly end: (why?: unknown) => Promise<void>;
}

/** What the pool needs of a thread: a Web Worker is one as it is. */
export interface Thread {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'error', hear: (event: ThreadEvent) => void): void;
  terminate(): unknown;
}

// The first chunk of a stage, and every chunk where the caller passes no clock. At worst each variant of a chunk has columns
// of its own: 8 to 18 ns a bar, so 60 to 150 ms a chunk on a common core; a few ms when variants share them. Cancel and
// heartbeat need a turn that often.
const CHUNK_BARS = 8_000_000;
// What a variant costs beside its bars: without it a chunk of short series is long.
const VARIANT_BARS = 250;
// The length of a chunk by the caller's clock: messages and merging cost little beside it, and a stop waits no longer.
const CHUNK_MS = 40;
// A thread that has a market to itself waits for its next question at the end of each stage: the fewer, the better.
const MARKET_CHUNK_MS = 100;
const MOST_UNITS = 2 ** 17;

/** Units of a chunk while nothing is known about what they cost. */
export function chunkOf({ timeline: { first, end } }: Prepared): number {
  return Math.max(1, Math.floor(CHUNK_BARS / (VARIANT_BARS + end - first)));
}

// Measured on two cores, processes from start to exit: up to here two threads take longer to start than they gain, by a
// quarter where conditions are shared and not at all where exit rules are followed; at three times as much they gain a tenth.
const SHORT_BARS = 80_000_000;

/** Whether one thread has a search behind it before others have started. */
export function isShort({ template, time_range, luck }: Spec): boolean {
  const bars = (Date.parse(time_range.end) - Date.parse(time_range.start)) / TIMEFRAMES[template.timeframe];
  const { sl, tp, trail, max_bars } = template.risk_grid;
  const risks = [sl, tp, trail, max_bars].reduce((total, axis) => total * axisLength(axis), 1);
  const bases = rawTotalOf(template);
  const tested = luck?.permutations ? (1 + luck.permutations) * Math.min(luck.variants, bases) : 0;
  return (bases + tested) * risks * (VARIANT_BARS + bars) <= SHORT_BARS;
}

/** Scores in place, with a clock in chunks of a moment. What a variant throws fails the search with a VariantError. */
export function inPlace(prepared: Prepared, now?: () => number, open = foldScorer): Pool {
  const score = open(prepared);
  const pace = openPace(chunkOf(prepared));
  return {
    size: 1,
    prepared,
    async score(task) {
      const began = now?.() ?? 0;
      try {
        return score(task);
      } catch (error) {
        const variant = findFailingVariant(score, task, prepared.grid);
        throw variant === null ? error : new VariantError(prepared, variant, error);
      } finally {
        if (now !== undefined) pace.took(task, now() - began);
      }
    },
    chunk: pace.chunk,
  };
}

/**
 * A pool of threads in which `scoreFor` listens. Candles lie in shared memory where there is such a thing (in a browser:
 * where the page is cross-origin isolated), else each thread gets a copy. `now`: milliseconds that never go back, as
 * `performance.now`. What a thread throws fails the search with a VariantError; a thread that dies, with how it died.
 */
export function openPool(prepared: Prepared, threads: readonly Thread[], now: () => number): ThreadPool {
  const { spec, grid } = prepared;
  const pace = openPace(chunkOf(prepared));
  const lines = threads.map((thread) => openLine(thread, now));
  const timeline = withSharedCandles(prepared.timeline);
  for (const { thread } of lines) thread.postMessage({ open: { spec, timeline, sharers: threads.length } });

  // A permuted market has columns of its own, which one thread makes once.
  const homes = new Map<number, ReturnType<typeof openLine>>();
  const idlest = () => lines.reduce((best, one) => (one.waiting() < best.waiting() ? one : best));
  const lineFor = (question: Question): ReturnType<typeof openLine> => {
    const permutation = 'score' in question ? question.score.permutation : undefined;
    return permutation === undefined ? idlest() : getOrMake(homes, permutation, idlest);
  };
  const ask = async (question: Question): Promise<Exclude<Answer, { readonly failed: unknown }> & { ms: number }> => {
    const line = lineFor(question);
    const { answer, ms } = await line.ask(question);
    if (!('failed' in answer)) return { ...answer, ms };
    const error = errorOf(answer.failed);
    throw answer.variant === null ? error : new VariantError(prepared, answer.variant, error);
  };
  return {
    size: AHEAD * threads.length,
    markets: threads.length,
    prepared,
    async score(task) {
      const { ms, ...answer } = await ask({ score: ownBases(task, grid) });
      if (!('scores' in answer)) throw new Error('a thread answered another question');
      pace.took(task, ms);
      return answer.scores;
    },
    async row(variantIndex, rank) {
      const answer = await ask({ row: { variantIndex, rank } });
      if (!('row' in answer)) throw new Error('a thread answered another question');
      return answer.row;
    },
    chunk: pace.chunk,
    async end(why = new Error('the pool of threads was ended')) {
      for (const { fail } of lines) fail(why);
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

/** How long chunks should be, by how long those before took: at most twice and at least half as long as the last. */
function openPace(first: number) {
  const sizes = {
    real: { stage_a: first, stage_b: first },
    permuted: { stage_a: first, stage_b: first },
  };
  const sizesOf = ({ permutation }: Paced) => (permutation === undefined ? sizes.real : sizes.permuted);
  return {
    chunk: (task: Paced): number => sizesOf(task)[task.stage],
    took(task: Task, ms: number): void {
      const { stage, from, to } = task;
      const own = sizesOf(task);
      const most = task.permutation === undefined ? CHUNK_MS : MARKET_CHUNK_MS;
      const wanted = Math.min(2 * own[stage], Math.max(own[stage] / 2, ((to - from) * most) / ms));
      own[stage] = Math.min(MOST_UNITS, Math.max(1, Math.round(wanted)));
    },
  };
}

interface Reply {
  readonly answer: Answer;
  /** How long the thread was at it. */
  readonly ms: number;
}

/** The questions of one thread, which it answers one after the other. */
function openLine(thread: Thread, now: () => number) {
  const asked: { readonly at: number; readonly reply: PromiseWithResolvers<Reply> }[] = [];
  let answeredAt = 0;
  let broken: { readonly why: unknown } | null = null;
  const fail = (why: unknown): void => {
    broken ??= { why };
    for (const { reply } of asked.splice(0)) reply.reject(broken.why);
  };
  thread.addEventListener('message', ({ data }) => {
    const first = asked.shift();
    const at = now();
    first?.reply.resolve({ answer: data as Answer, ms: at - Math.max(first.at, answeredAt) });
    answeredAt = at;
  });
  // An event without a word is what a browser gives for a script that did not load.
  thread.addEventListener('error', ({ error, message = 'its script did not load' }) =>
    fail(error ?? new Error(`a thread failed: ${message}`)),
  );
  return {
    thread,
    fail,
    waiting: () => asked.length,
    ask(question: Question): Promise<Reply> {
      const reply = Promise.withResolvers<Reply>();
      asked.push({ at: now(), reply });
      if (broken === null) thread.postMessage(question);
      else fail(broken.why);
      return reply.promise;
    },
  };
}

function withSharedCandles(timeline: Timeline): Timeline {
  if (typeof SharedArrayBuffer === 'undefined') return timeline;
  const candles = Object.fromEntries(COLUMNS.map((name) => [name, shared(timeline.candles[name])]));
  return { ...timeline, candles: candles as unknown as Candles };
}

function shared(column: Float64Array): Float64Array {
  if (column.buffer instanceof SharedArrayBuffer) return column;
  const copy = new Float64Array(new SharedArrayBuffer(column.byteLength));
  copy.set(column);
  return copy;
}

function errorOf({ name, message, stack, cause }: ErrorMessage): Error {
  const error = new Error(message, cause === null ? {} : { cause: errorOf(cause) });
  return Object.assign(error, { name, stack });
}

/** Chunks of each thread that are under way or wait to be merged. */
export const AHEAD = 2;
