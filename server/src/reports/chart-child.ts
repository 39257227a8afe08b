// The child process behind `chart.ts`: answers one question after the other, and dies with its parent.

import { marketBuckets, sha256 } from '@backtest-jobs/engine/internal';
import { readBars } from '../candles/read-bars.ts';
import type { CandleSource } from '../candles/source.ts';
import { answerQuestions } from './answer-questions.ts';
import type { ChartQuestion } from './chart.ts';

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

answerQuestions(async (source, question: ChartQuestion) => {
  const json = await barsJson(source, question);
  return { json, hash: sha256(json) };
});
