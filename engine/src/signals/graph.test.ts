// The graph against a naive reading of the same rules: bar by bar, without bitsets, memory or sharing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GridAxis } from '../axis.ts';
import { sourceSeries, type Candles } from '../bars/candles.ts';
import { signalOf } from '../columns/bits.ts';
import { random } from '../grid/random.ts';
import { indicatorById } from '../indicators/catalogue.ts';
import type { ConditionExpr, NumberExpr, SeriesExpr } from '../rules/expression.ts';
import { randomCandles } from '../testing/candles.ts';
import { openGraph } from './graph.ts';

const BARS = 150;
const FIRST = 21;
const AXES: readonly GridAxis[] = [
  axis('a', [2, 3, 7]),
  axis('word', ['x', 'y']),
  axis('b', [0, 1, 5]),
  axis('one', [4]),
];

function axis(key: string, values: readonly (number | string)[]): GridAxis {
  return { key, indicator_id: null, kind: 'param', name: key, values };
}

type Values = Readonly<Record<string, number | string>>;
type Pick = <T>(...choices: readonly T[]) => T;

function randomNumber(pick: Pick, whole: boolean): NumberExpr {
  const param = { kind: 'param', name: pick('a', 'b', 'one') } as const;
  const choices: NumberExpr[] = [param, param, { kind: 'number', value: pick(0, 1, 2, 5) }];
  if (!whole)
    choices.push({ kind: 'number_op', op: pick('+', '-', '*', '/', 'min', 'max'), left: param, right: choices[2] });
  if (!whole) choices.push({ kind: 'number_abs', of: { kind: 'number_op', op: '-', left: choices[2], right: param } });
  return pick(...choices);
}

function randomSeries(pick: Pick, depth: number): SeriesExpr {
  const column = { kind: 'column', column: pick('open', 'high', 'close', 'hl2', 'volume') } as const;
  if (depth === 0) return column;
  const inner = (): SeriesExpr => randomSeries(pick, depth - 1);
  return pick<() => SeriesExpr>(
    () => column,
    () => ({ kind: 'clock', unit: pick('hour', 'dayofweek') }),
    () => ({ kind: 'constant', of: randomNumber(pick, false) }),
    () => ({ kind: 'lag', of: inner(), bars: randomNumber(pick, true) }),
    () => ({ kind: 'series_op', op: pick('+', '-', '*', '/', 'min', 'max'), left: inner(), right: inner() }),
    () => ({ kind: 'series_abs', of: inner() }),
    () => ({
      kind: 'extreme',
      op: pick('highest', 'lowest'),
      of: inner(),
      window: { kind: 'param', name: pick('a', 'one') },
    }),
    () => ({ kind: 'choose_series', axis: 'word', cases: { x: inner(), y: inner() } }),
    () => smaOf(inner(), { kind: 'param', name: pick('a', 'one') }),
  )();
}

function smaOf(input: SeriesExpr, window: NumberExpr): SeriesExpr {
  const indicator = indicatorById('ma.sma') ?? assert.fail('no sma');
  return { kind: 'indicator', indicator, input, params: [window], output: 'sma' };
}

function randomCondition(pick: Pick, depth: number): ConditionExpr {
  const series = (): SeriesExpr => randomSeries(pick, 2);
  const inner = (): ConditionExpr => randomCondition(pick, depth - 1);
  const op = pick('<', '<=', '>', '>=', '==', '!=');
  const leaves: (() => ConditionExpr)[] = [
    () => ({ kind: 'compare', op, left: series(), right: series() }),
    () => ({ kind: 'compare_numbers', op, left: randomNumber(pick, false), right: randomNumber(pick, false) }),
    () => ({ kind: 'cross', op: pick('cross_above', 'cross_below'), left: series(), right: series() }),
    () => ({ kind: 'exists', of: series() }),
  ];
  if (depth === 0) return pick(...leaves)();
  return pick<() => ConditionExpr>(
    ...leaves,
    () => ({ kind: pick('and', 'or'), left: inner(), right: inner() }),
    () => ({ kind: pick('and', 'or'), left: inner(), right: inner() }),
    () => ({ kind: 'not', of: inner() }),
    () => ({ kind: 'holds', of: inner() }),
    () => ({ kind: 'choose_condition', axis: 'word', cases: { x: inner(), y: inner() } }),
  )();
}

