// A first job on the sample candles, small enough to end in a moment: buy dips or strength in an uptrend, with stops.

export const SAMPLE = {
  name: 'S&P 500, dips in an uptrend',
  time_range: { start: '2000-01-01T00:00:00Z', end: '2020-01-01T00:00:00Z' },
  template: {
    instrument_id: { market_id: 5, symbol: '^GSPC' },
    timeframe: '1d',
    direction_mode: 'long-only',
    indicator_grids: [
      { indicator_id: 'ma.sma', params: { window: { mode: 'range', start: 20, stop_incl: 200, step: 4 } } },
      { indicator_id: 'momentum.rsi', params: { window: { mode: 'range', start: 2, stop_incl: 20, step: 2 } } },
    ],
    signal_grids: {
      'momentum.rsi': {
        long_threshold: { mode: 'range', start: 20, stop_incl: 60, step: 5 },
        short_threshold: { mode: 'explicit', values: [80, 90] },
      },
    },
    execution: { fill: 'next_open', fee_pct: 0.02, slippage_pct: 0.01 },
    risk_grid: { sl: { mode: 'explicit', values: ['off', 2, 4, 8] }, tp: { mode: 'explicit', values: ['off', 10] } },
  },
  ranking: { primary_metric: 'sharpe' },
  filters: { min_trades: 30 },
} as const;
