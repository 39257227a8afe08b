import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Payload } from '@backtest-jobs/engine';
import { cells, table } from './table.ts';
import { parametersOf, reportLines, reportRows, variantTable, type VariantLine } from './variants.ts';

function payload(risk: Partial<Payload['risk_params']> = {}, signal: Record<string, number | string> = {}): Payload {
  return {
    indicator_selections: [
      { indicator_id: 'ma.sma', inputs: { source: 'hlc3' }, params: { window: 50 } },
      { indicator_id: 'momentum.rsi', inputs: { source: 'close' }, params: { window: 14 } },
    ],
    signal_params: { 'ma.sma': {}, 'momentum.rsi': { long_threshold: 30, short_threshold: 70, ...signal } },
    rules: null,
    params: null,
    risk_params: {
      sl_enabled: true,
      sl_pct: 5,
      tp_enabled: false,
      tp_pct: null,
      trail_enabled: false,
      trail_pct: null,
      max_bars_enabled: false,
      max_bars: null,
      trigger: 'close',
      ...risk,
    },
    execution_params: {
      init_cash_quote: 1,
      fee_pct: 0,
      slippage_pct: 0,
      fixed_quote: 1,
      equity_percent: 1,
      safe_profit_percent: 1,
      fill: 'close',
    },
    direction_mode: 'long-short',
    sizing_mode: 'all_in',
  };
}

test('definitions stand below the rows they belong to, and drawdowns are told over episodes too', () => {
  const rows = ['|Metric|Value|', '|---|---|', '|Avg. Drawdown [%]|1.5|', '|Expectancy|0.2|'].join('\n');
  const metrics = { total_return_pct: 1, bust: 0, ambiguous_bars: 0, avg_drawdown_episode: 4.25 };
  const [, ...lines] = reportLines(rows, metrics);
  assert.ok(lines.every((line) => line.length <= 100));
  assert.equal(
    lines.join(' '),
    'Avg. Drawdown [%]: mean over all bars of the fall from the running peak, 0 on bars without one; mean of the deepest ' +
      'of each drawdown 4.25% Expectancy: mean return of a trade in percent, equal to Avg. Trade [%]',
  );
  const out = reportLines(rows, metrics, { metrics, report_table_md: rows });
  assert.deepEqual(out.slice(-lines.length), lines);
});

test('parameters as one short line', () => {
  assert.equal(parametersOf(payload()), 'sma(hlc3,50) · rsi(14) ≤30/≥70 · sl 5% tp off');
  assert.equal(parametersOf(payload({ sl_enabled: false, sl_pct: null })), 'sma(hlc3,50) · rsi(14) ≤30/≥70 · no stops');
  const turned = payload({ tp_enabled: true, tp_pct: 2.5 }, { long_threshold: 60, short_threshold: 40 });
  assert.equal(parametersOf(turned), 'sma(hlc3,50) · rsi(14) ≥60/≤40 · sl 5% tp 2.5%');
  const more = { trail_enabled: true, trail_pct: 3, max_bars_enabled: true, max_bars: 20 };
  assert.match(parametersOf(payload(more)), / · sl 5% tp off trail 3% max 20 bars$/);
  assert.match(parametersOf(payload({ ...more, sl_enabled: false, sl_pct: null })), / · trail 3% max 20 bars$/);
});

test('signal parameters of the other families', () => {
  const one = (indicator_id: string, params: Record<string, number>, signal: Record<string, number | string>) =>
    parametersOf({
      ...payload({ sl_enabled: false, sl_pct: null }),
      indicator_selections: [{ indicator_id, inputs: {}, params }],
      signal_params: { [indicator_id]: signal },
    });
  assert.equal(
    one('volatility.atr', { window: 14 }, { long_delta_periods: -1, short_delta_periods: -1 }),
    'atr(14) Δ-1/-1 · no stops',
  );
  assert.equal(
    one('momentum.macd', { fast_window: 12, slow_window: 26, signal_window: 9 }, { rule: 'macd_vs_signal' }),
    'macd(12,26,9) macd_vs_signal · no stops',
  );
  assert.equal(one('ma.ema', { window: 9 }, { inverted: 0 }), 'ema(9) · no stops');
  assert.equal(one('ma.ema', { window: 9 }, { inverted: 1 }), 'ema(9) inverted · no stops');
  assert.equal(
    one('trend.vortex', { window: 14 }, { abs_threshold: 0.05 }),
    'vortex(14) abs_threshold=0.05 · no stops',
  );
});

