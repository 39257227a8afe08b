// The places of the panels that explore all scores of a job.

import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';

export interface ExploreProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'];
}

export const Landscape = (_: ExploreProps): JSX.Element | null => null;
export const Parameters = (_: ExploreProps): JSX.Element | null => null;
export const WhereTheBestLive = (_: ExploreProps): JSX.Element | null => null;
export const AllScores = (_: ExploreProps): JSX.Element | null => null;
