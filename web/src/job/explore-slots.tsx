// The panels that explore all scores of a job; they come after the verdict, in scripts of their own.

import { lazy } from 'react';

export const Landscape = lazy(() => import('../explore/Landscape.tsx').then((all) => ({ default: all.Landscape })));
export const Parameters = lazy(() => import('../explore/Parameters.tsx').then((all) => ({ default: all.Parameters })));
export const WhereTheBestLive = lazy(() =>
  import('../explore/WhereTheBestLive.tsx').then((all) => ({ default: all.WhereTheBestLive })),
);
export const AllScores = lazy(() => import('../explore/AllScores.tsx').then((all) => ({ default: all.AllScores })));
