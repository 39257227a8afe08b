// What the server and the bench need beside the public surface. It is not packed: other users have no promise about it.

export { axisLength, axisValues, type Axis } from './axis.ts';
export { COLUMNS, sliceCandles, SOURCES } from './bars/candles.ts';
export { foldsOf } from './bars/folds.ts';
export { deduceInterval, regularInterval } from './bars/interval.ts';
export { openDayClock } from './bars/market-day.ts';
export { noCandles } from './bars/no-candles.ts';
export { joinSplitJumps, splitJumps, splitJumpsText, type SplitJumps } from './bars/split-jumps.ts';
export { barFrom, barOpen, bucketsOf, marketBuckets, type Buckets } from './bars/timeframe.ts';
export { barsIn, candlesFit, rollUp, timeline } from './bars/timeline.ts';
export { BOUNDS } from './gate/bounds.ts';
export { MAX_NAME_LENGTH, type Bounds } from './gate/fields.ts';
export { LONGEST_SYMBOL, readSymbol } from './gate/instrument.ts';
export { parseSpecWithin } from './gate/parse-spec.ts';
export { parseStrategyWithin } from './gate/parse-strategy.ts';
export { placeProblem, type SavedStrategy } from './gate/saved-strategy.ts';
export { specFromRequest, storedRequest, type StoredRequest } from './gate/stored-request.ts';
export { specWarnings, SPEC_WARNINGS } from './gate/warnings.ts';
export { digitsAt, layoutOf, riskAt, riskOff, WorkExceeded, type Layout } from './grid/grid.ts';
export { random } from './grid/random.ts';
export { drawAll, sampleSize } from './grid/sample.ts';
export { shortHistoryText, type ShortHistory } from './grid/short-history.ts';
export { inOrder, inOrderOfSpec, templateInOrder } from './grid/variant.ts';
export { canonicalJson } from './identity/canonical.ts';
export { sha256 } from './identity/sha256.ts';
export { signalParams, type Indicator, type Param } from './indicators/catalogue.ts';
export { LEAST_PERMUTATIONS, skippedLuck } from './markets/skipped.ts';
export { specError } from './problems.ts';
export { DEFINITIONS } from './report/definitions.ts';
export { formatNumber } from './report/format.ts';
export { type MonteCarlo } from './report/monte-carlo.ts';
export { type Series } from './report/series.ts';
export { type TradeRow } from './report/trade-rows.ts';
export { drawBases } from './luck/search-market.ts';
export { type Permuted } from './luck/permuted.ts';
export { permutedOf } from './luck/search-markets.ts';
export { openMarkets } from './markets/permuted-market.ts';
export { luckPlan, type Plan } from './markets/plan.ts';
export { indicatorsOf } from './rules/concrete.ts';
export { nearest } from './rules/nearest.ts';
export { tokensOf } from './rules/tokens.ts';
export { CLOCKS, FUNCTIONS, paramNameProblem, WORDS } from './rules/words.ts';
export { foldScorer } from './scoring/fold-scorer.ts';
export { nearScores, reachOf } from './scoring/near.ts';
export { isShort } from './scoring/pool.ts';
export { type Scores, type Task } from './scoring/score.ts';
export { SCORING_STAGES, STAGES, type ScoringStage, type Stage } from './scoring/state.ts';
export { leaderOf, unitsDone } from './search.ts';
export { metricJson, type MetricJson } from './simulate/metrics-json.ts';
export { openSignals } from './signals/signals.ts';
export { measure } from './simulate/metrics.ts';
export { settingOf, type Setting, type Simulation } from './simulate/setting.ts';
export { simulate } from './simulate/simulate.ts';
export { EXIT_REASONS } from './simulate/trades.ts';
export {
  CALENDARS,
  DAY_MS,
  DIRECTIONS,
  engineParamsHash,
  FILLS,
  HOUR_MS,
  LUCK_SKIPPED,
  MINUTE_MS,
  requestHash,
  SIZINGS,
  TRIGGERS,
  type Template,
} from './spec.ts';
export { type ValidationResult } from './validation/validate.ts';
export { QUESTIONS, type VerdictCheck } from './verdict/questions.ts';
export { LEVELS } from './verdict/sentence.ts';
export { type PartReport } from './variant-report.ts';
