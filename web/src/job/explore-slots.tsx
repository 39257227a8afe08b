// The places of the panels that explore all scores of a job.

import type { Schemas } from '@backtest-jobs/client';
import type { FC } from 'react';

export interface ExploreProps {
  readonly job: Schemas['JobStatus'];
  readonly request: Schemas['JobRequest'];
}

export const Landscape: FC<ExploreProps> = () => null;
export const Parameters: FC<ExploreProps> = () => null;
export const WhereTheBestLive: FC<ExploreProps> = () => null;
export const AllScores: FC<ExploreProps> = () => null;
