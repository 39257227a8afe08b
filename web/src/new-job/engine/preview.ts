// How one variant of a draft would trade on the last bars: what the chart of the page draws. It runs in the worker.

import {
  CATALOGUE,
  computeIndicator,
  parseSpec,
  prepare,
  SpecError,
  TIMEFRAMES,
  type Candles,
  type Spec,
} from '@backtest-jobs/engine';
import {
  digitsAt,
  indicatorsOf,
  openSignals,
  random,
  riskOff,
  riskAt,
  settingOf,
  simulate,
  sliceCandles,
} from '@backtest-jobs/engine/internal';
import { readAxis, valuesOf } from '../draft/axis-model.ts';
import { at, isObject, type PlainObject } from '../draft/plain.ts';
import type { Rules } from './judge.ts';

/** Bars that are shown. */
export const SHOWN = 520;

export interface PreviewAsk {
  readonly spec: Spec;
  readonly candles: Candles;
  /** Null: the middle of every axis; else a variant drawn by this seed. */
  readonly seed: number | null;
}

export interface Preview {
  readonly candles: Candles;
  /** 1 long, -1 short, 0 neither, at each close. */
  readonly signal: Int8Array;
  readonly entries: readonly { readonly bar: number; readonly side: number }[];
  readonly lines: readonly { readonly label: string; readonly values: Float64Array }[];
  /** The value on each axis that has several. */
  readonly values: readonly (readonly [string, number | string])[];
}

/** Memory for values that one variant does not share. */
const BYTES = 16 * 2 ** 20;

/** @throws {SpecError} when the candles do not suffice */
export function preview({ spec, candles, seed }: PreviewAsk): Preview | null {
  const prepared = prepare(candles, onLastBars(spec, candles), TIMEFRAMES[spec.template.timeframe]);
  const { grid, timeline } = prepared;
  const index = seed === null ? middleOf(grid) : drawn(grid, seed);
  const signals = index === null ? null : openSignals(prepared, { bytes: BYTES })(index);
  if (index === null || signals === null) return null;
  const shown = sliceCandles(timeline.candles, timeline.first, timeline.end);
  const signal = signals.signal.slice();
  const setting = settingOf(spec.template, riskAt(grid, riskOff(grid)));
  const { trades } = simulate({ ...shown, carried: timeline.carried }, signal, setting, signals.exits);
  const digits = new Int32Array(grid.axes.length);
  digitsAt(grid, index, digits);
  const values = grid.axes.map(({ key, values: all }, axis) => [key, all[digits[axis] ?? 0] ?? 0] as const);
  return {
    candles: copied(shown),
    signal,
    entries: Array.from({ length: trades.count }, (_, row) => ({
      bar: trades.entryBar[row] ?? 0,
      side: trades.side[row] ?? 0,
    })),
    lines: linesOf(prepared, Object.fromEntries(values)),
    values: values.filter((_, axis) => (grid.axes[axis]?.values.length ?? 0) > 1),
  };
}

/** Returns the spec over the last bars that are shown, without what it holds out. */
function onLastBars(spec: Spec, { time }: Candles): Spec {
  const length = TIMEFRAMES[spec.template.timeframe];
  const first = time[Math.max(0, time.length - SHOWN)] ?? 0;
  // A bar counts that closes before the end; days of a market may be an hour longer.
  const end = (time.at(-1) ?? 0) + 1.5 * length;
  return { ...spec, time_range: { start: isoOf(first), end: isoOf(end) }, validation: null, sample: null };
}

const isoOf = (instant: number): string => new Date(instant).toISOString();

type Grid = ReturnType<typeof prepare>['grid'];

/** Combinations that are tried around the middle where constraints exclude it. */
const TRIED = 200_000;

function middleOf(grid: Grid): number | null {
  const { axes, strides, rawTotal } = grid;
  const middle = axes.reduce(
    (sum, { values }, axis) => sum + Math.floor((values.length - 1) / 2) * (strides[axis] ?? 0),
    0,
  );
  const digits = new Int32Array(axes.length);
  for (let step = 0; step < Math.min(TRIED, rawTotal); step += 1) {
    for (const index of [middle + step, middle - step])
      if (index >= 0 && index < rawTotal && digitsAt(grid, index, digits)) return index;
  }
  return null;
}