function operate(op: string, a: number, b: number): number {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '*') return a * b;
  if (op === '/') return b === 0 ? NaN : a / b;
  return op === 'min' ? Math.min(a, b) : Math.max(a, b);
}

function judge(op: string, a: number, b: number): boolean | null {
  if (Number.isNaN(a) || Number.isNaN(b)) return null;
  return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b, '==': a === b, '!=': a !== b }[op] ?? null;
}

function numberAt(expr: NumberExpr, values: Values): number {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind === 'param') return Number(values[expr.name]);
  if (expr.kind === 'number_abs') return Math.abs(numberAt(expr.of, values));
  return operate(expr.op, numberAt(expr.left, values), numberAt(expr.right, values));
}

/** Columns that were computed already, for one set of values. */
const columns = new WeakMap<Values, Map<SeriesExpr, Float64Array>>();

function seriesAt(expr: SeriesExpr, bar: number, values: Values, candles: Candles): number {
  const known = columns.get(values) ?? new Map<SeriesExpr, Float64Array>();
  columns.set(values, known);
  const column = known.get(expr) ?? candles.time.map((_, at) => valueAt(expr, at, values, candles));
  known.set(expr, column);
  return column[bar];
}

/** The value of a series on one bar. */
function valueAt(expr: SeriesExpr, bar: number, values: Values, candles: Candles): number {
  const at = (inner: SeriesExpr, where = bar): number => (where < 0 ? NaN : seriesAt(inner, where, values, candles));
  switch (expr.kind) {
    case 'column':
      return sourceSeries(candles, expr.column)[bar];
    case 'clock': {
      const date = new Date(candles.time[bar]);
      return expr.unit === 'hour' ? date.getUTCHours() : (date.getUTCDay() + 6) % 7;
    }
    case 'constant':
      return numberAt(expr.of, values);
    case 'lag':
      return at(expr.of, bar - numberAt(expr.bars, values));
    case 'series_abs':
      return Math.abs(at(expr.of));
    case 'series_op':
      return operate(expr.op, at(expr.left), at(expr.right));
    case 'extreme': {
      const window = Array.from({ length: numberAt(expr.window, values) }, (_, back) => at(expr.of, bar - back));
      return expr.op === 'highest' ? Math.max(...window) : Math.min(...window);
    }
    case 'choose_series':
      return at(expr.cases[values[expr.axis]]);
    case 'indicator': {
      const { input, params } = expr;
      assert.ok(input);
      const column = candles.time.map((_, where) => at(input, where));
      const out = new Float64Array(BARS);
      expr.indicator.kernel(
        [column],
        params.map((param) => numberAt(param, values)),
        [out],
      );
      return out[bar];
    }
  }
}

/** True, false, or null where a value it reads is NaN. */
function conditionAt(expr: ConditionExpr, bar: number, values: Values, candles: Candles): boolean | null {
  const at = (inner: ConditionExpr): boolean | null => conditionAt(inner, bar, values, candles);
  const series = (inner: SeriesExpr, where = bar): number =>
    where < 0 ? NaN : seriesAt(inner, where, values, candles);
  switch (expr.kind) {
    case 'compare':
      return judge(expr.op, series(expr.left), series(expr.right));
    case 'compare_numbers':
      return judge(expr.op, numberAt(expr.left, values), numberAt(expr.right, values));
    case 'cross': {
      const above = expr.op === 'cross_above';
      const now = judge(above ? '>' : '<', series(expr.left), series(expr.right));
      const before = judge(above ? '<=' : '>=', series(expr.left, bar - 1), series(expr.right, bar - 1));
      return now === null || before === null ? null : now && before;
    }
    case 'and':
    case 'or': {
      const [left, right] = [at(expr.left), at(expr.right)];
      if (left === null || right === null) return null;
      return expr.kind === 'and' ? left && right : left || right;
    }
    case 'not': {
      const of = at(expr.of);
      return of === null ? null : !of;
    }
    case 'exists':
      return !Number.isNaN(series(expr.of));
    case 'holds':
      return at(expr.of) === true;
    case 'choose_condition':
      return at(expr.cases[values[expr.axis]]);
  }
}

