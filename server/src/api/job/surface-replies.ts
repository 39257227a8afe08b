// Summary, bands and cells of a surface as clients see them.

import { z } from 'zod';
import { HOW } from '../../surfaces/slice.ts';

const value = z.union([z.number(), z.string()]);
const score = z.union([z.number(), z.literal('inf'), z.literal('-inf'), z.null()]);
const count = z.int().min(0);
const counts = z.array(count);

const bins = {
  key: z.string(),
  from: z.array(value).describe('first value of each bin; an axis of up to as many values as bins has one in each'),
  to: z.array(value).describe('last value of each bin'),
};

const Spot = z.object({
  base_index: count,
  variant_index: count.describe('the same with risk off'),
  value: score,
});

export const SurfaceSummary = z
  .object({
    metric: z.string(),
    better: z.enum(['higher', 'lower']),
    scores: count.describe('variants that are scored and ranked'),
    units: count.describe('combinations, or drawn variants, those without a score included'),
    best: Spot.nullable(),
    quantiles: z.array(z.object({ share: z.number(), value: score })),
    histogram: z
      .object({ from: z.number(), to: z.number(), counts })
      .nullable()
      .describe('finite scores in 80 bins of equal width; null: there is none'),
    above: z.array(z.object({ level: z.number(), scores: count })),
    axes: z.array(
      z.object({
        ...bins,
        best: z.array(score),
        median: z.array(score),
        scores: counts,
        explained: z
          .number()
          .min(0)
          .max(1)
          .nullable()
          .describe('share of the variance that lies between the bins; null: the scores do not differ'),
        winner: count.nullable().describe('bin of the best'),
      }),
    ),
  })
  .meta({ id: 'SurfaceSummary', description: 'What all scores of a surface say' });

const cover = z.object({ key: z.string(), from: value, to: value }).describe('first and last value of the bin');

export const SurfaceCell = z
  .object({
    metric: z.string(),
    how: z.enum(HOW),
    x: cover,
    y: cover.nullable(),
    scores: count.describe('variants of the cell that are scored and ranked'),
    value: score.describe('what the map shows there'),
    best: Spot.nullable().describe(
      'the best of them, of equal ones the first, with its own score; with how=near the one in the middle of the best neighbourhood; null: there is none',
    ),
  })
  .meta({ id: 'SurfaceCell', description: 'What is behind one cell of a map' });

export const SurfaceBands = z
  .object({
    metric: z.string(),
    scores: count,
    matched: count.describe('scores within all brushes and bounds'),
    axes: z.array(z.object({ ...bins, all: counts, hits: counts.describe('matched') })),
    between: z
      .array(counts)
      .describe(
        'matched scores between each axis and the next, and between the last one and the score: bin of the first x bins of the second + bin of the second',
      ),
    score: z.object({ from: z.number(), to: z.number(), all: counts, hits: counts }),
  })
  .meta({ id: 'SurfaceBands', description: 'Where matched scores live' });
