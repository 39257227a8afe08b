// What a compute child hands over for saving: the resume point with all that was found since the last save. Rows are
// run again one by one, so a save never keeps the child from hearing that it must stop; what there is then goes with the
// last save, within little time.

import { encodeState, type Prepared, type SearchState, type SearchStep, type VariantRow } from '@backtest-jobs/engine';
import { permutedOf, sampleSize } from '@backtest-jobs/engine/internal';
import type { CheckpointHashes } from '../queue/job.ts';
import { PORTION_BYTES, PORTION_INDEXES, portionsOf } from '../queue/portions/sizes.ts';
import type { ComputeJob, Part, Save, SurfacePart } from './messages.ts';

type SaverJob = Pick<ComputeJob, 'spec' | 'snapshotSeconds' | 'snapshotVariantsStep'>;
const SURFACE_PART = 131_072;
// With one row on top of it, which takes 57 ms over a year of minutes, the loop gets a turn every 100 ms.
const TURN_MS = 40;
// The parent waits, and kills a child that does not end soon.
const LAST_ROWS_MS = 150;

/** A save: parts to be written in this order, and what makes them count. */
export interface PartedSave {
  readonly parts: readonly Part[];
  readonly saved: Save;
}

interface Kept {
  /** Null: there are more saved already. */
  readonly rows: VariantRow[] | null;
  readonly of: number;
}

/** Collects what changed since the last save and knows when the next one is due. */
export function openSaver(job: SaverJob, hashes: CheckpointHashes, prepared: Prepared, from: SearchState | null) {
  let listedLast: Float64Array | null = from?.shortlist ?? null; // each fold of a validation has its own
  let savedPlace = from === null ? START : placeOf(from);
  let surface: SurfacePart[] = [];
  let savedAt = performance.now();
  let scoredSinceSave = 0;
  let rowsSaved = 0;
  let saves = 0;
  let shown = (from?.luck ?? null) !== null; // the rows of the result are there, without their reports
  const limit = job.spec.runtime.top_k_persisted;
  const listed = ({ shortlist }: SearchStep): Part[] => {
    if (shortlist === null || shortlist === listedLast) return [];
    listedLast = shortlist;
    return shortlistParts(shortlist, countsOf(prepared));
  };
  const stageA = (step: SearchStep): Part[] => {
    const parts = [...joined(surface), ...listed(step)];
    surface = [];
    return parts;
  };
  return {
    take(step: SearchStep): void {
      scoredSinceSave += step.stage === 'stage_b' ? step.scored : 0;
      if (step.surface_chunk !== null) surface.push(step.surface_chunk);
    },
    /**
     * What should be saved now; without rows when stage_a has just ended, or a kill would repeat all of it. Nothing where an
     * attempt would start again at the place that is saved already: a checkpoint pays off the crash that follows it, and a
     * job that crashes in finalizing each time would do so for ever. The rows of the result are shown before the luck test,
     * and do not change in it.
     */
    due(step: SearchStep): 'all' | 'resume point' | null {
      if (placeOf(step) === savedPlace) return null;
      if (step.shortlist !== null && step.shortlist !== listedLast) return 'resume point';
      if (step.luck !== null && !shown) return 'all';
      const seconds = (performance.now() - savedAt) / 1000;
      if (seconds < Math.min(1, job.snapshotSeconds)) return null;
      if (step.luck !== null) return seconds >= job.snapshotSeconds ? 'resume point' : null;
      return seconds >= job.snapshotSeconds || scoredSinceSave >= job.snapshotVariantsStep ? 'all' : null;
    },
    /** The best so far, each run again; null when `goOn`, asked between them, said no. */
    rows: (step: SearchStep, goOn: () => Promise<boolean>) => bestRows(step, limit, goOn),
    /** What belongs to stage_a and is not saved yet. */
    stageA,
    save(step: SearchStep, rows: readonly VariantRow[] | null = null): PartedSave {
      saves += 1;
      const [state = null, ...others] = portionsOf(encodeState(step), PORTION_BYTES);
      const bare = bareSave(rows, { hashes, step, prepared });
      const parts = [...stageA(step), ...bare.parts, ...stateParts(others, saves)];
      const saved = { ...bare.saved, state, parts: others.length, save_no: saves };
      savedPlace = placeOf(step);
      if (rows !== null || step.luck !== null) savedAt = performance.now();
      if (rows !== null) {
        scoredSinceSave = 0;
        rowsSaved = rows.length;
        shown = step.luck !== null;
      }
      return { parts, saved };
    },
    /** As many of the best as little time allows; when those are fewer than there are saved already, these stay. */
    lastRows: (step: SearchStep) => unlessFewer(firstRows(step, limit), countOf(step, limit), rowsSaved),
    /** The best of a cancelled job, with how many there are; before the first save all of them, unless `goOn` says no. */
    async cancelledRows(step: SearchStep, goOn: () => Promise<boolean>): Promise<Kept> {
      const of = countOf(step, limit);
      const rows = rowsSaved > 0 ? firstRows(step, limit) : await rowsWhile(step, limit, goOn);
      return { rows: unlessFewer(rows, of, rowsSaved), of };
    },
    /** The rows alone, of a job that nobody goes on with. */
    rowsOnly: (step: SearchStep, rows: readonly VariantRow[] | null) => bareSave(rows, { hashes, step, prepared }),
  };
}