test('on random rules and parameters the graph says on every bar what a naive reading says', () => {
  const candles = randomCandles(4, BARS, { stepMs: 3_600_000 });
  candles.close.fill(NaN, 60, 75);
  candles.volume[90] = 0;
  const range = { candles, first: FIRST, end: BARS };
  let [longs, undefineds] = [0, 0];
  for (let seed = 0; seed < 250; seed += 1) {
    const next = random(seed);
    const pick: Pick = (...choices) => choices[Math.floor(next() * choices.length)];
    const long = randomCondition(pick, 3);
    const short = randomCondition(pick, 1);
    const graph = openGraph({ long, short, exit_long: null, exit_short: null }, AXES, range, {
      bytes: pick(0, 3000, 1e6),
    });
    const signal = new Int8Array(BARS - FIRST);
    for (let round = 0; round < 4; round += 1) {
      const digits = Int32Array.from(AXES, ({ values }) => Math.floor(next() * values.length));
      const values = Object.fromEntries(AXES.map(({ key, values: all }, at) => [key, all[digits[at]]]));
      const bits = graph(digits);
      signalOf(bits.long, bits.short, signal);
      for (let bar = FIRST; bar < BARS; bar += 3) {
        const up = conditionAt(long, bar, values, candles);
        const down = conditionAt(short, bar, values, candles);
        assert.equal(signal[bar - FIRST], Number(up === true) - Number(down === true), `seed ${seed}, bar ${bar}`);
        longs += Number(up === true);
        undefineds += Number(up === null);
      }
    }
  }
  assert.ok(longs > 5000 && undefineds > 1000, `${longs} true, ${undefineds} undefined`);
});

test('a condition is computed once for each combination of what it depends on', () => {
  let calls = 0;
  const sma = indicatorById('ma.sma') ?? assert.fail('no sma');
  const counted = {
    ...sma,
    kernel: (...given: Parameters<typeof sma.kernel>) => {
      calls += 1;
      sma.kernel(...given);
    },
  };
  const average = (name: string): SeriesExpr => ({
    kind: 'indicator',
    indicator: counted,
    input: { kind: 'column', column: 'close' },
    params: [{ kind: 'param', name }],
    output: 'sma',
  });
  const compare = (left: SeriesExpr, right: SeriesExpr): ConditionExpr => ({ kind: 'compare', op: '>', left, right });
  const close: SeriesExpr = { kind: 'column', column: 'close' };
  const axes = ['a', 'b', 'c'].map((key) => axis(key, [2, 3, 4, 5]));
  const long: ConditionExpr = {
    kind: 'and',
    left: compare(close, average('a')),
    right: { kind: 'and', left: compare(average('b'), close), right: compare(average('c'), average('b')) },
  };
  const candles = randomCandles(1, 100);
  const graph = openGraph(
    { long, short: null, exit_long: null, exit_short: null },
    axes,
    { candles, first: 0, end: 100 },
    { bytes: 1e6 },
  );
  const digits = new Int32Array(3);
  for (let index = 0; index < 64; index += 1) {
    digits.set([index >> 4, (index >> 2) & 3, index & 3]);
    graph(digits);
  }
  assert.equal(calls, 12);
});
