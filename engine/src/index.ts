// The public surface of the engine: spec in, ranked and reported variants out. README.md of this package shows its use.

export { type Candles } from './bars/candles.ts';
export { type Ledger } from './bars/ledger.ts';
export { loadRange } from './bars/timeline.ts';
export { estimate } from './estimate/cost.ts';
export { estimateHistory } from './estimate/history.ts';
export { estimateTime } from './estimate/time.ts';
export { parseSpec } from './gate/parse-spec.ts';
export { parseStrategy } from './gate/parse-strategy.ts';
export { buildGrid } from './grid/grid.ts';
export { type Payload } from './grid/variant.ts';
export { ENGINE_VERSION } from './identity/version.ts';
export { CATALOGUE, computeIndicator } from './indicators/catalogue.ts';
export { prepare, type Prepared } from './prepare.ts';
export { SpecError, type Problem } from './problems.ts';
export { decodeState, encodeState } from './scoring/checkpoint.ts';
export { VariantError } from './scoring/failing-variant.ts';
export { type VariantRow } from './scoring/finalize.ts';
export { inPlace, openPool, type Pool, type Thread } from './scoring/pool.ts';
export { scoreFor } from './scoring/scoring-thread.ts';
export { type SearchState } from './scoring/state.ts';
export { search, type SearchResult, type SearchStep } from './search.ts';
export { DEFAULTS, METRICS, TIMEFRAMES, type Defaults, type Metric, type Spec, type Timeframe } from './spec.ts';
export { variantReport, type VariantReport, type Which } from './variant-report.ts';
export { momentsOf } from './verdict/moments.ts';
export { overfitting } from './verdict/overfitting.ts';
export { deflatedSharpe, minimumBacktestYears, probabilisticSharpe } from './verdict/sharpe.ts';
export { type Verdict } from './verdict/verdict.ts';
