// Indicators and their signals as a trader calls them.

const NAMES: Readonly<Record<string, string>> = {
  'ma.sma': 'Simple moving average',
  'ma.ema': 'Exponential moving average',
  'ma.rma': "Wilder's moving average",
  'ma.wma': 'Weighted moving average',
  'ma.vwma': 'Volume-weighted moving average',
  'ma.dema': 'Double exponential average',
  'ma.tema': 'Triple exponential average',
  'ma.zlema': 'Zero-lag exponential average',
  'ma.hma': 'Hull moving average',
  'ma.kama': 'Kaufman adaptive average',
  'ma.alma': 'Arnaud Legoux average',
  'trend.adx': 'Average directional index',
  'trend.aroon': 'Aroon',
  'trend.chandelier_exit': 'Chandelier exit',
  'trend.donchian': 'Donchian channel',
  'trend.ichimoku': 'Ichimoku',
  'trend.keltner': 'Keltner channel',
  'trend.linreg_slope': 'Slope of a linear regression',
  'trend.psar': 'Parabolic SAR',
  'trend.supertrend': 'SuperTrend',
  'trend.vortex': 'Vortex',
  'volatility.tr': 'True range',
  'volatility.atr': 'Average true range',
  'volatility.variance': 'Variance',
  'volatility.stddev': 'Standard deviation',
  'volatility.hv': 'Historical volatility',
  'volatility.bbands': 'Bollinger bands',
  'volatility.bbands_bandwidth': 'Width of Bollinger bands',
  'volatility.bbands_percent_b': 'Place in Bollinger bands',
  'momentum.rsi': 'Relative strength',
  'momentum.roc': 'Rate of change',
  'momentum.cci': 'Commodity channel index',
  'momentum.williams_r': 'Williams %R',
  'momentum.trix': 'TRIX',
  'momentum.fisher': 'Fisher transform',
  'momentum.stoch': 'Stochastic',
  'momentum.stoch_rsi': 'Stochastic RSI',
  'momentum.macd': 'MACD',
  'momentum.ppo': 'Percentage price oscillator',
  'volume.ad_line': 'Accumulation and distribution',
  'volume.cmf': 'Chaikin money flow',
  'volume.mfi': 'Money flow index',
  'volume.obv': 'On-balance volume',
  'volume.volume_sma': 'Average volume',
  'volume.vwap': 'Volume-weighted average price',
  'volume.vwap_deviation': 'Bands around VWAP',
  'structure.candle_stats': 'Candle body',
  'structure.candle_stats_atr_norm': 'Candle body by ATR',
  'structure.distance_to_ma_norm': 'Distance to an average',
  'structure.percent_rank': 'Percent rank',
  'structure.zscore': 'Z-score',
  'structure.pivots': 'Pivots',
};

export const indicatorName = (id: string): string => NAMES[id] ?? id;

const FAMILIES: Readonly<Record<string, string>> = {
  price_vs_output: 'long above it, short below',
  volume_vs_output: 'long on more volume than it, short on less',
  output_vs_output: 'long while the first is above the second',
  sign: 'long above 0, short below',
  centered: 'long above its centre, short below',
  threshold_band: 'long at its one mark, short at the other',
  delta_sign: 'long while it rises, short while it falls',
  candle_body: 'long on a large rising body, short on a falling one',
  pivot_events: 'long at a confirmed low, short at a high',
  band_touch: 'long at the lower band, short at the upper',
  outside_bands: 'long below the bands, short above',
};

export const familyWords = (family: string): string => FAMILIES[family] ?? family.replaceAll('_', ' ');

const PARAMS: Readonly<Record<string, string>> = {
  long_threshold: 'long at',
  short_threshold: 'short at',
  abs_threshold: 'at least',
  long_delta_periods: 'rises over',
  short_delta_periods: 'falls over',
};

export const paramName = (name: string): string => PARAMS[name] ?? name.replaceAll('_', ' ');
