// The columns of the best variants: parameters that differ, metrics with the ranking one first, and what came of bars the
// search had not seen.

import type { Schemas } from '@backtest-jobs/client';
import { placeAt, placeText, variedAxes, type AxisValue, type NamedAxis } from '../../words/axes.ts';
import { numberOf } from '../../words/format.ts';
import { METRICS, metricWords, type MetricId, type MetricWords } from '../../words/metrics.ts';

export type Row = Schemas['TopVariant'];

export type Column =
  | { readonly kind: 'rank'; readonly id: 'rank' }
  | { readonly kind: 'axis'; readonly id: string; readonly axis: NamedAxis }
  | MetricColumn;

export interface MetricColumn {
  readonly kind: 'metric' | 'unseen';
  /** `sharpe`, or `unseen.sharpe`. */
  readonly id: string;
  readonly metric: string;
  readonly words: MetricWords;
  readonly isRanking: boolean;
}

/** Metrics in the order in which they stand, those that are shown at first before the others. */
const SHOWN: readonly MetricId[] = [
  'total_return_pct',
  'max_drawdown_pct',
  'sharpe',
  'profit_factor',
  'num_trades',
  'win_rate_pct',
];
const ALL: readonly MetricId[] = [
  ...SHOWN,
  ...(Object.keys(METRICS) as MetricId[]).filter((id) => !SHOWN.includes(id)),
];

/** Metrics that are hidden until somebody asks for them. */
export const hiddenAtFirst = (primary: string | null): readonly string[] =>
  ALL.filter((id) => !SHOWN.includes(id) && id !== primary);

/** Reads the hidden columns of an address; empty: those that are hidden at first. */
export function readHidden(text: string, primary: string | null): ReadonlySet<string> {
  if (text === '') return new Set(hiddenAtFirst(primary));
  return new Set(text.split(',').filter((id) => id !== 'none'));
}

/** Writes the hidden columns for an address. */
export function writeHidden(hidden: ReadonlySet<string>, primary: string | null): string {
  const first = hiddenAtFirst(primary);
  if (hidden.size === first.length && first.every((id) => hidden.has(id))) return '';
  return hidden.size === 0 ? 'none' : [...hidden].join(',');
}

const metricColumn = (metric: string, isRanking: boolean): MetricColumn => ({
  kind: 'metric',
  id: metric,
  metric,
  words: metricWords(metric),
  isRanking,
});

const unseenColumn = (metric: string): MetricColumn => ({
  kind: 'unseen',
  id: `unseen.${metric}`,
  metric,
  words: metricWords(metric),
  isRanking: false,
});

/** Returns all metrics that a column can be chosen for, the ranking one first; a plateau may rank in its place. */
export function metricColumns(primary: string | null, isByPlateau = false): readonly MetricColumn[] {
  const first = primary === null ? [] : [primary];
  return [...first, ...ALL.filter((id) => id !== primary)].map((id) =>
    metricColumn(id, id === primary && !isByPlateau),
  );
}

/** What ranks a search that prefers plateaus: the mean of the metric around each variant. */
function aroundColumn(primary: string | null): MetricColumn {
  const words = metricWords(primary ?? 'total_return_pct');
  const name = `${words.name} around`;
  const long = `${words.long.split(':')[0]}, the mean over the variants around it: what variants are ranked by`;
  return {
    kind: 'metric',
    id: 'plateau_score',
    metric: 'plateau_score',
    words: { ...words, name, long },
    isRanking: true,
  };
}

interface Asked {
  readonly rows: readonly Row[];
  readonly axes: readonly NamedAxis[];
  readonly primary: string | null;
  readonly hidden: ReadonlySet<string>;
}

export interface Columns {
  readonly columns: readonly Column[];
  /** What all rows share: "short at 95", "target off". */
  readonly shared: readonly string[];
}

/** Returns the columns of some rows. */
export function columnsOf({ rows, axes, primary, hidden }: Asked): Columns {
  const varied = variedAxes(axes).map((axis) => ({
    axis,
    places: new Set(rows.map((row) => placeAt(axis, row.variant_index))),
  }));
  const hasUnseen = rows.some((row) => row.out_of_sample !== undefined);
  const unseen = hasUnseen ? ['total_return_pct', 'sharpe'].map(unseenColumn) : [];
  const around = rows.some(({ metrics }) => metrics.plateau_score !== undefined) ? [aroundColumn(primary)] : [];
  const shown = [
    ...around,
    ...metricColumns(primary, around.length > 0).filter(({ id }) => id === primary || !hidden.has(id)),
  ];
  return {
    columns: [
      { kind: 'rank', id: 'rank' },
      ...varied
        .filter(({ places }) => places.size > 1 || rows.length < 2)
        .map(({ axis }): Column => ({ kind: 'axis', id: axis.key, axis })),
      ...shown.slice(0, 1),
      ...unseen,
      ...shown.slice(1),
    ],
    shared:
      rows.length < 2
        ? []
        : varied.flatMap(({ axis, places }) =>
            places.size === 1 ? [`${axis.short} ${placeText(axis, rows[0]?.variant_index ?? 0)}`] : [],
          ),
  };
}

/** Returns a metric of a row as a number; NaN: none. */
export function metricOf(row: Row, { kind, metric }: Pick<MetricColumn, 'kind' | 'metric'>): number {
  const metrics = kind === 'unseen' ? row.out_of_sample?.metrics : row.metrics;
  return numberOf((metrics as Readonly<Record<string, never>> | undefined)?.[metric]);
}

/** Tests whether a value is at an end of its axis: beyond it nothing was searched. Words and two values have no end. */
export function isAtEnd({ values }: Pick<NamedAxis, 'values'>, value: AxisValue): boolean {
  const numbers = values.filter((one) => typeof one === 'number');
  if (typeof value !== 'number' || numbers.length < 3) return false;
  return value === Math.min(...numbers) || value === Math.max(...numbers);
}
