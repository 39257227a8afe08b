// The gate: a spec is judged once, here, and every fault comes back in one reply. parseSpec knows all that can be known
// without candles; what the candle store knows (is there such an instrument, does it reach into the range) is added,
// and so is the saved strategy that a spec may mean.

import { SpecError, type Defaults, type Problem, type Spec, type Timeframe } from '@backtest-jobs/engine';
import {
  parseSpecWithin,
  parseStrategyWithin,
  placeProblem,
  WorkExceeded,
  type SavedStrategy,
} from '@backtest-jobs/engine/internal';
import type pg from 'pg';
import { z } from 'zod';
import { isInterval, missingCandles, type CandleSource, type Coverage, type CandleRequest } from '../candles/source.ts';
import { estimateJson } from '../reports/estimate-json.ts';
import type { Questioner, JudgedSpec, Judges } from '../reports/judges.ts';
import { resolveStrategy, type StrategySnapshot } from '../strategies/resolve.ts';
import { ApiError } from './errors.ts';
import { notMine } from './user.ts';

export interface Gate extends Questioner {
  readonly defaults: Defaults;
  readonly source: CandleSource;
  readonly judges: Judges;
  /** Saved strategy that the spec means, as strategyOf finds it. */
  readonly strategy?: StrategySnapshot | null;
  /** Threads of a job, for the estimate. */
  readonly threads: number;
}

/**
 * Work of judging (see `buildGrid`) that the event loop does itself, at most 40 ms each of the few times that a grid is
 * built; a judge does more.
 */
const WORK = 1_000_000;

/**
 * Returns the effective spec with what it would cost.
 * @throws {SpecError} with all problems, sorted by path
 */
export async function acceptSpec(body: unknown, gate: Gate): Promise<JudgedSpec> {
  const { source } = gate;
  const { judged, problems } = await judgedSpec(body, gate);
  const spec = judged?.spec ?? null;
  const strategy = gate.strategy ?? null;
  const request = spec ? requestOf(spec) : readableRequest({ ...strategy, ...asObject(body) }, problems);
  const missing = request ? missingCandles(await coverageOf(source, request), request) : [];
  if (judged && missing.length === 0) return judged;
  throw new SpecError([...problems, ...missing.map((problem) => placeProblem(problem, body))]);
}

/**
 * Finds the saved strategy that a spec means; null when it means none, or one that does not exist.
 * @throws {ApiError} `forbidden` when it is another user's
 */
export async function strategyOf(
  pool: pg.Pool,
  body: unknown,
  asker: { readonly user_id: string; readonly idempotency_key?: string | undefined },
): Promise<StrategySnapshot | null> {
  const strategy_id = WithStrategy.safeParse(body).data?.strategy_id;
  if (strategy_id === undefined) return null;
  const resolved = await resolveStrategy(pool, { strategy_id, ...asker });
  if (resolved.outcome === 'forbidden') throw notMine('forbidden', strategy_id, 'strategy');
  return resolved.outcome === 'found' ? resolved.strategy : null;
}

const WithStrategy = z.object({ strategy_id: z.guid() });

interface Judgement {
  /** Null: there are problems. */
  readonly judged: JudgedSpec | null;
  readonly problems: readonly Problem[];
}

async function judgedSpec(body: unknown, gate: Gate): Promise<Judgement> {
  try {
    return { judged: await here(body, gate), problems: [] };
  } catch (error) {
    if (error instanceof SpecError) return { judged: null, problems: error.problems };
    throw error;
  }
}

async function here(
  body: unknown,
  { defaults, judges, strategy = null, threads, ...asker }: Gate,
): Promise<JudgedSpec> {
  try {
    const spec = parseSpecWithin(WORK, body, defaults, strategy);
    return { spec, estimate: estimateJson(spec, { threads, markets: defaults.markets }) };
  } catch (error) {
    if (!(error instanceof WorkExceeded)) throw error;
  }
  const answer = await judges.judge({ kind: 'spec', input: body, defaults, strategy, threads }, asker);
  if (!('spec' in answer)) throw new Error('a judge answered another question');
  return answer;
}

/**
 * Returns a strategy with every default of its template.
 * @throws {SpecError} with all problems, sorted by path
 */
export async function acceptStrategy(
  body: unknown,
  { defaults, judges, ...asker }: Pick<Gate, 'defaults' | 'judges' | keyof Questioner>,
): Promise<SavedStrategy> {
  try {
    return parseStrategyWithin(WORK, body, defaults);
  } catch (error) {
    if (!(error instanceof WorkExceeded)) throw error;
  }
  const answer = await judges.judge({ kind: 'strategy', input: body, defaults }, asker);
  if (!('saved' in answer)) throw new Error('a judge answered another question');
  return answer.saved;
}

function requestOf({ template, time_range }: Spec): CandleRequest {
  return { ...template.instrument_id, timeframe: template.timeframe, range: rangeOf(time_range) };
}

const WithInstrument = z.object({
  template: z.object({ instrument_id: z.object({ market_id: z.int(), symbol: z.string().normalize('NFC') }) }),
});
const WithTimeframe = z.object({
  template: z.object({ timeframe: z.custom<Timeframe>((name) => typeof name === 'string' && isInterval(name)) }),
});
const WithRange = z.object({ time_range: z.object({ start: z.string(), end: z.string() }) });

function asObject(body: unknown): object {
  return typeof body === 'object' && body !== null ? body : {};
}

/** Reads, from a spec with other faults, the fields that have none. */
function readableRequest(body: unknown, problems: readonly Problem[]): CandleRequest | null {
  const sound = (path: string) => !problems.some((one) => path.startsWith(one.path) || one.path.startsWith(path));
  const instrument = WithInstrument.safeParse(body).data?.template.instrument_id;
  if (!instrument || !sound('template.instrument_id')) return null;
  const range = sound('time_range') ? WithRange.safeParse(body).data?.time_range : undefined;
  return {
    ...instrument,
    timeframe: sound('template.timeframe') ? WithTimeframe.safeParse(body).data?.template.timeframe : undefined,
    range: range && rangeOf(range),
  };
}

function rangeOf({ start, end }: Spec['time_range']): { start: number; end: number } {
  return { start: Date.parse(start), end: Date.parse(end) };
}

/** Lists the coverage of the instrument of the spec, or, where it has none, of everything, to report what there is. */
async function coverageOf(source: CandleSource, { market_id, symbol }: CandleRequest): Promise<readonly Coverage[]> {
  return orUnavailable(async () => {
    const own = await source.coverage({ market_id, symbol }).catch((error: unknown) => {
      if (error instanceof SpecError) return []; // nothing can have such a name
      throw error;
    });
    return own.length > 0 ? own : source.coverage();
  });
}

/** Reports a failing candle store as unavailable: another try is better than a job that nothing has checked. */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ApiError('service_unavailable', 'the candle store cannot be read right now', {}, error);
  }
}
