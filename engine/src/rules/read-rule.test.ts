import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indicatorById, type Indicator } from '../indicators/catalogue.ts';
import type { Expr, NumberExpr, SeriesExpr } from './expression.ts';
import { pointAt } from './problem.ts';
import { readConstraint, readRule, type Reading, type Scope } from './read-rule.ts';

const params = new Set(['fast', 'slow', 'limit']);

function row(id: string): Indicator {
  return indicatorById(id) ?? assert.fail(id);
}

const number = (value: number): NumberExpr => ({ kind: 'number', value });
const param = (name: string): NumberExpr => ({ kind: 'param', name });
const constant = (of: NumberExpr): SeriesExpr => ({ kind: 'constant', of });
const close: SeriesExpr = { kind: 'column', column: 'close' };
const volume: SeriesExpr = { kind: 'column', column: 'volume' };
const rsi = (input: SeriesExpr, window: NumberExpr): SeriesExpr => ({
  kind: 'indicator',
  indicator: row('momentum.rsi'),
  input,
  params: [window],
  output: 'rsi',
});
const macd = (output: string, ...numbers: readonly NumberExpr[]): SeriesExpr => ({
  kind: 'indicator',
  indicator: row('momentum.macd'),
  input: close,
  params: numbers,
  output,
});

function exprOf(reading: Reading): Expr {
  return 'expr' in reading ? reading.expr : assert.fail(JSON.stringify(reading.problems));
}

/** The series on the left of a comparison. */
function seriesOf(text: string, scope: Scope = { params }): SeriesExpr {
  const expr = exprOf(readRule(`${text} > volume`, scope));
  return expr.kind === 'compare' ? expr.left : assert.fail(expr.kind);
}

/** What the caret shows, without the text above it. */
function carets(text: string, reading: Reading): readonly string[] {
  if ('expr' in reading) return [];
  return reading.problems.map((problem) => pointAt(text, problem).split('\n')[1]);
}

test('series: columns, clock, numbers lifted, lags, arithmetic, extremes', () => {
  assert.deepEqual(seriesOf('close'), close);
  assert.deepEqual(seriesOf('hour'), { kind: 'clock', unit: 'hour' });
  assert.deepEqual(seriesOf('dayofweek()'), { kind: 'clock', unit: 'dayofweek' });
  assert.deepEqual(seriesOf('2 * 3 + fast'), {
    kind: 'constant',
    of: { kind: 'number_op', op: '+', left: number(6), right: param('fast') },
  });
  assert.deepEqual(seriesOf('close[fast]'), { kind: 'lag', of: close, bars: param('fast') });
  assert.deepEqual(seriesOf('close[0]'), { kind: 'lag', of: close, bars: number(0) });
  assert.deepEqual(seriesOf('-close'), { kind: 'series_op', op: '-', left: constant(number(0)), right: close });
  assert.deepEqual(seriesOf('close / -2'), { kind: 'series_op', op: '/', left: close, right: constant(number(-2)) });
  assert.deepEqual(seriesOf('max(close, fast)'), {
    kind: 'series_op',
    op: 'max',
    left: close,
    right: constant(param('fast')),
  });
  assert.deepEqual(
    seriesOf('min(fast, 1)'),
    constant({ kind: 'number_op', op: 'min', left: param('fast'), right: number(1) }),
  );
  assert.deepEqual(seriesOf('abs(close)'), { kind: 'series_abs', of: close });
  assert.deepEqual(seriesOf('abs(fast)'), constant({ kind: 'number_abs', of: param('fast') }));
  assert.deepEqual(seriesOf('lowest(close, slow)'), {
    kind: 'extreme',
    op: 'lowest',
    of: close,
    window: param('slow'),
  });
});

