// The child process behind `chart.ts`: answers one question after the other, and dies with its parent.

import { SpecError } from '@backtest-jobs/engine';
import { marketBuckets, sha256 } from '@backtest-jobs/engine/internal';
import { openSource } from '../candles/open.ts';
import { readBars } from '../candles/read-bars.ts';
import { CandlesUnreachable, type CandleSource } from '../candles/source.ts';
import { messageOf } from '../message.ts';
import type { ChartAnswer, ChartQuestion, ToChart } from './chart.ts';

async function barsJson(source: CandleSource, { market, ...question }: ChartQuestion): Promise<string> {
  const buckets = marketBuckets(question.timeframe, market);
  const { bars, next_start, previous_end } = await readBars(source, { ...question, buckets });
  const { market_id, symbol, timeframe } = question;
  return JSON.stringify({
    market_id,
    symbol,
    timeframe,
    next_start: iso(next_start),
    previous_end: iso(previous_end),
    ...Object.fromEntries(Object.entries(bars).map(([name, column]: [string, Float64Array]) => [name, [...column]])),
  });
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

let source: Promise<CandleSource> | null = null;

async function answer(question: ChartQuestion): Promise<ChartAnswer> {
  try {
    if (source === null) throw new Error('asked before it was told where the candles are');
    const json = await barsJson(await source, question);
    return { json, hash: sha256(json) };
  } catch (error) {
    if (error instanceof SpecError) return { problems: error.problems };
    return error instanceof CandlesUnreachable ? { unreachable: error.message } : { error: messageOf(error) };
  }
}

process.on('message', (message: ToChart) => {
  if ('settings' in message) {
    source = openSource(message.settings, { hurry: true });
    source.catch(() => {}); // told to whoever asks
  } else void answer(message.question).then((found) => process.send?.(found));
});
process.on('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the parent decides when this one ends.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
