// The grid: every combination of every axis has one index, and none is ever stored. For each indicator the axes that
// make its series (source, params) and those that make its signal are numbered apart, so whoever caches a series or a
// signal column keys it by small whole numbers, and reading an index is a handful of divisions.

import { axisLength, axisValues } from './axis.ts';
import type { AxisValue } from './axis.ts';
import { SOURCES } from './candles.ts';
import type { Source } from './candles.ts';
import { indicatorById, signalParams } from './catalogue.ts';
import type { Indicator } from './catalogue.ts';
import { combinations, constrained, isValid, validBefore, valuesAt } from './combinations.ts';
import type { Combinations } from './combinations.ts';
import type { IndicatorGrid, Spec, Template } from './spec.ts';

export interface Grid {
  /** One for each indicator, by id. */
  readonly parts: readonly Part[];
  /** All axes in the order of the index, last fastest: indicators by id with source and params, then signal axes by id and name. */
  readonly axes: readonly GridAxis[];
  /** Indexes there are: [0, rawTotal). */
  readonly rawTotal: number;
  /** Indexes that are base variants. */
  readonly baseTotal: number;
  /** Risk settings of each base variant, `sl` outermost: variant_index = base index * riskTotal + risk index. */
  readonly riskTotal: number;
  readonly risks: { readonly sl: readonly AxisValue[]; readonly tp: readonly AxisValue[] };
}

interface GridAxis {
  readonly indicator_id: string;
  readonly kind: 'source' | 'param' | 'signal';
  readonly name: string;
  readonly values: readonly AxisValue[];
}

/** What one indicator contributes to the grid: its series and its signals, both by ordinal. */
export interface Part {
  readonly indicator: Indicator;
  /** null: it has no source axis. */
  readonly sources: readonly Source[] | null;
  /** In catalogue order. */
  readonly params: Combinations<number>;
  /** Sources x params: each is one series, each valid one a series worth computing. */
  readonly seriesTotal: number;
  readonly seriesValid: number;
  /** Of its signal parameters, sorted by name: each is one signal column of each series. */
  readonly signalCombos: Combinations;
  readonly signalNames: readonly string[];
  /** By how much the index grows with each ordinal. */
  readonly seriesStride: number;
  readonly signalStride: number;
}

/** One indicator as a variant uses it. The ordinals in its part are the identity of its series and of its signal column. */
export interface Selection {
  readonly indicator: Indicator;
  readonly source: Source | null;
  /** In catalogue order. */
  readonly params: readonly number[];
  /** By the names of its signal parameters. */
  readonly signal: Readonly<Record<string, AxisValue>>;
  readonly seriesAt: number;
  readonly signalAt: number;
}

/** Percents from the entry fill; null is off. */
export interface Risk {
  readonly sl: number | null;
  readonly tp: number | null;
}

/** What stage_a runs with. */
export const NO_RISK: Risk = { sl: null, tp: null };

/** Takes time and memory only for indicators with senseless combinations: one byte for each of their combinations. */
export function buildGrid({ template }: Spec): Grid {
  const parts = withStrides(template.indicator_grids.map((grid) => unplacedPart(grid, template)));
  const risks = { sl: axisValues(template.risk_grid.sl), tp: axisValues(template.risk_grid.tp) };
  return {
    parts,
    axes: [...parts.flatMap(seriesAxes), ...parts.flatMap(signalAxes)],
    rawTotal: product(parts.map(({ seriesTotal, signalCombos }) => seriesTotal * signalCombos.total)),
    baseTotal: product(parts.map(({ seriesValid, signalCombos }) => seriesValid * signalCombos.total)),
    riskTotal: risks.sl.length * risks.tp.length,
    risks,
  };
}

/** How many indexes a template has, known before anything is counted out. */
export function rawTotalOf({ indicator_grids, signal_grids }: Template): number {
  const series = indicator_grids.flatMap(({ source, params }) => [
    ...(source ? [source] : []),
    ...Object.values(params),
  ]);
  const signals = Object.values(signal_grids).flatMap((grid) => Object.values(grid));
  return product([...series, ...signals].map(axisLength));
}

/**
 * The ordinals of a base variant, written to `point`: series and signal of the first indicator, then of the second, ...
 * False for an index whose combination makes no sense; `point` is filled all the same. Allocates nothing.
 */
