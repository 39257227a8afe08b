// The public surface of the engine: spec in, ranked and reported variants out. See README.md of this package.
export { axisLength, axisValues, type Axis, type AxisValue } from './axis.ts';
export { canonicalJson } from './identity/canonical.ts';
export { COLUMNS, SOURCES, sliceCandles, type Candles, type Source } from './bars/candles.ts';
export {
  CATALOGUE,
  computeIndicator,
  indicatorById,
  signalParams,
  type Indicator,
  type Param,
  type SignalRule,
} from './indicators/catalogue.ts';
export { decodeState, encodeState } from './scoring/checkpoint.ts';
export { VariantError } from './scoring/failing-variant.ts';
export { estimate, type Estimate } from './estimate/cost.ts';
export { estimateTime, type TimeEstimate } from './estimate/time.ts';
export { type VariantRow } from './scoring/finalize.ts';
export { buildGrid, type Grid } from './grid/grid.ts';
export { symbolProblem } from './gate/instrument.ts';
export { type Ledger } from './bars/ledger.ts';
export { measure, type Days, type MeasureContext, type Metrics } from './simulate/metrics.ts';
export { type MetricsJson } from './simulate/metrics-json.ts';
export { nearest } from './rules/nearest.ts';
export { parseSpec } from './gate/parse-spec.ts';
export { parseStrategy } from './gate/parse-strategy.ts';
export { inPlace, isShort, openPool, type Pool, type Thread, type ThreadPool } from './scoring/pool.ts';
export { prepare, type Prepared } from './prepare.ts';
export { SpecError, specError, type Problem } from './problems.ts';
export { rank } from './scoring/rank.ts';
export { report, type Report } from './report/report.ts';
export { sampleSize } from './grid/sample.ts';
export { placeProblem, type SavedStrategy } from './gate/saved-strategy.ts';
export { referenceScorer, type Counts, type Scores, type Task } from './scoring/score.ts';
export { scoreFor, type Port } from './scoring/scoring-thread.ts';
export { search, unitsDone, type SearchResult, type SearchStep } from './search.ts';
export { decimate, series, type Series } from './report/series.ts';
export { simulate } from './simulate/simulate.ts';
export { sha256 } from './identity/sha256.ts';
export {
  DEFAULTS,
  engineParamsHash,
  requestHash,
  requestJson,
  type Defaults,
  type Spec,
  type Template,
  TIMEFRAMES,
  type Timeframe,
  METRICS,
  type Metric,
} from './spec.ts';
export { deduceInterval, loadRange, rollUp, timeline, type Timeline } from './bars/timeline.ts';
export { tradeRows, type TradeRow } from './report/trade-rows.ts';
export { type ValidationResult } from './validation/validate.ts';
export { scorer } from './scoring/fold-scorer.ts';
export {
  variantReport,
  type PartReport,
  type VariantReport,
  type VariantReportOptions,
  type Which,
} from './variant-report.ts';
export { specFromPayload, variantKey, type Payload } from './grid/variant.ts';
export { estimateHistory, type HistoryEstimate } from './estimate/history.ts';
export { momentsOf, type Moments } from './verdict/moments.ts';
export { normalCdf, normalInverse } from './verdict/normal.ts';
export { overfitting, type Overfitting } from './verdict/overfitting.ts';
export {
  deflatedSharpe,
  expectedMaximum,
  luckySharpe,
  minimumBacktestYears,
  probabilisticSharpe,
} from './verdict/sharpe.ts';
export { ENGINE_VERSION } from './identity/version.ts';
export { type Verdict } from './verdict/verdict.ts';
export { settingOf, type Exits, type Setting, type Simulation } from './simulate/setting.ts';
export { type SearchState, type Stage } from './scoring/state.ts';
export { type ThreadEvent } from './scoring/messages.ts';
