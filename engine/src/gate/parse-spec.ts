// The gate: everything that can be known about a spec without candles is judged here, once, and everything that is
// wrong is reported at once.

import { dayWithin } from '../bars/market-day.ts';
import { loadRange } from '../bars/timeline.ts';
import { DEFAULTS, type Defaults } from '../defaults.ts';
import { refusal, type Problem } from '../problems.ts';
import { DAY_MS, METRICS, type Ranking, type Spec } from '../spec.ts';
import { BOUNDS } from './bounds.ts';
import {
  at,
  AUTO,
  isAbsent,
  isAutomatic,
  isObject,
  onlyKnown,
  readChoice,
  readName,
  readNumber,
  readNumberOrNull,
  complain,
  type Field,
} from './fields.ts';
import { guard } from './guards.ts';
import { readLuck } from './read-luck.ts';
import { readTemplate } from './read-template.ts';
import { readTimeRange } from './read-time-range.ts';
import { readValidation } from './read-validation.ts';
import { placeProblem, templateField, type SavedStrategy } from './saved-strategy.ts';

const FIELDS = [
  'time_range',
  'strategy_id',
  'overrides',
  'template',
  'warmup_bars',
  'top_k',
  'preselect',
  'top_trades_n',
  'ranking',
  'filters',
  'sample',
  'validation',
  'luck',
  'name',
  'priority',
];

/**
 * Returns the spec with every default, an automatic warm-up and an automatic luck test filled in. An effective spec without its `runtime` is a
 * valid input and gives itself.
 * @param defaults what configuration decides
 * @param saved the strategy that `strategy_id` means; null: there is none; left out: strategies are not kept here
 * @throws {SpecError} with all problems, sorted by path
 */
export function parseSpec(input: unknown, defaults: Defaults = DEFAULTS, saved?: SavedStrategy | null): Spec {
  return parseSpecWithin(Infinity, input, defaults, saved);
}

/**
 * Does the same with at most so much work (see `buildGrid`), for a caller that others wait for.
 * @throws {WorkExceeded} when the combinations of the grid take more to count
 */
export function parseSpecWithin(work: number, input: unknown, defaults: Defaults, saved?: SavedStrategy | null): Spec {
  const problems: Problem[] = [];
  const root = { path: '', value: input, problems };
  const read = readSpec(root, defaults, saved);
  const warmup = isAutomatic(at(root, 'warmup_bars')) ? 'auto' : 'given';
  const luck = readLuck(at(root, 'luck'), defaults.luck);
  const spec = read && guard(root, read, { ...defaults.guards, work, warmup, luck });
  if (spec !== null && problems.length === 0) return withNeededOffsets(spec);
  throw refusal(problems, (problem) => placeProblem(problem, input));
}

function readSpec(root: Field, defaults: Defaults, saved: SavedStrategy | null | undefined): Spec | null {
  if (isAbsent(root)) complain(root, 'required', 'a spec is required');
  if (isAbsent(root) || !isObject(root)) return null;
  onlyKnown(root, FIELDS);
  const size = (name: 'top_k' | 'preselect' | 'top_trades_n'): number =>
    readNumber(at(root, name), BOUNDS[name], defaults[name]);
  const time_range = readTimeRange(at(root, 'time_range'));
  const settings = {
    warmup_bars: readWarmup(at(root, 'warmup_bars')) ?? defaults.warmup_bars,
    top_k: size('top_k'),
    preselect: size('preselect'),
    top_trades_n: size('top_trades_n'),
    ranking: readRanking(at(root, 'ranking'), defaults.ranking),
    filters: readFilters(at(root, 'filters')),
    sample: readSample(at(root, 'sample')),
    validation: readValidation(at(root, 'validation')),
    name: readName(at(root, 'name')),
    priority: readNumber(at(root, 'priority'), BOUNDS.priority, 0),
  };
  const field = templateField(root, saved);
  const template = field && readTemplate(field, defaults);
  if (template === null) return null;
  const runtime = runtimeOf(template.instrument_id.market_id, defaults);
  return { time_range, template, ...settings, runtime };
}

/** The day of a bar begins and ends within it. */
const MARGIN_MS = 7 * DAY_MS;

/** null: as many bars as the longest indicator of the grid needs, which only the whole spec knows. */
function readWarmup(field: Field): number | null {
  return isAutomatic(field) ? null : readNumber(field, { ...BOUNDS.warmup_bars, or: AUTO });
}

function readRanking(field: Field, fallback: Ranking): Ranking {
  if (!isObject(field)) return fallback;
  onlyKnown(field, ['primary_metric', 'secondary_metric', 'plateau']);
  const metrics = METRICS.map(({ name }) => name);
  const primary_metric = readChoice(at(field, 'primary_metric'), metrics, fallback.primary_metric);
  const secondary = at(field, 'secondary_metric');
  const chosen = isAbsent(secondary) || secondary.value === null ? null : readChoice(secondary, metrics);
  const plateau = readNumberOrNull(at(field, 'plateau'), BOUNDS.ranking.plateau);
  if (plateau === null) {
    return { primary_metric, secondary_metric: isAbsent(secondary) ? fallback.secondary_metric : chosen };
  }
  if (chosen !== null) complain(secondary, 'conflict', 'ranks nothing beside a plateau: leave one of them out');
  return { primary_metric, secondary_metric: null, plateau };
}

function readFilters(field: Field): Spec['filters'] {
  if (!isObject(field)) return { min_trades: null, max_drawdown_pct: null };
  onlyKnown(field, ['min_trades', 'max_drawdown_pct']);
  return {
    min_trades: readNumberOrNull(at(field, 'min_trades'), BOUNDS.filters.min_trades),
    max_drawdown_pct: readNumberOrNull(at(field, 'max_drawdown_pct'), BOUNDS.filters.max_drawdown_pct),
  };
}

function readSample(field: Field): Spec['sample'] {
  if (isAbsent(field) || field.value === null || !isObject(field)) return null;
  onlyKnown(field, ['n', 'seed']);
  return {
    n: readNumber(at(field, 'n'), BOUNDS.sample.n),
    seed: readNumber(at(field, 'seed'), BOUNDS.sample.seed, 0),
  };
}

function runtimeOf(market: number, defaults: Defaults): Spec['runtime'] {
  const { markets, top_k_persisted, max_trades_persisted_per_row } = defaults;
  // The usual bound is left out, so that requests of before it have the same hash.
  const usual = max_trades_persisted_per_row === DEFAULTS.max_trades_persisted_per_row;
  const persisted = { top_k_persisted, ...(!usual && { max_trades_persisted_per_row }) };
  if (!Object.hasOwn(markets, market)) return { calendar: 'continuous', periods_per_year: NaN, ...persisted };
  const { calendar, periods_per_year, day } = markets[market];
  return { calendar, periods_per_year, ...(day && { day }), ...persisted };
}

/** Keeps the offsets of a zone around the bars that are loaded: another knowledge of later years changes no request. */
function withNeededOffsets(spec: Spec): Spec {
  const { day } = spec.runtime;
  if (day === undefined) return spec;
  const { start, end } = loadRange(spec);
  return {
    ...spec,
    runtime: { ...spec.runtime, day: dayWithin(day, { start: start - MARGIN_MS, end: end + MARGIN_MS }) },
  };
}