export function pointAt({ parts }: Grid, index: number, point: Float64Array): boolean {
  let valid = true;
  for (let at = 0; at < parts.length; at += 1) {
    const { params, seriesTotal, signalCombos, seriesStride, signalStride } = parts[at];
    const series = Math.floor(index / seriesStride) % seriesTotal;
    point[2 * at] = series;
    point[2 * at + 1] = Math.floor(index / signalStride) % signalCombos.total;
    if (!isValid(params, series % params.total)) valid = false;
  }
  return valid;
}

/** What each indicator does in a base variant; null for an index whose combination makes no sense. */
export function selectionsAt(grid: Grid, index: number): readonly Selection[] | null {
  const point = new Float64Array(2 * grid.parts.length);
  if (!pointAt(grid, index, point)) return null;
  return grid.parts.map((part, at) => selectionOf(part, point[2 * at], point[2 * at + 1]));
}

export function selectionOf(part: Part, seriesAt: number, signalAt: number): Selection {
  const { indicator, sources, params, signalCombos, signalNames } = part;
  const values = valuesAt(signalCombos, signalAt);
  return {
    indicator,
    source: sources === null ? null : sources[Math.floor(seriesAt / params.total)],
    params: valuesAt(params, seriesAt % params.total),
    signal: Object.fromEntries(signalNames.map((name, at) => [name, values[at]])),
    seriesAt,
    signalAt,
  };
}

export function riskAt({ risks: { sl, tp } }: Grid, index: number): Risk {
  return { sl: percent(sl[Math.floor(index / tp.length)]), tp: percent(tp[index % tp.length]) };
}

/** How many base variants have a smaller index: the progress of a stage_a that stopped there. */
export function validBelow({ parts, rawTotal, baseTotal }: Grid, index: number): number {
  if (index >= rawTotal) return baseTotal;
  let below = 0;
  let inner = baseTotal; // base variants for one choice of the series so far
  for (const { params, seriesTotal, seriesValid, seriesStride } of parts) {
    const series = Math.floor(index / seriesStride) % seriesTotal;
    const inRound = series % params.total;
    inner /= seriesValid;
    below += (((series - inRound) / params.total) * params.valid + validBefore(params, inRound)) * inner;
    if (!isValid(params, inRound)) return below;
  }
  return below + (index % inner); // what is left are signals, which are all valid
}

type Unplaced = Omit<Part, 'seriesStride' | 'signalStride'>;

function unplacedPart({ indicator_id, source, params }: IndicatorGrid, { signal_grids }: Template): Unplaced {
  const indicator = indicatorById(indicator_id);
  if (indicator === undefined) throw new RangeError(`there is no indicator ${indicator_id}`);
  const { invalid } = indicator;
  const sources =
    source === undefined ? null : axisValues(source).flatMap((name) => SOURCES.filter((one) => one === name));
  const axes = indicator.params.map(({ name }) => axisValues(params[name]).map(Number));
  const sets = invalid ? constrained(axes, invalid) : combinations(axes);
  const rounds = sources?.length ?? 1;
  const signalNames = signalParams(indicator).map(({ name }) => name);
  return {
    indicator,
    sources,
    params: sets,
    seriesTotal: rounds * sets.total,
    seriesValid: rounds * sets.valid,
    signalCombos: combinations(signalNames.map((name) => axisValues(signal_grids[indicator.id][name]))),
    signalNames,
  };
}

/** Series are the outer digits of an index and signals the inner ones, the last indicator fastest in both. */
function withStrides(parts: readonly Unplaced[]): readonly Part[] {
  const totals = [
    ...parts.map(({ seriesTotal }) => seriesTotal),
    ...parts.map(({ signalCombos }) => signalCombos.total),
  ];
  const strides = totals.map((_, at) => product(totals.slice(at + 1)));
  return parts.map((part, at) =>
    Object.assign(part, { seriesStride: strides[at], signalStride: strides[parts.length + at] }),
  );
}

function seriesAxes({ indicator, sources, params }: Part): GridAxis[] {
  const indicator_id = indicator.id;
  const ofParams = indicator.params.map(({ name }, at): GridAxis => ({
    indicator_id,
    kind: 'param',
    name,
    values: params.axes[at],
  }));
  return sources === null ? ofParams : [{ indicator_id, kind: 'source', name: 'source', values: sources }, ...ofParams];
}

function signalAxes({ indicator, signalCombos, signalNames }: Part): GridAxis[] {
  return signalNames.map((name, at) => ({
    indicator_id: indicator.id,
    kind: 'signal',
    name,
    values: signalCombos.axes[at],
  }));
}

function percent(value: AxisValue): number | null {
  return typeof value === 'number' ? value : null;
}

function product(factors: readonly number[]): number {
  return factors.reduce((total, factor) => total * factor, 1);
}
