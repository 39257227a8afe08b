// The child process that computes one job: it loads candles, iterates `search` and tells its parent. It never talks to
// the queue, and it dies with its parent. Apart from it, because compute on the worker's own event loop starves the
// heartbeats (measured: 3 of 48 sent), and because running out of memory must kill a child, not the worker.

import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { setPriority } from 'node:os';
import { inspect } from 'node:util';
import {
  decodeState,
  ENGINE_VERSION,
  search,
  SpecError,
  VariantError,
  type Prepared,
  type SearchStep,
  type Spec,
} from '@backtest-jobs/engine';
import { leaderOf, unitsDone } from '@backtest-jobs/engine/internal';
import { tellChoice } from '../candles/choose-series.ts';
import { openSource } from '../candles/open.ts';
import { readPatiently } from '../candles/read-patiently.ts';
import { CandlesUnreachable, wantedOf, type CandleRead, type CandleSource } from '../candles/source.ts';
import { crashPoint } from '../config/crash.ts';
import { messageOf, storable } from '../message.ts';
import type { CheckpointHashes } from '../queue/job.ts';
import { untilAborted } from '../stop.ts';
import { openKeptRows, openResultDigest, type KeptRows } from './kept-rows.ts';
import {
  CANCELLED_ROWS_MS,
  CANDLES_UNREACHABLE,
  type ComputeJob,
  type FromChild,
  type Part,
  type ToChild,
} from './messages.ts';
import { openSaver } from './saver.ts';
import { openSender } from './sender.ts';
import { startThreads } from './threads.ts';
import { TROUBLE_EXIT, troubleOf } from './trouble.ts';

/** A source that is away is asked again here, for as long as the job has patience. */
const ASKING = { attempts: 2 };

const stop = new AbortController();
const sender = openSender(tell);
const resumed: Uint8Array[] = [];
let prepared: Promise<CandleSource> | null = null;

function tell(message: FromChild): void {
  process.send?.(message);
}

if (process.send !== undefined) {
  // Ctrl-C and a service manager's SIGTERM reach the whole process group; only the parent decides when compute ends.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  process.on('disconnect', () => process.exit(0));
  setPriority(10);
  process.on('message', (message: ToChild) => {
    if (message.type === 'prepare') prepared = openSource(message.source, { ...ASKING, ahead: true });
    if (message.type === 'probe') void probe(message.spec);
    if (message.type === 'run') void compute(message.job);
    if (message.type === 'state') resumed.push(message.bytes);
    if (message.type === 'saved') sender.reply(message);
    if (message.type === 'stop' && !message.resumable) sender.onlyRows();
    if (message.type === 'stop') stop.abort();
  });
  tell({ type: 'ready' });
  flushCompileCache(); // what Node writes when a process ends; we are killed
}

async function compute(job: ComputeJob): Promise<void> {
  try {
    await iterate(job);
  } catch (error) {
    // Whoever is told to stop may trip over it anywhere; what was wrong without it shows again in the next attempt.
    if (stop.signal.aborted) return await sender.send([], { type: 'stopped', saved: null });
    dieOfTrouble(error);
    tell({ type: 'failed', error: failureOf(error), stack: inspect(error) }); // with its causes
  }
}

/** Exits where the error is no fault of the job. */
function dieOfTrouble(error: unknown): void {
  if (outOfMemory(error)) dieOf(`heap out of memory: ${error.message}`, 134);
  if (error instanceof CandlesUnreachable) dieOf(error.message, CANDLES_UNREACHABLE);
  const trouble = troubleOf(error);
  if (trouble !== null) dieOf(`${trouble}: ${wordsOf(error)}`, TROUBLE_EXIT);
}

/** Reads the candles of a job and keeps nothing. What is wrong with the job itself shows when it runs. */
async function probe(spec: Spec): Promise<void> {
  try {
    await (await prepared)?.read(spec.template.instrument_id, wantedOf(spec), stop.signal);
  } catch (error) {
    dieOfTrouble(error);
  }
  tell({ type: 'probed' });
}

