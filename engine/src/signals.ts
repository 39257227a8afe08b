// From an indicator's outputs to LONG (1), SHORT (-1) or NEUTRAL (0) at each close, and from many such columns to one.
// A comparison with NaN is false, so a bar without a value is NEUTRAL by itself; LONG and SHORT at once cancel out.

import { sourceSeries } from './candles.ts';
import type { Candles, Source } from './candles.ts';
import { ruleOf } from './catalogue.ts';
import type { Family, Indicator } from './catalogue.ts';

/** What a family judges. */
export interface Reading {
  readonly candles: Candles;
  /** The indicator's source; close where it has none. */
  readonly source: Source;
  /** The outputs its rule names, in that order. */
  readonly outputs: readonly Float64Array[];
  /** The value of a signal parameter. */
  readonly param: (name: string) => number;
}

/** The families of rules. Each judges every bar, by values of that bar and earlier ones. */
export const FAMILIES: Readonly<Record<Family, (reading: Reading) => Int8Array>> = {
  price_vs_output({ candles, source, outputs: [out], param }) {
    const price = sourceSeries(candles, source);
    return param('inverted') === 1 ? above(out, price) : above(price, out);
  },
  volume_vs_output: ({ candles, outputs: [out] }) => above(candles.volume, out),
  output_vs_output: ({ outputs: [a, b] }) => above(a, b),
  sign: ({ outputs: [out] }) => beyond(out, 0, 0),
  centered({ outputs: [out], param }) {
    const center = param('center');
    const distance = param('abs_threshold');
    return beyond(out, center + distance, center - distance);
  },
  threshold_band: ({ outputs: [out], param }) => thresholdBand(out, param('long_threshold'), param('short_threshold')),
  delta_sign: ({ outputs: [out], param }) =>
    deltaSign(out, Math.abs(param('long_delta_periods')), Math.abs(param('short_delta_periods'))),
  candle_body: ({ candles, outputs: [out], param }) => candleBody(candles, out, param('min')),
  pivot_events: ({ outputs: [pivotHigh, pivotLow] }) => pivotEvents(pivotHigh, pivotLow),
  band_touch: ({ candles, outputs: [lower, upper] }) => bandTouch(candles.close, lower, upper),
};

/**
 * One indicator's signal at each close. `outputs` in the order of the indicator's row; `signal` may name the `rule` and
 * holds its parameters, missing ones take the defaults of the row. A spec has checked both.
 */
export function signalOf(
  indicator: Indicator,
  candles: Candles,
  source: Source | null,
  outputs: readonly Float64Array[],
  signal: Readonly<Record<string, number | string>>,
): Int8Array {
  const rule = ruleOf(indicator, signal.rule);
  if (rule === undefined) throw new RangeError(`${indicator.id} has no rule ${signal.rule}`);
  return FAMILIES[rule.family]({
    candles,
    source: source ?? 'close',
    outputs: rule.outputs.map((name) => outputs[indicator.outputs.indexOf(name)]),
    param(name) {
      const value = signal[name] ?? rule.params.find((param) => param.name === name)?.default;
      if (typeof value !== 'number') throw new RangeError(`${rule.name} of ${indicator.id} needs a number ${name}`);
      return value;
    },
  });
}

/** The strategy's signal on bars [from, to): LONG or SHORT where all signals agree on it. Fills and returns `out`. */
export function combine(signals: readonly Int8Array[], from: number, to: number, out: Int8Array): Int8Array {
  const [first, ...others] = signals;
  out.set(first.subarray(from, to));
  for (const other of others) {
    for (let bar = from; bar < to; bar += 1) if (other[bar] !== out[bar - from]) out[bar - from] = 0;
  }
  return out;
}

/** LONG where a > b, SHORT where a < b. */
function above(a: Float64Array, b: Float64Array): Int8Array {
  const signal = new Int8Array(a.length);
  for (let bar = 0; bar < signal.length; bar += 1) signal[bar] = Number(a[bar] > b[bar]) - Number(a[bar] < b[bar]);
  return signal;
}

/** LONG above `high`, SHORT below `low`. */
function beyond(x: Float64Array, high: number, low: number): Int8Array {
  const signal = new Int8Array(x.length);
  for (let bar = 0; bar < signal.length; bar += 1) signal[bar] = Number(x[bar] > high) - Number(x[bar] < low);
  return signal;
}

/** Thresholds belong to their sides; which of them is lower says whether low values or high values are LONG. */
function thresholdBand(x: Float64Array, long: number, short: number): Int8Array {
  const signal = new Int8Array(x.length);
  const lowIsLong = long <= short;
  const low = lowIsLong ? long : short;
  const high = lowIsLong ? short : long;
  const side = lowIsLong ? 1 : -1;
  for (let bar = 0; bar < signal.length; bar += 1) {
    signal[bar] = side * (Number(x[bar] <= low) - Number(x[bar] >= high));
  }
  return signal;
}

/** LONG where x rose over the last `longBack` bars, SHORT where it fell over the last `shortBack`. */
function deltaSign(x: Float64Array, longBack: number, shortBack: number): Int8Array {
  const signal = new Int8Array(x.length);
  for (let bar = 0; bar < signal.length; bar += 1) {
    const rose = bar >= longBack && x[bar] - x[bar - longBack] > 0;
    const fell = bar >= shortBack && x[bar] - x[bar - shortBack] < 0;
    signal[bar] = Number(rose) - Number(fell);
  }
  return signal;
}

/** The candle's own direction, where its body is large enough. */
function candleBody({ open, close }: Candles, body: Float64Array, min: number): Int8Array {
  const signal = above(close, open);
  for (let bar = 0; bar < signal.length; bar += 1) if (!(body[bar] >= min)) signal[bar] = 0;
  return signal;
}

/** A confirmed low is LONG, a confirmed high SHORT: NaN means that none was confirmed on this bar. */
function pivotEvents(pivotHigh: Float64Array, pivotLow: Float64Array): Int8Array {
  const signal = new Int8Array(pivotHigh.length);
  for (let bar = 0; bar < signal.length; bar += 1) {
    signal[bar] = Number(!Number.isNaN(pivotLow[bar])) - Number(!Number.isNaN(pivotHigh[bar]));
  }
  return signal;
}

/** LONG on or below the lower band, SHORT on or above the upper one. */
function bandTouch(price: Float64Array, lower: Float64Array, upper: Float64Array): Int8Array {
  const signal = new Int8Array(price.length);
  for (let bar = 0; bar < signal.length; bar += 1) {
    signal[bar] = Number(price[bar] <= lower[bar]) - Number(price[bar] >= upper[bar]);
  }
  return signal;
}
