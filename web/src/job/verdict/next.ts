// What to do with a verdict: at most three steps, each with its reason.

import type { Schemas } from '@backtest-jobs/client';

export interface Step {
  readonly id: 'plateau' | 'holdout' | 'widen' | 'walk' | 'save' | 'change';
  readonly words: string;
  readonly why: string;
  /** Where it leads; null: it acts here. */
  readonly href: string | null;
}

interface Asked {
  readonly job_id: string;
  readonly verdict: Schemas['Verdict'];
  readonly isHeldOut: boolean;
  readonly hasWinner: boolean;
  readonly nameOf: (axis: string) => string;
}

export function nextSteps({ job_id, verdict, isHeldOut, hasWinner, nameOf }: Asked): readonly Step[] {
  const to = (more: string): string => `/jobs/new?from=${job_id}${more}`;
  if (!hasWinner) {
    return [
      { id: 'change', words: 'Change what is searched', why: 'no variant made it into the ranking', href: to('') },
    ];
  }
  const markOf = (id: string) => verdict.checks?.find((check) => check.id === id)?.mark ?? null;
  const hold: Step = {
    id: 'holdout',
    words: 'Hold out the last 30%',
    why: 'and judge on what it has not seen',
    href: to('&validate=holdout'),
  };
  if (verdict.luck === 'unlikely') {
    return [
      {
        id: 'walk',
        words: 'Walk forward through time',
        why: 'the last test before money',
        href: to('&validate=walk_forward'),
      },
      { id: 'save', words: 'Save as strategy', why: 'keep these parameters', href: null },
    ];
  }
  const [edge] = verdict.flags.edge_of_grid?.axes ?? [];
  const isTooWide = markOf('luck') === 'bad' || isBelow(verdict.years, verdict.minimum_backtest_years);
  return [
    ...(isTooWide && verdict.trials > 1
      ? [
          {
            id: 'plateau',
            words: 'Search less, around the plateau',
            why: 'fewer variants, a lower bar',
            href: to('&refine=plateau'),
          } as const,
        ]
      : []),
    ...(isHeldOut ? [] : [hold]),
    ...(edge === undefined
      ? []
      : [
          {
            id: 'widen',
            words: `Widen ${nameOf(edge.axis)}`,
            why: `the best is at its ${edge.end}`,
            href: to(`&widen=${encodeURIComponent(edge.axis)}`),
          } as const,
        ]),
  ];
}

const isBelow = (years: number, least: number | null): boolean => least !== null && years < least;
