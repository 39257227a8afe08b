// The child process that computes one job: it loads candles, iterates `search` and tells its parent. It never talks to
// the queue, and it dies with its parent. Apart from it, because compute on the worker's own event loop starves the
// heartbeats (measured: 3 of 48 sent), and because running out of memory must kill a child, not the worker.
import { writeSync } from 'node:fs';
import { setPriority } from 'node:os';
import {
  ENGINE_VERSION,
  SpecError,
  decodeState,
  encodeState,
  loadRange,
  sampleSize,
  search,
  unitsDone,
  type Prepared,
  type SearchStep,
  type Spec,
  type VariantRow,
} from '@backtest-jobs/engine';
import { openSource, type SourceSettings } from './candles/open.ts';
import type { CheckpointHashes } from './queue/job.ts';
import type { Shortlist } from './queue/shortlist.ts';
import { openThreads } from './threads.ts';

export interface ComputeJob {
  readonly spec: Spec;
  readonly requestHash: string;
  readonly source: SourceSettings;
  readonly threads: number;
  readonly snapshotSeconds: number;
  readonly snapshotVariantsStep: number;
  readonly resume: { readonly hashes: CheckpointHashes; readonly state: Uint8Array } | null;
}

/** Contiguous scores of stage_a, in portions that make a short transaction. */
export interface SurfacePart {
  readonly first_index: number;
  readonly scores: Float32Array;
}
const SURFACE_PART = 131_072;

/** Everything the parent needs to save the work so far. */
export interface Saved {
  readonly stage: SearchStep['stage'];
  readonly next: number;
  readonly rows: readonly VariantRow[];
  readonly hashes: CheckpointHashes;
  readonly state: Uint8Array;
  readonly surface: readonly SurfacePart[];
  /** Only in the first save after stage_a has ended. */
  readonly shortlist: Pick<Shortlist, 'indexes' | 'stage_a_variants_total' | 'risk_total' | 'preselect_used'> | null;
}

export type ToChild =
  | { readonly type: 'run'; readonly job: ComputeJob }
  | { readonly type: 'saved' } // the last snapshot is in the database, the next one may come
  | { readonly type: 'stop' }; // snapshot once more and say stopped

export type FromChild =
  | { readonly type: 'ready' }
  | {
      readonly type: 'loaded';
      /** Where the search starts, and the units that lie behind it. */
      readonly stage: SearchStep['stage'];
      readonly processed: number;
      /** Why the checkpoint is of no use. */
      readonly note: string | null;
    }
  | {
      readonly type: 'progress';
      readonly stage: SearchStep['stage'];
      readonly processed: number;
      readonly scored: number;
    }
  | { readonly type: 'snapshot'; readonly saved: Saved }
  | { readonly type: 'stopped'; readonly saved: Saved | null }
  | { readonly type: 'result'; readonly saved: Saved; readonly result: object }
  | {
      readonly type: 'failed';
      readonly error: { readonly code: string; readonly message: string; readonly details: unknown };
      readonly stack: string;
    };

let stopping = false;
let saveInFlight = false;

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
    if (message.type === 'run') void compute(message.job);
    if (message.type === 'saved') saveInFlight = false;
    if (message.type === 'stop') stopping = true;
  });
  tell({ type: 'ready' });
}

async function compute(job: ComputeJob): Promise<void> {
  try {
    await iterate(job);
  } catch (error) {
    if (outOfMemory(error)) dieOf(error);
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ type: 'failed', error: failureOf(error), stack });
  }
}

async function iterate(job: ComputeJob): Promise<void> {
  await using source = await openSource(job.source);
  const { spec } = job;
  const { candles, baseMs } = await source.read(spec.template.instrument_id, {
    ...loadRange(spec),
    timeframe: spec.template.timeframe,
  });
  await using threads = await openThreads(candles, spec, job.threads, baseMs);
  const hashes = {
    request_hash: job.requestHash,
    data_digest: threads.prepared.timeline.ledger.digest,
    engine_version: ENGINE_VERSION,
  };
  const from = resumePoint(job, hashes);
  const processed = from.state === null ? 0 : unitsDone(threads.prepared, from.state);
  tell({ type: 'loaded', stage: from.state?.stage ?? 'stage_a', processed, note: from.note });
  const saver = openSaver(job, hashes, threads.prepared, from.state?.shortlist != null);
  await new Promise(setImmediate);
  if (stopping) return tell({ type: 'stopped', saved: null });
  for await (const step of search(candles, spec, from.state ?? undefined, threads)) {
    saver.take(step);
    tell({ type: 'progress', stage: step.stage, processed: step.processed, scored: step.scored });
    if (step.result !== null) {
      const { ledger, counts } = step.result;
      return tell({ type: 'result', saved: saver.save(step), result: { ledger, counts } });
    }
    await new Promise(setImmediate); // a turn for the event loop: stop, saved and disconnect arrive here
    if (stopping) return tell({ type: 'stopped', saved: saver.save(step) });
    if (saver.due()) {
      saveInFlight = true;
      tell({ type: 'snapshot', saved: saver.save(step) });
    }
  }
}

