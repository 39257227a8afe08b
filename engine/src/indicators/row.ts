// What a row of the catalogue says about an indicator, and the few phrases rows are written with.
// Everything that validates, counts, computes or documents an indicator reads its row; only the kernel is code.

import type { Source } from '../bars/candles.ts';

export interface Param {
  readonly name: string;
  readonly kind: 'int' | 'float';
  /** Bounds, both allowed. */
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** Whether it is left to the market of a spec, whose `periods_per_year` it has by default. */
  readonly yearly?: true;
  /** Zero is not a value although it lies between the bounds. */
  readonly nonzero?: true;
}

/** How a rule turns series into signals; `rules/families.ts` has the texts of each. */
export type Family =
  | 'price_vs_output'
  | 'volume_vs_output'
  | 'sign'
  | 'threshold_band'
  | 'centered'
  | 'delta_sign'
  | 'candle_body'
  | 'pivot_events'
  | 'output_vs_output'
  | 'band_touch'
  | 'outside_bands';

export interface SignalRule {
  /** What the signal parameter `rule` calls it. */
  readonly name: string;
  readonly family: Family;
  /** The outputs it reads, in the order its family expects. */
  readonly outputs: readonly string[];
  readonly params: readonly Param[];
}

/**
 * Fills `outputs` (one column an output, as long as the inputs) from `inputs`: the source series if the row has a source
 * axis, then the columns it `reads`. Writes every element: NaN before the first valid bar and while a NaN input counts.
 * Reads no later bar than it writes, leaves inputs alone, never throws.
 */
export type Kernel = (
  inputs: readonly Float64Array[],
  params: readonly number[],
  outputs: readonly Float64Array[],
) => void;

/** Results published elsewhere, in `golden/<file>`: for each output its name in the file, null where the file has none. */
export interface Golden {
  readonly file: string;
  readonly outputs: readonly (string | null)[];
}

export interface Indicator {
  readonly id: string;
  readonly aliases: readonly string[];
  /** The last part of the id: its name in rules. */
  readonly short: string;
  /** Whether it has a `source` axis, the first of its axes, close by default. */
  readonly source: boolean;
  /** Columns the kernel gets besides the source. */
  readonly reads: readonly Source[];
  /** In the order of the grid. */
  readonly params: readonly Param[];
  /** The first is the primary one. */
  readonly outputs: readonly string[];
  /** By output: the parameters that cannot change it, so that several values of one would score the same. */
  readonly unaffected: Readonly<Record<string, readonly string[]>>;
  /** Why this combination of parameters makes no sense, or null. */
  readonly invalid?: (params: readonly number[]) => string | null;
  /** The first bar with a value, for each output; null where the candles decide it. From then on a null one may pause. */
  readonly firstValid: (params: readonly number[]) => readonly (number | null)[];
  /**
   * Bars after its first bar until an output forgets where the series began: the values that a recursive average started on
   * weigh less than a millionth. For each output; 0 for plain windows. Where `firstValid` is null, counted from bar 0.
   */
  readonly settles: (params: readonly number[]) => readonly number[];
  /**
   * What its bars must have, some of them, for any output to have a value: volume, or a price that moves. The bars are those
   * of its window, or all since the first where it has none.
   */
  readonly needs: readonly ('volume' | 'movement')[];
  /** By output: the lowest and the highest value it can have, whatever the prices; only of outputs that have both. */
  readonly limits: Readonly<Record<string, readonly [number, number]>>;
  readonly kernel: Kernel;
  /** The first is the default. */
  readonly rules: readonly SignalRule[];
  readonly golden: Golden | null;
}

type Optional = 'aliases' | 'source' | 'reads' | 'golden' | 'unaffected' | 'settles' | 'needs' | 'limits';
export type Row = Omit<Indicator, 'short' | Optional> & Partial<Pick<Indicator, Optional>>;

/**
 * A row with what it left out: no aliases, no source axis, no columns, nothing golden, each output moved by each parameter,
 * nothing recursive, a value whatever its bars have, no limits.
 */
export function indicator(row: Row): Indicator {
  const short = row.id.slice(row.id.indexOf('.') + 1);
  const settles = (): readonly number[] => row.outputs.map(() => 0);
  return {
    aliases: [],
    source: false,
    reads: [],
    golden: null,
    unaffected: {},
    needs: [],
    limits: {},
    settles,
    ...row,
    short,
  };
}

/** A number of bars, up to 2000. */
export function bars(name: string, fallback: number, min = 2): Param {
  return { name, kind: 'int', min, max: 2000, default: fallback };
}

export function float(name: string, [min, max]: readonly [number, number], fallback: number): Param {
  return { name, kind: 'float', min, max, default: fallback };
}

export function priceVsOutput(output: string): SignalRule {
  const inverted: Param = { name: 'inverted', kind: 'int', min: 0, max: 1, default: 0 };
  return { name: 'price_vs_output', family: 'price_vs_output', outputs: [output], params: [inverted] };
}

export function volumeVsOutput(output: string): SignalRule {
  return { name: 'volume_vs_output', family: 'volume_vs_output', outputs: [output], params: [] };
}

export function sign(output: string): SignalRule {
  return { name: 'sign', family: 'sign', outputs: [output], params: [] };
}

/** `bounds`: the values the output can take; `[long, short]`: the default thresholds. */
export function thresholdBand(
  output: string,
  bounds: readonly [number, number],
  [long, short]: readonly [number, number],
): SignalRule {
  const params = [float('long_threshold', bounds, long), float('short_threshold', bounds, short)];
  return { name: 'threshold_band', family: 'threshold_band', outputs: [output], params };
}

/** `bounds`: the values the output can take; `[center, distance]`: LONG further above the center, SHORT further below. */
export function centered(
  output: string,
  bounds: readonly [number, number],
  [center, distance]: readonly [number, number],
): SignalRule {
  const params = [float('abs_threshold', [0, bounds[1] - bounds[0]], distance), float('center', bounds, center)];
  return { name: 'centered', family: 'centered', outputs: [output], params };
}

/** `periods`: bars back on both sides; the sign is decoration (-5 and 5 compare with the same bar). */
export function deltaSign(output: string, periods: number): SignalRule {
  const back = (name: string): Param => ({ name, kind: 'int', min: -2000, max: 2000, default: periods, nonzero: true });
  const params = [back('long_delta_periods'), back('short_delta_periods')];
  return { name: 'delta_sign', family: 'delta_sign', outputs: [output], params };
}

export function outputVsOutput(above: string, below: string): SignalRule {
  const name = `${above}_vs_${below}`;
  return { name, family: 'output_vs_output', outputs: [above, below], params: [] };
}

export function bandTouch(lower: string, upper: string): SignalRule {
  return { name: 'band_touch', family: 'band_touch', outputs: [lower, upper], params: [] };
}

/** `output`: the size of the body; `bounds`: the values it can take; `min`: the smallest that signals, by default. */
export function candleBody(output: string, bounds: readonly [number, number], min: number): SignalRule {
  return { name: 'candle_body', family: 'candle_body', outputs: [output], params: [float('min', bounds, min)] };
}

export function pivotEvents(pivotHigh: string, pivotLow: string): SignalRule {
  return { name: 'pivot_events', family: 'pivot_events', outputs: [pivotHigh, pivotLow], params: [] };
}

export function outsideBands(lower: string, upper: string): SignalRule {
  return { name: 'outside_bands', family: 'outside_bands', outputs: [lower, upper], params: [] };
}