test('indicators: parameters in order or by name, defaults of the catalogue, the first output', () => {
  for (const text of [
    'rsi()',
    'rsi(close)',
    'rsi(close, 14)',
    'rsi(window=14)',
    'rsi(close, window=14)',
    'rsi(source=close)',
  ]) {
    assert.deepEqual(seriesOf(text), rsi(close, number(14)), text);
  }
  assert.deepEqual(seriesOf('rsi(rsi(volume, 9), fast * 2)'), {
    ...rsi(rsi(volume, number(9)), { kind: 'number_op', op: '*', left: param('fast'), right: number(2) }),
  });
  assert.deepEqual(seriesOf('macd()'), macd('macd', number(12), number(26), number(9)));
  assert.deepEqual(
    seriesOf('macd(close, fast, slow_window=slow).hist'),
    macd('hist', param('fast'), param('slow'), number(9)),
  );
  assert.deepEqual(seriesOf('(macd(signal_window=5)).signal'), macd('signal', number(12), number(26), number(5)));
  const atr = {
    kind: 'indicator',
    indicator: row('volatility.atr'),
    input: null,
    params: [number(10)],
    output: 'atr_pct',
  };
  assert.deepEqual(seriesOf('atr(10).atr_pct'), atr);
  assert.deepEqual(seriesOf('rsi()[1]'), { kind: 'lag', of: rsi(close, number(14)), bars: number(1) });
});

test('conditions', () => {
  const rising = { kind: 'compare', op: '>', left: close, right: volume };
  assert.deepEqual(exprOf(readRule('close > volume', { params })), rising);
  assert.deepEqual(exprOf(readRule('close > volume and not exists(rsi())', { params })), {
    kind: 'and',
    left: rising,
    right: { kind: 'not', of: { kind: 'exists', of: rsi(close, number(14)) } },
  });
  assert.deepEqual(exprOf(readRule('cross_below(close, 30) or fast <= 3', { params })), {
    kind: 'or',
    left: { kind: 'cross', op: 'cross_below', left: close, right: constant(number(30)) },
    right: { kind: 'compare_numbers', op: '<=', left: param('fast'), right: number(3) },
  });
  for (const op of ['<', '<=', '>', '>=', '==', '!=']) {
    assert.deepEqual(exprOf(readRule(`close ${op} volume`, { params })), { ...rising, op });
  }
});

test('bindings come before parameters and columns, and hide no function', () => {
  const bindings = new Map<string, Expr>([
    ['close', rsi(volume, number(3))],
    ['fast', number(7)],
    ['min', close],
    ['up', exprOf(readRule('close > open', { params }))],
  ]);
  const scope = { params, bindings };
  assert.deepEqual(seriesOf('close', scope), rsi(volume, number(3)));
  assert.deepEqual(seriesOf('fast', scope), constant(number(7)));
  assert.deepEqual(seriesOf('min(min, 1)', scope), {
    kind: 'series_op',
    op: 'min',
    left: close,
    right: constant(number(1)),
  });
  assert.deepEqual(exprOf(readRule('not up', scope)), { kind: 'not', of: bindings.get('up') });
  assert.deepEqual(carets('up + 1 > up()', readRule('up + 1 > up()', scope)), [
    '^^ needs a series, this is a condition',
    '         ^^ up takes no arguments',
  ]);
  assert.deepEqual(carets('close.rsi > 1', readRule('close.rsi > 1', scope)), [
    '      ^^^ only the call of an indicator has outputs',
  ]);
  assert.deepEqual(seriesOf('rsi()', scope), rsi(close, number(14)), 'the default source is the price');
});

test('constraints compare numbers and parameters', () => {
  assert.deepEqual(exprOf(readConstraint('not fast * 2 < slow', { params })), {
    kind: 'not',
    of: {
      kind: 'compare_numbers',
      op: '<',
      left: { kind: 'number_op', op: '*', left: param('fast'), right: number(2) },
      right: param('slow'),
    },
  });
  const cases = [
    ['fast < close', '       ^^^^^ close is a series; a constraint reads parameters only'],
    ['ema(close, 20) > fast', '^^^ ema is a series; a constraint reads parameters only'],
    ['hour() < fast', '^^^^^^ hour is a series; a constraint reads parameters only'],
    ['exists(fast)', '       ^^^^ needs a series, this is a number'],
    ['fast', '^^^^ a constraint is a condition, this is a number; write it as in fast < slow'],
  ];
  for (const [text, expected] of cases) assert.deepEqual(carets(text, readConstraint(text, { params })), [expected]);
  const up = exprOf(readRule('close > open', { params }));
  assert.deepEqual(carets('up', readConstraint('up', { params, bindings: new Map([['up', up]]) })), [
    '^^ up is a condition; a constraint reads parameters only',
  ]);
});

