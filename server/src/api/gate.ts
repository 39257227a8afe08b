// The gate: a spec is judged once, here, and every fault comes back in one answer. parseSpec knows all that can be known
// without candles; what the candle store knows (is there such an instrument, does it reach into the range) is added.
import {
  parseSpec,
  SpecError,
  TIMEFRAMES,
  type Defaults,
  type Problem,
  type Spec,
  type Timeframe,
} from '@backtest-jobs/engine';
import { z } from 'zod';
import { isInterval, type CandleSource, type Coverage } from '../candles/source.ts';
import { ApiError } from './errors.ts';

/** The effective spec; throws SpecError with all problems sorted by path. */
export async function acceptSpec(body: unknown, defaults: Defaults, source: CandleSource): Promise<Spec> {
  const { spec, problems } = judged(body, defaults);
  const wish = spec ? wishOf(spec) : readableWish(body, problems);
  const missing = wish ? missingCandles(wish, await coverageOf(source)) : [];
  if (spec && missing.length === 0) return spec;
  throw new SpecError([...problems, ...missing]);
}

/** The part of a spec that candles can disappoint; what is undefined was wrong already and is not judged twice. */
interface Wish {
  readonly market_id: number;
  readonly symbol: string;
  readonly timeframeMs: number | undefined;
  readonly range: { readonly start: string; readonly end: string } | undefined;
}

function missingCandles(wish: Wish, coverage: readonly Coverage[]): readonly Problem[] {
  const name = `${wish.market_id}:${wish.symbol}`;
  const series = coverage.filter((one) => one.market_id === wish.market_id && one.symbol === wish.symbol);
  if (series.length === 0) {
    const message = `no candles of ${name}; ${known(coverage)}`;
    return [{ path: 'template.instrument_id', code: 'unknown_instrument', message }];
  }
  const { timeframeMs, range } = wish;
  const usable = series.filter((one) => timeframeMs === undefined || timeframeMs % TIMEFRAMES[one.interval] === 0);
  const problems: Problem[] = [];
  if (usable.length === 0) {
    const intervals = series.map((one) => one.interval).join(', ');
    const message = `must be a multiple of the interval of the candles of ${name}: ${intervals}`;
    problems.push({ path: 'template.timeframe', code: 'below_candle_interval', message });
  }
  const offered = usable.length > 0 ? usable : series;
  if (range && !offered.some((one) => overlaps(range, one))) {
    const ranges = offered.map((one) => `${one.interval} candles from ${one.start} to ${one.end}`).join(', ');
    const message = `no candles of ${name} between ${range.start} and ${range.end}; there are ${ranges}`;
    problems.push({ path: 'time_range', code: 'no_candles', message });
  }
  return problems;
}

function judged(body: unknown, defaults: Defaults): { spec: Spec | null; problems: readonly Problem[] } {
  try {
    return { spec: parseSpec(body, defaults), problems: [] };
  } catch (error) {
    if (error instanceof SpecError) return { spec: null, problems: error.problems };
    throw error;
  }
}

function wishOf({ template, time_range }: Spec): Wish {
  return { ...template.instrument_id, timeframeMs: TIMEFRAMES[template.timeframe], range: time_range };
}

const WithInstrument = z.object({
  template: z.object({ instrument_id: z.object({ market_id: z.int(), symbol: z.string() }) }),
});
const WithTimeframe = z.object({
  template: z.object({ timeframe: z.custom<Timeframe>((name) => typeof name === 'string' && isInterval(name)) }),
});
const WithRange = z.object({ time_range: z.object({ start: z.string(), end: z.string() }) });

/** From a spec with other faults, the fields that have none. */
function readableWish(body: unknown, problems: readonly Problem[]): Wish | null {
  const sound = (path: string) => !problems.some((one) => path.startsWith(one.path) || one.path.startsWith(path));
  const instrument = WithInstrument.safeParse(body).data?.template.instrument_id;
  if (!instrument || !sound('template.instrument_id')) return null;
  const timeframe = sound('template.timeframe') ? WithTimeframe.safeParse(body).data?.template.timeframe : undefined;
  return {
    ...instrument,
    timeframeMs: timeframe && TIMEFRAMES[timeframe],
    range: sound('time_range') ? WithRange.safeParse(body).data?.time_range : undefined,
  };
}

async function coverageOf(source: CandleSource): Promise<readonly Coverage[]> {
  try {
    return await source.coverage();
  } catch (error) {
    // To take a job nobody can check would be worse than to ask for another try.
    throw new ApiError('service_unavailable', 'the candle store cannot be read right now', {}, error);
  }
}

function overlaps(range: { readonly start: string; readonly end: string }, { start, end }: Coverage): boolean {
  return Date.parse(range.start) < Date.parse(end) && Date.parse(range.end) > Date.parse(start);
}

const MOST_NAMES = 20;

function known(coverage: readonly Coverage[]): string {
  const names = [...new Set(coverage.map(({ market_id, symbol }) => `${market_id}:${symbol}`))];
  if (names.length === 0) return 'there are none of any instrument: import some with `backtest candles import`';
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return `known are ${names.slice(0, MOST_NAMES).join(', ')}${more}`;
}
