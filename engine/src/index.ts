// The public surface of the engine: spec in, ranked and reported variants out. See README.md of this package.
export { axisLength, axisValues, type Axis, type AxisValue } from './axis.ts';
export { canonicalJson } from './canonical.ts';
export { COLUMNS, SOURCES, sliceCandles, type Candles, type Source } from './candles.ts';
export {
  CATALOGUE,
  computeIndicator,
  indicatorById,
  signalParams,
  type Indicator,
  type Param,
  type SignalRule,
} from './catalogue.ts';
export { decodeState, encodeState } from './checkpoint.ts';
export { VariantError } from './culprit.ts';
export { estimate, type Estimate } from './estimate.ts';
export { estimateTime, type TimeEstimate } from './estimate-time.ts';
export { type VariantRow } from './finalize.ts';
export { buildGrid, type Grid } from './grid.ts';
export { symbolProblem } from './instrument.ts';
export { type Ledger } from './ledger.ts';
export { measure, METRICS, type Days, type MeasureContext, type Metric, type Metrics } from './metrics.ts';
export { type MetricsJson } from './metrics-json.ts';
export { nearest } from './nearest.ts';
export { parseSpec } from './parse-spec.ts';
export { parseStrategy } from './parse-strategy.ts';
export { inPlace, isShort, openPool, type Pool, type Thread, type ThreadEvent, type ThreadPool } from './pool.ts';
export { prepare, type Prepared } from './prepare.ts';
export { SpecError, specError, type Problem } from './problems.ts';
export { rank } from './rank.ts';
export { report, type Report } from './report.ts';
export { sampleSize } from './sample.ts';
export { placeProblem, type SavedStrategy } from './saved-strategy.ts';
export { referenceScorer, type Counts, type Scores, type Task } from './score.ts';
export { scoreFor, type Port } from './scoring-thread.ts';
export { search, unitsDone, type SearchResult, type SearchState, type SearchStep, type Stage } from './search.ts';
export { decimate, series, type Series } from './series.ts';
export { settingOf, simulate, type Exits, type Setting, type Simulation } from './simulate.ts';
export { sha256 } from './sha256.ts';
export {
  DEFAULTS,
  engineParamsHash,
  requestHash,
  requestJson,
  type Defaults,
  type Spec,
  type Template,
} from './spec.ts';
export { TIMEFRAMES, type Timeframe } from './timeframe.ts';
export { deduceInterval, loadRange, rollUp, timeline, type Timeline } from './timeline.ts';
export { tradeRows, type TradeRow } from './trade-rows.ts';
export { type ValidationResult } from './validation/validate.ts';
export { scorer } from './validation/scorer.ts';
export {
  variantReport,
  type PartReport,
  type VariantReport,
  type VariantReportOptions,
  type Which,
} from './variant-report.ts';
export { specFromPayload, variantKey, type Payload } from './variant.ts';
export { estimateHistory, type HistoryEstimate } from './verdict/estimate-history.ts';
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
export { type Verdict } from './verdict/verdict.ts';
export { ENGINE_VERSION } from './version.ts';
