// What all exploring panels share: the axes, what all scores say, and what the address has chosen.

import type { Schemas } from '@backtest-jobs/client';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useAddress } from '../lib/address.ts';
import type { NamedAxis } from '../words/axes.ts';
import { heldOf, pairOf, pairThatExplains, scoredAxes, type Pair } from './axes.ts';
import { EXPLORE } from './fields.ts';
import { holdingOf } from './holding.ts';
import { askSummary } from './queries.ts';
import { levelsOf } from './words.ts';

export interface ExploreProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'];
}

type Summary = Schemas['SurfaceSummary'];
type Address = ReturnType<typeof useAddress<typeof EXPLORE>>;

export interface Explored {
  readonly axes: readonly NamedAxis[];
  readonly metric: string;
  /** Buy and hold in this metric; null: not known. */
  readonly holding: number | null;
  readonly summary: UseQueryResult<Summary>;
  /** Null: nothing varies, or what explains the most is not known yet. */
  readonly pair: Pair | null;
  readonly hold: Readonly<Record<string, string>>;
  /** The best of the job, stops included, or of stage 1 while there is no other; null: none is ranked. */
  readonly winner: number | null;
  readonly address: Address[0];
  readonly change: Address[1];
}

/** Axes on which maps opened, by job: what explains the most changes while scores come, and the map must not. */
const opened = new Map<string, Pair>();

export function useExplored({ job, request }: ExploreProps): Explored {
  const [address, change] = useAddress(EXPLORE);
  const axes = useMemo(() => scoredAxes(request), [request]);
  const metric = job.primary_metric ?? 'total_return_pct';
  const holding = holdingOf(job, metric);
  const summary = useQuery(askSummary(job, levelsOf(metric, holding)));
  const usual = usualPair(job.job_id, axes, summary.data);
  const pair = useMemo(
    () => (usual === null ? null : pairOf({ x: address.x, y: address.y }, axes, usual)),
    [usual, address.x, address.y, axes],
  );
  const hold = useMemo(() => (pair === null ? {} : heldOf(address.hold, axes, pair)), [pair, address.hold, axes]);
  const winner = job.best?.variant_index ?? summary.data?.best?.variant_index ?? null;
  return { axes, metric, holding, summary, pair, hold, winner, address, change };
}

function usualPair(job_id: string, axes: readonly NamedAxis[], summary: Summary | undefined): Pair | null {
  const known = opened.get(job_id);
  if (known !== undefined) return known;
  if (summary === undefined) return null;
  const pair = pairThatExplains(axes, summary);
  if (pair !== null && summary.scores > 0) opened.set(job_id, pair);
  return pair;
}
