// A template and the same strategy written in the rule language are one strategy: for each indicator and each of its rules,
// over a grid of its parameters and stops, they give the same variants. What a family means is written here once more.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { parseSpec } from '../gate/parse-spec.ts';
import { CATALOGUE, type Family, type Indicator, type Param, type SignalRule } from '../indicators/catalogue.ts';
import { search, type SearchResult } from '../search.ts';
import { HOUR_MS } from '../spec.ts';
import { randomCandles } from '../testing/candles.ts';

const START = Date.UTC(2024, 0, 1);
const BARS = 500;
/** Of them some have no volume, and for some hours the price stands still. */
const CANDLES = randomCandles(7, BARS, { start: START, stepMs: HOUR_MS });
CANDLES.volume.fill(0, 100, 130);
for (const name of ['open', 'high', 'low', 'close'] as const) CANDLES[name].fill(CANDLES.close[199], 200, 240);

type Numbers = Readonly<Record<string, number>>;

/** LONG and SHORT, from the texts of the outputs and of the price, and the signal parameters. */
const FAMILIES: Record<Family, (out: readonly string[], price: string, signal: Numbers) => [string, string]> = {
  price_vs_output: ([a], price, { inverted }) =>
    inverted === 1 ? [`${price} < ${a}`, `${price} > ${a}`] : [`${price} > ${a}`, `${price} < ${a}`],
  volume_vs_output: ([a]) => [`volume > ${a}`, `volume < ${a}`],
  output_vs_output: ([a, b]) => [`${a} > ${b}`, `${a} < ${b}`],
  sign: ([a]) => [`${a} > 0`, `${a} < 0`],
  centered: ([a], _, { center, abs_threshold }) => [
    `${a} > ${center} + ${abs_threshold}`,
    `${a} < ${center} - ${abs_threshold}`,
  ],
  threshold_band: ([a], _, { long_threshold: long, short_threshold: short }) =>
    long <= short ? [`${a} <= ${long}`, `${a} >= ${short}`] : [`${a} >= ${long}`, `${a} <= ${short}`],
  delta_sign: ([a], _, { long_delta_periods: long, short_delta_periods: short }) => [
    `${a} - ${a}[${Math.abs(long)}] > 0`,
    `${a} - ${a}[${Math.abs(short)}] < 0`,
  ],
  candle_body: ([a], _, { min }) => [`${a} >= ${min} and close > open`, `${a} >= ${min} and close < open`],
  pivot_events: ([high, low]) => [`exists(${low})`, `exists(${high})`],
  band_touch: ([lower, upper]) => [`close <= ${lower}`, `close >= ${upper}`],
  outside_bands: ([lower, upper]) => [`close < ${lower}`, `close > ${upper}`],
};

const values = (list: readonly (number | string)[]) => ({ mode: 'explicit', values: [...new Set(list)] });

/** The default and another value, unless another would change no output that the rule reads. */
function valuesOf({ unaffected }: Indicator, { outputs }: SignalRule, param: Param): readonly number[] {
  if (outputs.length > 0 && outputs.every((name) => unaffected[name]?.includes(param.name))) return [param.default];
  const other = param.kind === 'int' ? param.default + 3 : Number((param.default * 1.5).toPrecision(6));
  return [param.default, Math.min(param.max, other)];
}

/** The default and what makes another text of the family, or another bar: thresholds change places. */
function signalValuesOf({ family, params }: SignalRule, { name, default: usual }: Param): readonly number[] {
  const other = (of: string): number => params.find((param) => param.name === of)?.default ?? usual;
  if (name === 'inverted') return [0, 1];
  if (family === 'delta_sign') return [usual, -2];
  if (name === 'long_threshold') return [usual, other('short_threshold')];
  return name === 'short_threshold' ? [usual, other('long_threshold')] : [usual];
}