function drawn(grid: Grid, seed: number): number | null {
  const next = random(seed);
  const digits = new Int32Array(grid.axes.length);
  for (let round = 0; round < TRIED; round += 1) {
    const index = Math.floor(next() * grid.rawTotal);
    if (digitsAt(grid, index, digits)) return index;
  }
  return middleOf(grid);
}

/** Lines on the chart at most; more would hide the bars. */
const MOST_LINES = 4;

/** Computes the outputs of the indicators of a variant that lie among the prices. */
function linesOf(
  { grid, timeline }: ReturnType<typeof prepare>,
  values: Readonly<Record<string, number | string>>,
): Preview['lines'] {
  const { candles, first, end } = timeline;
  const lowest = candles.low.subarray(first, end).reduce((a, b) => Math.min(a, b), Infinity);
  const highest = candles.high.subarray(first, end).reduce((a, b) => Math.max(a, b), -Infinity);
  const lines: { label: string; values: Float64Array }[] = [];
  for (const one of indicatorsOf(grid.strategy.rules, values)) {
    const { indicator_id, input, params } = one as { indicator_id: string; input: unknown; params: readonly number[] };
    const source = isObject(input) ? input['column'] : 'close';
    if (typeof source !== 'string') continue; // what an indicator of an indicator reads is no price
    for (const [output, column] of Object.entries(
      outputsOf(candles, indicator_id, input === null ? null : source, params),
    )) {
      const part = column.slice(first, end);
      const known = part.filter((value) => !Number.isNaN(value));
      const isAmong =
        known.length > part.length / 4 && known.every((value) => value > lowest / 2 && value < highest * 2);
      if (isAmong && lines.length < MOST_LINES)
        lines.push({ label: `${output} ${params.join(', ')}`.trim(), values: part });
    }
  }
  return lines;
}

function outputsOf(
  candles: Candles,
  id: string,
  source: string | null,
  params: readonly number[],
): Record<string, Float64Array> {
  const row = CATALOGUE_BY_ID.get(id);
  const named = Object.fromEntries((row?.params ?? []).map(({ name }, position) => [name, params[position]]));
  return computeIndicator(candles, id, { ...named, ...(row?.source && source !== null && { source }) });
}

const CATALOGUE_BY_ID = new Map(CATALOGUE.map((row) => [row.id, row] as const));

/** Counts bars of the sample on which each rule is true, by itself, in the middle of its parameters; null: it cannot be read. */
export function truths(
  input: PlainObject,
  candles: Candles,
  { defaults }: Rules,
): Readonly<Record<string, number | null>> {
  const template = at(input, ['template']);
  const rules = at(template, ['rules']);
  if (!isObject(template) || !isObject(rules)) return {};
  const params = Object.entries(at(template, ['params']) ?? {}).map(([name, axis]) => {
    const values = valuesOf(readAxis(axis));
    return [name, values[Math.floor((values.length - 1) / 2)] ?? 1] as const;
  });
  const { instrument_id, timeframe } = template;
  const time_range = at(input, ['time_range']);
  const share = (text: unknown): number | null => {
    if (typeof text !== 'string' || text.trim() === '') return null;
    const alone = {
      time_range,
      luck: 'off',
      template: { instrument_id, timeframe, rules: { long: text }, params: Object.fromEntries(params) },
    };
    try {
      const found = preview({ spec: parseSpec(alone, defaults), candles, seed: null });
      return found === null ? null : found.signal.reduce((sum, one) => sum + one, 0) / found.signal.length;
    } catch (error) {
      if (error instanceof SpecError) return null;
      throw error;
    }
  };
  return Object.fromEntries(Object.entries(rules).map(([name, text]) => [name, share(text)]));
}

/** Copies columns that are views on more, so that no more is sent than is drawn. */
function copied(candles: Candles): Candles {
  const { time, open, high, low, close, volume } = candles;
  return {
    time: time.slice(),
    open: open.slice(),
    high: high.slice(),
    low: low.slice(),
    close: close.slice(),
    volume: volume.slice(),
  };
}
