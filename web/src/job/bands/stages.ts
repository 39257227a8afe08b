// The stages of a search in the words of a trader, with how far each is.

import type { Schemas } from '@backtest-jobs/client';
import { count, share } from '../../words/format.ts';

type Job = Schemas['JobStatus'];

export interface Stage {
  readonly id: Job['stage'];
  readonly words: string;
  readonly done: string;
  readonly isNow: boolean;
}

type Spec = Pick<Schemas['JobRequest']['spec'], 'preselect' | 'top_k' | 'luck'>;

/** Returns the stages of a job. One that walks forward goes through the first two once for each fold. */
export function stagesOf(job: Job, spec: Spec | undefined): readonly Stage[] {
  const units = job.stage_units ?? { stage_a: job.total_units, stage_b: 0, finalizing: 0 };
  const walks = job.validation_mode === 'walk_forward';
  const doneOf = (before: number, all: number): number => Math.max(0, Math.min(all, job.processed_units - before));
  const searched = units.stage_a + units.stage_b;
  const isNow = (stage: Job['stage']): boolean => job.state === 'running' && job.stage === stage;
  const stages: Stage[] = [];
  if (walks) {
    const done = `${count(doneOf(0, searched))} of ${count(searched)}`;
    stages.push({
      id: 'stage_a',
      words: 'Every variant, fold by fold',
      done,
      isNow: isNow('stage_a') || isNow('stage_b'),
    });
  } else {
    const first = `${count(doneOf(0, units.stage_a))} of ${count(units.stage_a)}`;
    stages.push({ id: 'stage_a', words: 'Every variant, without stops', done: first, isNow: isNow('stage_a') });
    if (units.stage_b > 0) {
      const second = `${count(doneOf(units.stage_a, units.stage_b))} of ${count(units.stage_b)}`;
      const kept = spec?.preselect === undefined ? 'best' : `best ${count(spec.preselect)}`;
      stages.push({ id: 'stage_b', words: `The ${kept} with stops`, done: second, isNow: isNow('stage_b') });
    }
  }
  if (units.finalizing > 0) stages.push(lastStage(job, spec, doneOf(searched, units.finalizing) / units.finalizing));
  return stages;
}

function lastStage(job: Job, spec: Spec | undefined, part: number): Stage {
  const kept = spec?.top_k === undefined ? 'The best in full' : `The best ${count(spec.top_k)} in full`;
  const markets = marketsOf(job);
  return {
    id: 'finalizing',
    words: markets === null && !isTested(spec) ? kept : `${kept}, then luck`,
    done:
      markets === null || markets.done === 0 ? share(part) : `market ${count(markets.done)} of ${count(markets.asked)}`,
    isNow: job.state === 'running' && job.stage === 'finalizing',
  };
}

/** Returns how many permuted markets were searched; null where none are. */
function marketsOf({ permuted }: Pick<Job, 'permuted'>): { readonly done: number; readonly asked: number } | null {
  const told = permuted as { readonly done?: number; readonly asked?: number } | null;
  return typeof told?.done === 'number' && typeof told.asked === 'number'
    ? { done: told.done, asked: told.asked }
    : null;
}

function isTested(spec: Spec | undefined): boolean {
  const luck = spec?.luck;
  return typeof luck === 'object' && luck !== null && luck.permutations !== 0;
}
