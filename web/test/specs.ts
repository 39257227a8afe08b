// Jobs on the sample candles, small enough for a test, that end in different verdicts and shapes.

const RANGE = { start: '2000-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' };

const range = (start: number, stop_incl: number, step = 1) => ({ mode: 'range', start, stop_incl, step });

const SP500 = { instrument_id: { market_id: 5, symbol: '^GSPC' }, timeframe: '1d' };

const sma = (window: object | number) => [{ indicator_id: 'ma.sma', params: { window } }];

/** Four axes and stops: 46 x 10 x 9 x 2 base variants. */
export const DIPS = {
  name: 'S&P 500, dips in an uptrend',
  time_range: RANGE,
  luck: { permutations: 19, variants: 200 },
  template: {
    ...SP500,
    direction_mode: 'long-only',
    indicator_grids: [...sma(range(20, 200, 4)), { indicator_id: 'momentum.rsi', params: { window: range(2, 20, 2) } }],
    signal_grids: {
      'momentum.rsi': { long_threshold: range(20, 60, 5), short_threshold: { mode: 'explicit', values: [80, 90] } },
    },
    execution: { fill: 'next_open', fee_pct: 0.02, slippage_pct: 0.01 },
    risk_grid: { sl: { mode: 'explicit', values: ['off', 2, 4] }, tp: { mode: 'explicit', values: ['off', 10] } },
  },
  top_k: 120,
  preselect: 200,
  filters: { min_trades: 10 },
} as const;

export const HELD_OUT = {
  ...DIPS,
  name: 'Dips, the last 30% held out',
  validation: { mode: 'holdout', fraction: 0.3 },
};

export const ONE_AXIS = {
  name: 'One axis',
  time_range: RANGE,
  template: { ...SP500, indicator_grids: sma(range(5, 100)) },
};

export const ONE_VARIANT = {
  name: 'One variant',
  time_range: RANGE,
  template: { ...SP500, indicator_grids: sma(100) },
};

export const NO_TRADES = {
  name: 'No trades',
  time_range: RANGE,
  template: { ...SP500, rules: { long: 'close > 1000000 + x' }, params: { x: range(1, 9) } },
};

/** Long enough to be watched: rules on every bar, by Sharpe ratio, under many stops. */
export const LONG = {
  ...DIPS,
  name: 'A long search',
  luck: 0,
  preselect: 8280,
  ranking: { primary_metric: 'sharpe' },
  template: {
    ...DIPS.template,
    risk_grid: { sl: range(0.5, 20, 0.5), tp: range(1, 30), trigger: 'intrabar' },
  },
};
