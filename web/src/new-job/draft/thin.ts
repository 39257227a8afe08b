// How many variants a history carries, and which coarser steps bring a search there.

import { minimumBacktestYears } from '@backtest-jobs/engine';
import { lengthOf, readAxis } from './axis-model.ts';
import { at, isObject, pathText, put, type Path, type Plain, type PlainObject } from './plain.ts';

/** The most variants whose best is not expected to reach a Sharpe ratio of 1 by luck alone in so many years. */
export function carriedBy(years: number): number {
  let [least, most] = [1, 1e15];
  if (minimumBacktestYears(2) > years) return 1;
  for (let round = 0; round < 100 && most - least > 1; round += 1) {
    const middle = Math.floor(Math.sqrt(least * most));
    const next = middle > least ? middle : Math.floor((least + most) / 2);
    if (minimumBacktestYears(next) <= years) least = next;
    else most = next;
  }
  return least;
}

/** Rounds down to two digits: an estimate has no more. */
export function twoDigits(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.floor(value / unit) * unit;
}

export interface Thinning {
  readonly paths: readonly Path[];
  /** Steps that replace those of the paths. */
  readonly steps: readonly number[];
  /** Variants that it leads to. */
  readonly trials: number;
}

/** Suggestions at most, and values that a thinned axis keeps at least. */
const MOST = 3;
const LEAST_VALUES = 4;
const FACTORS = [2, 5, 10, 20, 50, 100];

interface RangeAt {
  readonly path: Path;
  readonly step: number;
  readonly length: number;
}

/**
 * Suggests coarser steps: for each long range the first that brings the search to what is carried, or the coarsest that
 * leaves it some values; and all of them together. `count` tells the variants of a spec; null where it is not one.
 */
export function thinnings(
  spec: PlainObject,
  carried: number,
  count: (spec: PlainObject) => number | null,
): readonly Thinning[] {
  const before = count(spec);
  if (before === null || before <= carried) return [];
  const ranges = rangesOf(spec).sort((a, b) => b.length - a.length);
  const tried = (paths: readonly RangeAt[], factor: number): Thinning | null => {
    const steps = paths.map(({ step }) => Number((step * factor).toPrecision(12)));
    const thinned = paths.reduce((one, { path }, position) => put(one, [...path, 'step'], steps[position]), spec);
    const trials = count(thinned);
    return trials === null || trials >= before ? null : { paths: paths.map(({ path }) => path), steps, trials };
  };
  const best = (paths: readonly RangeAt[]): Thinning | null => {
    const shortest = Math.min(...paths.map(({ length }) => length));
    const factors = FACTORS.filter((factor) => Math.floor((shortest - 1) / factor) + 1 >= LEAST_VALUES);
    const all = factors.map((factor) => tried(paths, factor)).filter((one) => one !== null);
    return all.find(({ trials }) => trials <= carried) ?? all.at(-1) ?? null;
  };
  const single = ranges.slice(0, MOST).map((one) => best([one]));
  const together = ranges.length > 1 ? best(ranges.slice(0, 4)) : null;
  return [...single.slice(0, together === null ? MOST : MOST - 1), together].filter((one) => one !== null);
}

/** Lists the ranges of a spec that are long enough to be thinned. */
function rangesOf(value: Plain, path: Path = []): RangeAt[] {
  if (Array.isArray(value))
    return (value as readonly Plain[]).flatMap((one, position) => rangesOf(one, [...path, position]));
  if (!isObject(value)) return [];
  if (value['mode'] === 'range') {
    const length = lengthOf(readAxis(value)) ?? 0;
    const { step } = value;
    return typeof step === 'number' && length >= 2 * LEAST_VALUES - 1 ? [{ path, step, length }] : [];
  }
  return Object.entries(value).flatMap(([name, one]) => rangesOf(one, [...path, name]));
}

/** Names the axis at a path: "SMA window", "fast". */
export function axisName(spec: PlainObject, path: Path): string {
  const last = String(path.at(-1));
  const grid = path.indexOf('indicator_grids');
  const signal = path.indexOf('signal_grids');
  const id = grid >= 0 ? at(spec, [...path.slice(0, grid + 2), 'indicator_id']) : signal >= 0 ? path[signal + 1] : null;
  const words = { long_threshold: 'long at', short_threshold: 'short at', sl: 'stop', tp: 'target' }[last];
  const name = words ?? last.replaceAll('_', ' ');
  return typeof id === 'string' ? `${(id.split('.').at(-1) ?? id).replaceAll('_', ' ').toUpperCase()} ${name}` : name;
}

/** Writes a path for a key. */
export const thinningKey = ({ paths, steps }: Thinning): string => paths.map(pathText).join() + steps.join();