test('what is wrong is shown where it is', () => {
  // A text, then a line for each problem.
  const cases: readonly (readonly string[])[] = [
    ['', '^ the rule is empty'],
    ['  ', '^ the rule is empty'],
    ['close >', '       ^ a value is missing at the end'],
    ['close > > 2', '        ^ a value is missing before this'],
    ['+close > 2', '^ a value is missing before this'],
    ['close > 1 open', '          ^^^^ an operator is missing before this'],
    ['close > 1 AND open > 2', '          ^^^ write and'],
    ['close = 3', '      ^ write == to compare'],
    ['abs((close = 3)) > 1', '           ^ write == to compare'],
    ['close > 3 && open > 3', '          ^^ write and'],
    ['!exists(close)', '^ write not'],
    ['open < close < high', '             ^ write and between two comparisons'],
    ['(close > 3', '^ this ( is never closed'],
    ['close > 3)', '         ^ there is no ( for this'],
    ['close[1 > 2', '     ^ this [ is never closed'],
    ['close[1) > 2', '       ^ there is no ( for this'],
    ['ema(close, 3', '   ^ this ( is never closed'],
    ['ema(close 3) > 2', '          ^ a comma or an operator is missing before this'],
    ['ema(close,) > 2', '          ^ an argument is missing after the comma'],
    ['close > 1,000', '         ^ a comma only stands between the arguments of a call'],
    ['close + not exists(close) > 1', '        ^^^ put not and what it negates in parentheses'],
    ['close. > 1', '       ^ the name of an output is missing after the dot'],
    ['ma.ema(close, 3) > 2', '^^^^^^ write ema, without what stands before the dot'],
    [
      'emma(close, fast) > fst',
      '^^^^ there is no emma; did you mean ema?',
      '                    ^^^ there is no fst; did you mean fast?',
    ],
    [
      'xyzzy(close) > plugh',
      '^^^^^ there is no function or indicator xyzzy',
      '               ^^^^^ there is no plugh; parameters stand in params',
    ],
    ['NOT (close > 1)', '^^^ there is no NOT; did you mean not?'],
    [
      'constructor > __proto__(1)',
      '^^^^^^^^^^^ there is no constructor; parameters stand in params',
      '              ^^^^^^^^^ there is no function or indicator __proto__',
    ],
    ['macd.signal > 3', '^^^^ macd is an indicator: write macd(close, 12, 26, 9)'],
    ['atr > 3', '^^^ atr is an indicator: write atr(14)'],
    ['min > 3', '^^^ min is a function: write min(a, b)'],
    ['close(1) > fast(2)', '^^^^^ close takes no arguments', '           ^^^^ fast takes no arguments'],
    ['hour(1) > 2', '^^^^ hour takes no arguments'],
    ['rsi(14) < 3', '    ^^ the first argument is a series: write rsi(close, 14)'],
    ['ema(5, open) > 3', '    ^ the first argument is a series: write ema(open, 5)'],
    ['macd(5, slow_window=30) > 3', '     ^ the first argument is a series: write macd(close, 5, slow_window=30)'],
    ['macd(12, 26, (9)) < 3', '     ^^ the first argument is a series: write macd(close, 12, 26, (9))'],
    ['rsi(close > 1) > 2', '    ^^^^^^^^^ needs a series, this is a condition'],
    ['rsi(source=14) > 2', '    ^^^^^^^^^ needs a series, this is a number'],
    ['atr(close, 14) > 2', '    ^^^^^ atr takes no series, it reads high, low, close: write atr(14)'],
    ['atr(rsi()) > 2', '    ^^^^^ atr takes no series, it reads high, low, close: write atr()'],
    ['atr(source=close) > 2', '    ^^^^^^^^^^^^ atr has no source; it has window'],
    ['atr(close > 1) > 2', '    ^^^^^^^^^ window needs a number, this is a condition'],
    ['rsi(close, 14, 3) > 2', '               ^ one too many: rsi takes source, window'],
    ['rsi(windw=14) > 2', '    ^^^^^^^^ rsi has no windw; it has source, window'],
    ['rsi(close, 3, window=4) > 2', '              ^^^^^^^^ window is given twice'],
    ['rsi(window=4, close) > 2', '              ^^^^^ arguments without a name come before those with one'],
    ['rsi(close, open) > 2', '           ^^^^ window needs a number, this is a series'],
    [
      'rsi(close, 1) > rsi(close, 2 + 0.5)',
      '           ^ window must be 2 to 2000, got 1',
      '                           ^^^^^^^ window must be a whole number, got 2.5',
    ],
    ['macd(close, 26, 12) > 0', '^^^^ fast_window 26 must be below slow_window 12'],
    ['macd(fast_window=26) > 0', '^^^^ fast_window 26 must be below slow_window 26'],
    ['macd().sig > 0', '       ^^^ macd has no output sig; it has macd, signal, hist'],
    [
      'macd()[1].signal > 0',
      '          ^^^^^^ only the call of an indicator has outputs; an output comes before the lag',
    ],
    ['macd().signal.hist > 0', '              ^^^^ only the call of an indicator has outputs'],
    ['close.open > 0', '      ^^^^ only the call of an indicator has outputs'],
    ['close[-1] > 0', '      ^^ the future cannot be read'],
    ['close[1 - 3] > 0', '      ^^^^^ the future cannot be read'],
    ['close[1.5] > 0', '      ^^^ needs a whole number of at least 0, got 1.5'],
    ['close[open] > 0', '      ^^^^ needs a number, this is a series'],
    ['fast[1] > 0', '^^^^ needs a series, this is a number'],
    ['(close > open)[1]', ' ^^^^^^^^^^^^ needs a series, this is a condition'],
    ['highest(close, 0) > 1', '               ^ needs a whole number of at least 1, got 0'],
    [
      'highest(3, close) > 1',
      '        ^ needs a series, this is a number',
      '           ^^^^^ needs a number, this is a series',
    ],
    ['highest(close) > 1', '^^^^^^^ highest takes 2, got 1: write highest(x, n)'],
    ['highest(close, n=3) > 1', '               ^^^ highest names no arguments: write highest(x, n)'],
    ['cross_above(fast, 2)', '            ^^^^ one of the two must be a series, these are numbers'],
    ['exists(close > 1)', '       ^^^^^^^^^ needs a series, this is a condition'],
    [
      '(close > 1) + 2 > (open < 1)',
      ' ^^^^^^^^^ needs a series, this is a condition',
      '                   ^^^^^^^^ needs a series, this is a condition',
    ],
    ['-(close > 1) > 2', '  ^^^^^^^^^ needs a series, this is a condition'],
    [
      'close and 3',
      '^^^^^ needs a condition, this is a series; compare it with something',
      '          ^ needs a condition, this is a number; compare it with something',
    ],
    ['not close', '    ^^^^^ needs a condition, this is a series; compare it with something'],
    ['close > 1 / 0', '        ^^^^^ this has no finite value'],
    ['close > 1e300 * 1e300', '        ^^^^^^^^^^^^^ this has no finite value'],
    ['close', '^^^^^ a rule is a condition, this is a series; write it as in close > open'],
    ['fast', '^^^^ a rule is a condition, this is a number; write it as in close > open'],
  ];
  for (const [text, ...expected] of cases) assert.deepEqual(carets(text, readRule(text, { params })), expected, text);
});

test('a text may be 10,000 characters long', () => {
  const text = 'close > 1'.padEnd(10_000);
  assert.ok('expr' in readRule(text, { params }));
  assert.deepEqual(readRule(`${text} `, { params }), {
    problems: [{ column: 10_001, length: 1, message: 'a rule has at most 10000 characters, this one 10001' }],
  });
});
