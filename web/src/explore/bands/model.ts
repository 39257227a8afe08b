// What the parallel coordinates draw, made once for each answer.

import type { Schemas } from '@backtest-jobs/client';
import type { Table } from '../../parts/csv.ts';
import { valueText, type NamedAxis } from '../../words/axes.ts';
import { count, share } from '../../words/format.ts';
import { metricWords } from '../../words/metrics.ts';
import type { Bins } from '../axes.ts';
import { withUnit } from '../map/cells.ts';
import { binText } from '../words.ts';
import { curvesOf, type Column, type Curve } from './layout.ts';

type Bands = Schemas['SurfaceBands'];

/** An axis with its counts; the last one is the score. */
export interface BandAxis extends Bins, Column {
  readonly label: string;
  /** Null: the score. */
  readonly named: NamedAxis | null;
  readonly all: readonly number[];
  readonly hits: readonly number[];
}

export interface BandsModel {
  readonly axes: readonly BandAxis[];
  readonly curves: readonly Curve[];
  /** Number of curves in each gap: where they are many, each is faint. */
  readonly curvesInGap: readonly number[];
}

interface Shown {
  readonly named: readonly NamedAxis[];
  readonly isFlipped: (key: string) => boolean;
  /** Whether low scores are the good ones. */
  readonly isLower: boolean;
}

export function bandsModel(bands: Bands, { named, isFlipped, isLower }: Shown): BandsModel {
  const axes = bands.axes.map((axis): BandAxis => {
    const own = named.find(({ key }) => key === axis.key) ?? null;
    return {
      ...axis,
      label: own?.label ?? axis.key,
      named: own,
      bins: axis.from.length,
      isFlipped: isFlipped(axis.key),
    };
  });
  const all = [...axes, scoreAxis(bands, isLower)];
  const sizes = all.map(({ bins }) => bins);
  const curves = curvesOf(bands.between, sizes);
  const curvesInGap = bands.between.map((counts) => counts.reduce((sum, one) => sum + Number(one > 0), 0));
  return { axes: all, curves, curvesInGap };
}

function scoreAxis({ metric, score }: Bands, isLower: boolean): BandAxis {
  const { from, to, all, hits } = score;
  const bins = all.length;
  const edges = Array.from({ length: bins + 1 }, (_, at) => {
    if (at === 0) return from;
    return at === bins ? to : Number((from + ((to - from) * at) / bins).toPrecision(6));
  });
  return {
    key: metric,
    label: withUnit(metricWords(metric)),
    named: null,
    from: edges.slice(0, -1),
    to: edges.slice(1),
    all,
    hits,
    bins,
    isFlipped: isLower,
    isScore: true,
  };
}

/** Returns where on the axis of the score a score lies, from 0 to 1. */
export function scoreShare({ from, to }: Bands['score'], value: number): number {
  return to > from ? Math.max(0, Math.min(1, (value - from) / (to - from))) : 0.5;
}

/** Says what a bin has: "RSI window 30: 412 of 19,667 match, 2%". */
export function binWords(axis: BandAxis, bin: number): string {
  const [hits, all] = [axis.hits[bin] ?? 0, axis.all[bin] ?? 0];
  const matched = all === 0 ? 'nothing is scored' : `${count(hits)} of ${count(all)} match, ${share(hits / all)}`;
  return `${axis.label} ${bandText(axis, bin, bin)}: ${matched}`;
}

/** Writes the values from one bin to another. */
export function bandText(axis: BandAxis, first: number, last: number): string {
  const [low, high] = [axis.from[first] ?? '', axis.to[last] ?? ''];
  if (axis.named) return binText(axis.named, low, high);
  return `${valueWords(axis, low)} to ${valueWords(axis, high)}`;
}

/** Writes one value of an axis. */
export function valueWords({ named, key, isScore = false }: BandAxis, value: number | string = ''): string {
  if (isScore) return metricWords(key).format(Number(value));
  return named === null ? String(value) : valueText(named, value);
}

interface Row {
  readonly axis: BandAxis;
  readonly bin: number;
  readonly next: BandAxis | null;
  readonly nextBin: number;
  readonly hits: number;
  readonly all: number | null;
}

/** Returns the bars of every axis, and then the curves between them, as a table. */
export function bandsTable({ axes }: BandsModel, between: Bands['between']): Table {
  const bars = axes.flatMap((axis) =>
    axis.hits.map((hits, bin): Row => ({ axis, bin, next: null, nextBin: 0, hits, all: axis.all[bin] ?? 0 })),
  );
  const curves = between.flatMap((counts, gap) => {
    const [axis, next] = [axes[gap], axes[gap + 1]];
    if (axis === undefined || next === undefined) return [];
    return counts.flatMap((hits, at): readonly Row[] =>
      hits === 0 ? [] : [{ axis, bin: Math.floor(at / next.bins), next, nextBin: at % next.bins, hits, all: null }],
    );
  });
  const rows = [...bars, ...curves];
  return {
    title: 'Where the best live: matched variants by value, and by pairs of values of neighbouring axes',
    file: 'where-the-best-live',
    columns: [
      { name: 'Axis' },
      { name: 'From' },
      { name: 'To' },
      { name: 'With axis' },
      { name: 'With from' },
      { name: 'With to' },
      { name: 'Matched', format: (value) => count(value as number) },
      { name: 'Of', format: (value) => (value === null ? '' : count(value as number)) },
    ],
    length: rows.length,
    cell: (row, column) => {
      const one = rows[row];
      if (one === undefined) return null;
      const { axis, bin, next, nextBin, hits, all } = one;
      const cells = [
        axis.label,
        axis.from[bin],
        axis.to[bin],
        next?.label ?? '',
        next?.from[nextBin],
        next?.to[nextBin],
      ];
      return (column === 6 ? hits : column === 7 ? all : cells[column]) ?? null;
    },
  };
}