/** Another request, other candles or another engine than the checkpoint's start again at stage_a. */
function resumePoint(job: ComputeJob, hashes: CheckpointHashes) {
  if (job.resume === null) return { state: null, note: null };
  for (const name of ['request_hash', 'data_digest', 'engine_version'] as const) {
    if (job.resume.hashes[name] !== hashes[name]) return { state: null, note: `checkpoint ignored: other ${name}` };
  }
  const state = decodeState(job.resume.state);
  return { state, note: state === null ? 'checkpoint ignored: damaged' : null };
}

/** Collects what changed since the last save and knows when the next one is due. */
function openSaver(job: ComputeJob, hashes: CheckpointHashes, { grid }: Prepared, shortlistSaved: boolean) {
  let surface: SurfacePart[] = [];
  let savedAt = performance.now();
  let scoredSinceSave = 0;
  const listed = ({ shortlist }: SearchStep): Saved['shortlist'] => {
    if (shortlist === null || shortlistSaved) return null;
    shortlistSaved = true;
    return {
      indexes: [...shortlist],
      stage_a_variants_total: sampleSize(grid, job.spec.sample),
      risk_total: grid.riskTotal,
      preselect_used: Math.min(job.spec.preselect, sampleSize(grid, job.spec.sample)),
    };
  };
  return {
    take(step: SearchStep): void {
      scoredSinceSave += step.stage === 'stage_b' ? step.scored : 0;
      if (step.surface_chunk !== null) surface.push(step.surface_chunk);
    },
    due(): boolean {
      const seconds = (performance.now() - savedAt) / 1000;
      if (saveInFlight || seconds < Math.min(1, job.snapshotSeconds)) return false;
      return seconds >= job.snapshotSeconds || scoredSinceSave >= job.snapshotVariantsStep;
    },
    save(step: SearchStep): Saved {
      const saved: Saved = {
        stage: step.stage,
        next: step.next,
        rows: step.result?.rows ?? step.rows(job.spec.runtime.top_k_persisted),
        hashes,
        state: encodeState(step),
        surface: joined(surface),
        shortlist: listed(step),
      };
      surface = [];
      savedAt = performance.now();
      scoredSinceSave = 0;
      return saved;
    },
  };
}

/** Chunks of a step are small and come in grid order; a row of the table should hold many of them. */
function joined(chunks: readonly SurfacePart[]): SurfacePart[] {
  const parts: SurfacePart[] = [];
  for (let from = 0; from < chunks.length;) {
    let length = 0;
    let to = from;
    while (to < chunks.length && (to === from || length + chunks[to]!.scores.length <= SURFACE_PART)) {
      length += chunks[to]!.scores.length;
      to += 1;
    }
    const scores = new Float32Array(length);
    let at = 0;
    for (const chunk of chunks.slice(from, to)) {
      scores.set(chunk.scores, at);
      at += chunk.scores.length;
    }
    parts.push({ first_index: chunks[from]!.first_index, scores });
    from = to;
  }
  return parts;
}

/** Of a scoring thread, or of an array that did not fit. */
function outOfMemory(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return (
    ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') || error.message === 'Array buffer allocation failed'
  );
}

/** Ends as a process that ran out of memory ends: the machine's trouble, tried again, not a failure of the job. */
function dieOf(error: Error): never {
  writeSync(2, `heap out of memory: ${error.message}\n`);
  process.exit(134);
}

/** Short and useful for the job row; the stack goes to the log only. */
function failureOf(error: unknown) {
  if (error instanceof SpecError) {
    const [first] = error.problems;
    return { code: first?.code ?? 'bad_spec', message: error.message, details: { problems: error.problems } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'compute_failed', message: message.slice(0, 500), details: {} };
}