test('the table of variants fits 100 columns whatever the numbers', () => {
  const metrics = {
    total_return_pct: 1234567.891,
    max_drawdown_pct: 12.345,
    profit_factor: 'inf',
    sharpe: null,
    num_trades: 1234,
    win_rate_pct: 100,
  } as const;
  const lines: VariantLine[] = [
    { rank: 1, metrics, payload: payload({ tp_enabled: true, tp_pct: 12.5 }) },
    { rank: 300, metrics: { ...metrics, total_return_pct: '-inf', sharpe: -0.004 }, payload: payload() },
  ];
  const { columns, rows } = variantTable(lines);
  const drawn = table(columns, rows);
  for (const line of drawn) assert.ok(cells(line) <= 100, line);
  assert.match(drawn[1] ?? '', /1,234,567\.9% +12\.3% +inf +N\/A +1,234 +100%$/);
  assert.match(drawn[2] ?? '', / -inf .* -0\.00 /);
});

test('a ranking by plateaus has its score as the last column', () => {
  const metrics = { total_return_pct: 12, sharpe: 1, num_trades: 3, plateau_score: 0.756 };
  const line: VariantLine = { rank: 1, metrics, payload: payload() };
  const held = { metrics: { total_return_pct: 2 }, report_table_md: '' };
  for (const one of [line, { ...line, out_of_sample: held }]) {
    const { columns, rows } = variantTable([one]);
    assert.equal(columns.at(-1)?.title, 'plateau');
    assert.equal(rows[0]?.at(-1), '0.76');
    assert.equal(rows[0]?.length, columns.length);
  }
});

test('what was held out stands beside what was searched on', () => {
  const report = (value: string) =>
    ['|Metric|Value|', '|---|---|', `|Total Return [%]|${value}|`, '|SQN|N/A|'].join('\n');
  const metrics = { total_return_pct: 12.34, sharpe: 1.5, num_trades: 40, ambiguous_bars: 0, bust: 0 };
  const held = {
    metrics: { ...metrics, total_return_pct: -3.21, sharpe: null, bust: 1, written_off: 5 },
    report_table_md: report('-3.21'),
  };
  const { columns, rows } = variantTable([{ rank: 1, metrics, payload: payload(), out_of_sample: held }]);
  const [head = '', line = ''] = table(columns, rows);
  assert.match(head, /return +oos return +sharpe +oos sharpe +trades +oos trades$/);
  assert.match(line, / 12\.3% +-3\.2% +1\.50 +N\/A +40 +40$/);
  assert.ok(cells(head) <= 100);
  const lines = reportLines(report('12.34'), metrics, held);
  assert.match(lines[0] ?? '', / in sample +out of sample$/);
  assert.match(lines[1] ?? '', /^Total Return \[%\] +12\.34 +-3\.21$/);
  assert.match(lines[3] ?? '', /^bust .* 5\.00 .* \(out of sample\)$/);
});

test('a report table comes back as rows, and as two columns', () => {
  const report = ['|Metric|Value|', '|---|---|', '|Start|2020-01-01|', '|Total Return [%]|12.5|', '|SQN|N/A|'].join(
    '\n',
  );
  assert.deepEqual(reportRows(`${report}\n`), [
    { metric: 'Start', value: '2020-01-01' },
    { metric: 'Total Return [%]', value: '12.5' },
    { metric: 'SQN', value: 'N/A' },
  ]);
  const lines = ['Start             2020-01-01    SQN                      N/A', 'Total Return [%]        12.5'];
  const plain = { total_return_pct: 12.5, ambiguous_bars: 0, total_return_pct_tp_first: 12.5, bust: 0, written_off: 0 };
  assert.deepEqual(reportLines(report, plain), lines);
  const doubtful = { ...plain, ambiguous_bars: 3, total_return_pct_tp_first: 1234.5 };
  assert.deepEqual(reportLines(report, doubtful), [
    ...lines,
    'ambiguous  3 bars reached both a stop and the take-profit: total return 12.50% with the stop first, 1,234.50% with the take-profit first',
  ]);
  assert.deepEqual(reportLines(report, { ...plain, bust: 1, written_off: 250 }), [
    ...lines,
    'bust       a trade left nothing to trade with; 250.00 of debt is written off',
  ]);
  const trails = { ...plain, ambiguous_bars: 2, possible_trails: 2, total_return_pct_trail_hit: 7.25 };
  assert.deepEqual(reportLines(report, trails), [
    ...lines,
    'ambiguous  2 bars may have hit the trailing stop that they moved: total return 12.50% if none did, 7.25% if all did',
  ]);
  assert.deepEqual(reportLines(report, { ...plain, waited_fills: 2, carried_close: 1 }), [
    ...lines,
    'waited     2 fills waited for a bar with a candle; nobody traded when they were due',
    'no market  the last bar has no candle: the forced close has the price of the last one before',
  ]);
  assert.deepEqual(reportLines(report, { ...plain, short_history_bars: 1200 }), [
    ...lines,
    'no value   an indicator has none on the first 1,200 bars: its history is too short',
  ]);
});