/** A save of rows alone. */
function bareSave(
  rows: readonly VariantRow[] | null,
  { hashes, step, prepared }: { hashes: CheckpointHashes; step: SearchStep; prepared: Prepared },
): PartedSave {
  const { stage, next, luck } = step;
  const portions = rows === null ? [] : rowPortions(rows);
  const last = portions.pop() ?? (rows && []);
  const parts = portions.map((portion): Part => ({ kind: 'best rows', rows: portion }));
  return {
    parts,
    saved: { stage, next, hashes, rows: last, state: null, parts: 0, save_no: 0, permuted: permutedOf(prepared, luck) },
  };
}

type ShortlistCounts = Omit<Extract<Part, { kind: 'shortlist' }>, 'kind' | 'indexes'>;

function countsOf({ grid, spec: { sample, preselect } }: Prepared): ShortlistCounts {
  const variants = sampleSize(grid, sample);
  return {
    stage_a_variants_total: variants,
    risk_total: grid.riskTotal,
    preselect_used: Math.min(preselect, variants),
  };
}

function shortlistParts(shortlist: Float64Array, counts: ShortlistCounts): Part[] {
  const [first = [], ...others] = portionsOf(shortlist, PORTION_INDEXES);
  const more = others.map((indexes, at): Part => ({ kind: 'shortlist part', part_no: at + 1, indexes }));
  return [{ kind: 'shortlist', indexes: first, ...counts }, ...more];
}

function stateParts(others: readonly Uint8Array[], save_no: number): Part[] {
  return others.map((state, at) => ({ kind: 'state', save_no, part_no: at + 1, state }));
}

// A row without report and trades: payload, metrics and keys.
const ROWS_OF_PORTION = 150;

function rowPortions(rows: readonly VariantRow[]): VariantRow[][] {
  const portions: VariantRow[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_OF_PORTION) portions.push(rows.slice(at, at + ROWS_OF_PORTION));
  return portions;
}

const START = '0 stage_a 0';

/** From where a search goes on that is continued from a state: finalizing starts over, but for the luck test. */
function placeOf({ past, stage, next, luck }: SearchState): string {
  const tested = luck === null ? '' : ` luck ${luck.next}`;
  return `${past.length} ${stage} ${stage === 'finalizing' ? 0 : next}${tested}`;
}

/** Chunks of a step are small and come in grid order; a row of the table should hold many of them. */
function joined(chunks: readonly SurfacePart[]): Part[] {
  const parts: Part[] = [];
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
    parts.push({ kind: 'surface', first_index: chunks[from]!.first_index, scores });
    from = to;
  }
  return parts;
}

/** All of the best; null when `goOn` said no. */
async function bestRows(step: SearchStep, limit: number, goOn: () => Promise<boolean>): Promise<VariantRow[] | null> {
  let stopped = false;
  const rows = await rowsWhile(step, limit, async () => {
    stopped = !(await goOn());
    return !stopped;
  });
  return stopped ? null : rows;
}

/** The best, as far as `goOn` says yes, which is asked now and then. */
async function rowsWhile(step: SearchStep, limit: number, goOn: () => Promise<boolean>): Promise<VariantRow[]> {
  const rows: VariantRow[] = [];
  let since = performance.now();
  for (const row of step.rows(limit)) {
    rows.push(row);
    if (performance.now() - since < TURN_MS) continue;
    if (!(await goOn())) break;
    since = performance.now();
  }
  return rows;
}

/** Number of the best, as far as they are kept. */
function countOf({ best }: SearchStep, limit: number): number {
  return Math.min(limit, best.index.length);
}

/** The rows; null when they are neither all nor as many as are saved already. */
function unlessFewer(rows: VariantRow[], all: number, saved: number): VariantRow[] | null {
  return rows.length === all || rows.length >= saved ? rows : null;
}

function firstRows(step: SearchStep, limit: number): VariantRow[] {
  const rows: VariantRow[] = [];
  const until = performance.now() + LAST_ROWS_MS;
  for (const row of step.rows(limit)) {
    rows.push(row);
    if (performance.now() > until) break;
  }
  return rows;
}