async function resultOf(template: object): Promise<SearchResult> {
  const spec = parseSpec({
    time_range: {
      start: new Date(START + 50 * HOUR_MS).toISOString(),
      end: new Date(START + BARS * HOUR_MS).toISOString(),
    },
    luck: 0,
    warmup_bars: 50,
    top_k: 5000,
    top_trades_n: 1000,
    template: {
      instrument_id: { market_id: 1, symbol: 'TEST' },
      timeframe: '1h',
      risk_grid: { sl: values(['off', 2]) },
      ...template,
    },
  });
  for await (const { result } of search(CANDLES, spec)) if (result !== null) return result;
  return assert.fail('no result');
}

/** What a variant came to, by what it is. */
type Variants = Map<string, object>;

function put(
  variants: Variants,
  { rows }: SearchResult,
  nameOf: (payload: SearchResult['rows'][number]['payload']) => readonly unknown[],
): void {
  for (const { payload, metrics, report_table_md, trades } of rows) {
    const name = JSON.stringify([...nameOf(payload), payload.risk_params.sl_pct]);
    assert.ok(!variants.has(name), name);
    variants.set(name, { metrics, report_table_md, trades });
  }
}

async function byTemplate(indicator: Indicator, rule: SignalRule, sources: readonly string[]): Promise<Variants> {
  const { id, params } = indicator;
  const grid = Object.fromEntries(params.map((param) => [param.name, values(valuesOf(indicator, rule, param))]));
  const signals = rule.params.map((param) => [param.name, values(signalValuesOf(rule, param))] as const);
  const chosen = indicator.rules.length > 1 ? { rule: rule.name } : {};
  const variants: Variants = new Map();
  const result = await resultOf({
    indicator_grids: [{ indicator_id: id, ...(indicator.source && { source: values(sources) }), params: grid }],
    signal_grids: { [id]: { ...Object.fromEntries(signals), ...chosen } },
  });
  put(variants, result, ({ indicator_selections: [selection], signal_params }) => [
    selection.inputs['source'] ?? 'close',
    params.map(({ name }) => selection.params[name]),
    rule.params.map(({ name }) => signal_params[id][name]),
  ]);
  return variants;
}

/** A spec for each text, with the parameters of the indicator as its axes. */
async function byRules(indicator: Indicator, rule: SignalRule, sources: readonly string[]): Promise<Variants> {
  const names = indicator.params.map((_, at) => `p${at}`);
  const axes = indicator.params.map((param, at) => [names[at], values(valuesOf(indicator, rule, param))] as const);
  const variants: Variants = new Map();
  for (const source of sources) {
    const call = `${indicator.short}(${[...(indicator.source ? [source] : []), ...names].join(', ')})`;
    for (const signal of combinations(rule)) {
      const outputs = rule.outputs.map((output) => `${call}.${output}`);
      const [long, short] = FAMILIES[rule.family](outputs, source, signal);
      const result = await resultOf({ rules: { long, short }, params: Object.fromEntries(axes) });
      put(variants, result, ({ params }) => [source, names.map((name) => params?.[name]), Object.values(signal)]);
    }
  }
  return variants;
}

function combinations(rule: SignalRule): readonly Numbers[] {
  const all = rule.params.reduce<readonly (readonly [string, number])[][]>(
    (some, param) => {
      const added = [...new Set(signalValuesOf(rule, param))].map((value) => [param.name, value] as const);
      return some.flatMap((one) => added.map((pair) => one.concat([pair])));
    },
    [[]],
  );
  return all.map((pairs) => Object.fromEntries(pairs));
}

for (const indicator of CATALOGUE) {
  for (const rule of indicator.rules) {
    test(`${indicator.id} ${rule.name}: a template and its rules give the same variants`, async () => {
      const sources = indicator.source ? ['close', 'hl2'] : ['close'];
      const expected = await byRules(indicator, rule, sources);
      const found = await byTemplate(indicator, rule, sources);
      assert.ok(expected.size > 0, 'nothing trades');
      assert.deepEqual(new Set(found.keys()), new Set(expected.keys()));
      // Not one comparison of all: what it would print of a difference takes minutes to make.
      for (const [name, variant] of expected) assert.ok(isDeepStrictEqual(found.get(name), variant), name);
    });
  }
}