async function iterate(job: ComputeJob): Promise<void> {
  const { spec } = job;
  await using threads = startThreads(spec, job.threads);
  await using source = await (prepared ?? openSource(job.source, ASKING));
  const wanted = wantedOf(spec);
  const read = (): Promise<CandleRead> => source.read(spec.template.instrument_id, wanted, stop.signal);
  const found = await readPatiently(read, {
    patienceMs: job.candlePatienceMs,
    signal: stop.signal,
    onAway: (message) => tell({ type: 'waiting', message }),
  });
  const { candles, baseMs, counted = [] } = found;
  const pool = threads.pool(candles, baseMs);
  const hashes = {
    request_hash: job.requestHash,
    data_digest: pool.prepared.timeline.ledger.digest,
    engine_version: ENGINE_VERSION,
  };
  const from = resumePoint(job, hashes);
  const processed = from.state === null ? 0 : unitsDone(pool.prepared, from.state);
  tell({ type: 'loaded', stage: from.state?.stage ?? 'stage_a', processed, note: from.note, counted });
  const saver = openSaver(job, hashes, pool.prepared, from.state);
  const tellProgress = openProgress(pool.prepared);
  const kept = openKeptRows();
  let last: SearchStep | null = null;
  await turn();
  if (stop.signal.aborted) return tell({ type: 'stopped', saved: null });
  stop.signal.addEventListener('abort', () => void threads.end(stop.signal.reason)); // they may be in a long chunk
  for await (const step of untilAborted(
    search(candles, spec, from.state ?? undefined, { ...pool, take: kept.take }),
    stop.signal,
  )) {
    last = step;
    crashPoint(`job ${spec.name}`);
    saver.take(step);
    tellProgress(step, step.scored);
    if (step.result !== null) {
      const { rows: _, ...result } = tellChoice(step.result, found);
      return sendResult(saver.stageA(step), result, kept);
    }
    await turn();
    const due = stop.signal.aborted || !sender.idle() ? null : saver.due(step);
    const rows = due === 'all' ? await saver.rows(step, goOn(tellProgress, step)) : null;
    if (stop.signal.aborted) break;
    if (due !== null) {
      const { parts, saved } = saver.save(step, rows);
      void sender.send(parts, { type: 'snapshot', saved });
    }
  }
  if (last === null) return sender.send([], { type: 'stopped', saved: null });
  if (sender.resumable()) {
    const { parts, saved } = saver.save(last, saver.lastRows(last));
    return sender.send(parts, { type: 'stopped', saved });
  }
  const { rows, of } = await saver.cancelledRows(last, forAWhile(tellProgress, last));
  const { parts, saved } = saver.rowsOnly(last, rows);
  await sender.send(parts, { type: 'stopped', saved, kept: rows && { rows: rows.length, of } });
}

/** Hands over the rows in portions, then the result they belong to, with the hash of all of it. */
async function sendResult(stageA: readonly Part[], result: object, kept: KeptRows): Promise<void> {
  const rows = kept.count();
  const digest = openResultDigest(result);
  for (const part of stageA) await sender.sendPart(part);
  const { surfaceHash = null } = await sender.sendPart({ kind: 'surface hash' });
  for (const part of kept.portions(digest)) {
    if (stop.signal.aborted) return sender.send([], { type: 'stopped', saved: null });
    await sender.sendPart(part);
  }
  await sender.send([], { type: 'result', rows, result, resultHash: digest.end(surfaceHash) });
}

/** Tells the parent how far a search is, and the best variant so far. */
type Progress = (step: SearchStep, scored?: number) => void;

function openProgress(searched: Prepared): Progress {
  return (step, scored = 0) => {
    const { stage, processed } = step;
    tell({ type: 'progress', stage, processed, scored, best: leaderOf(searched, step) });
  };
}

/** A turn for the event loop: stop, saved and disconnect arrive in it. */
function turn(): Promise<void> {
  return new Promise(setImmediate);
}

/** Between the rows of a snapshot: shows the parent that we get on, and hears whether to stop. */
function goOn(progress: Progress, step: SearchStep): () => Promise<boolean> {
  return async () => {
    progress(step);
    await turn();
    return !stop.signal.aborted;
  };
}

/** Between the last rows of a cancelled job: shows the parent that we get on, until the time for them is over. */
function forAWhile(progress: Progress, step: SearchStep): () => Promise<boolean> {
  const until = performance.now() + CANCELLED_ROWS_MS;
  return async () => {
    progress(step);
    await turn();
    return performance.now() < until;
  };
}

/** Another request, other candles or another engine than the checkpoint's start again at stage_a. */
function resumePoint(job: ComputeJob, hashes: CheckpointHashes) {
  if (job.resume === null) return { state: null, note: null };
  for (const name of ['request_hash', 'data_digest', 'engine_version'] as const) {
    if (job.resume.hashes[name] !== hashes[name]) return { state: null, note: `checkpoint ignored: other ${name}` };
  }
  const state = decodeState(joinedBytes(resumed));
  return { state, note: state === null ? 'checkpoint ignored: damaged' : null };
}

/** The state that came in parts, which are forgotten. */
function joinedBytes(parts: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts.splice(0)) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Of a scoring thread, or of an array that did not fit, whatever variant it was for. */
function outOfMemory(error: unknown): error is Error {
  if (error instanceof VariantError) return outOfMemory(error.cause);
  if (!(error instanceof Error)) return false;
  return (
    ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') || error.message === 'Array buffer allocation failed'
  );
}

/** Ends as a process does that cannot go on: the machine's trouble, tried again, not a failure of the job. */
function dieOf(message: string, code: number): never {
  writeSync(2, `${message}\n`);
  process.exit(code);
}

/** One line with the words of the system, which may be those of an error below this one. */
function wordsOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : '';
  return `${messageOf(error)}${cause}`.replaceAll('\n', ' ');
}

/** Short and useful for the job row; the stack goes to the log only. */
function failureOf(error: unknown) {
  if (error instanceof SpecError) {
    const [first] = error.problems;
    return { code: first?.code ?? 'bad_spec', message: error.message, details: { problems: error.problems } };
  }
  const message = messageOf(error);
  return { code: 'compute_failed', message: storable(message, 500), details: {} };
}
