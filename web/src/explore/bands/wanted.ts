// What the bands show, by the address.

import type { Schemas } from '@backtest-jobs/client';
import type { Values } from '../../lib/search.ts';
import type { NamedAxis } from '../../words/axes.ts';
import type { EXPLORE } from '../fields.ts';
import type { BandsAsked } from '../queries.ts';
import { quantileAt } from '../words.ts';
import { brushesOf, orderOf, type Placed } from './brushes.ts';

/** The server counts between at most so many axes. */
const MOST_AXES = 12;

type Share = Values<typeof EXPLORE>['share'];

export interface Wanted {
  readonly asked: BandsAsked;
  readonly placed: readonly Placed[];
  /** Whether the score has a brush of its own, which takes the place of the share. */
  readonly isScoreBrushed: boolean;
  /** Shares that can be chosen, as the summary tells where they begin. */
  readonly options: readonly (readonly [Share | '', string])[];
}

export const usualOrder = (axes: readonly NamedAxis[]): readonly string[] =>
  axes.map(({ key }) => key).slice(0, MOST_AXES);

export function wantedOf(
  { share, brush, order }: Pick<Values<typeof EXPLORE>, 'share' | 'brush' | 'order'>,
  axes: readonly NamedAxis[],
  summary: Schemas['SurfaceSummary'],
): Wanted {
  const { metric, better } = summary;
  const isNumbers = new Map([
    [metric, true],
    ...axes.map(({ key, values }) => [key, values.every((value) => typeof value === 'number')] as const),
  ]);
  const { [metric]: score, ...ranges } = brushesOf(brush, isNumbers);
  // An axis under the name of the metric would be the one that is meant.
  const isAxis = axes.some(({ key }) => key === metric);
  const placed = orderOf(order, usualOrder(axes), MOST_AXES);
  const level = share === '1' ? null : levelOf(summary, Number(share));
  const bounds = better === 'lower' ? { min: null, max: level } : { min: level, max: null };
  const [min, max] = score && !isAxis ? (score as readonly [number, number]) : [bounds.min, bounds.max];
  return {
    asked: {
      order: placed.map(({ key }) => key),
      min,
      max,
      brush: isAxis && score ? { ...ranges, [metric]: score } : ranges,
    },
    placed,
    isScoreBrushed: score !== undefined && !isAxis,
    options: (
      [
        ['0.1', 'best 10%'],
        ['0.01', '1%'],
        ['0.001', '0.1%'],
      ] as const
    ).filter(([one]) => levelOf(summary, Number(one)) !== null),
  };
}

/** Returns the score at which a share of the best begins; null: the summary does not tell it, or it is infinite. */
function levelOf(summary: Schemas['SurfaceSummary'], share: number): number | null {
  const level = quantileAt(summary, summary.better === 'lower' ? share : 1 - share);
  return level !== null && Number.isFinite(level) ? level : null;
}
