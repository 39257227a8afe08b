// Bars of an instrument away from the event loop of the API: a child process reads the candles, rolls them up and writes
// the JSON.

import type { Spec, Timeframe } from '@backtest-jobs/engine';
import type { Instrument } from '../candles/source.ts';
import type { SourceSettings } from '../config/settings.ts';
import type { ToAnswerer } from './answer-questions.ts';
import { errorOf, type NoAnswer } from './no-answer.ts';
import { openProcessPool } from './process-pool.ts';

export interface ChartQuestion extends Instrument {
  readonly timeframe: Timeframe;
  readonly market: Pick<Spec['runtime'], 'calendar' | 'day'>;
  readonly start: number | null;
  readonly end: number | null;
  readonly limit: number;
}

type ChartAnswer = { readonly json: string; readonly hash: string } | NoAnswer;

export interface Charts extends AsyncDisposable {
  /** The bars as JSON, with a hash of it. Rejects with SpecError for what is wrong with the question. */
  bars(question: ChartQuestion, signal: AbortSignal): Promise<Extract<ChartAnswer, { json: string }>>;
}

/** A client waits 30 s. */
const DEADLINE_MS = 20_000;
const PROCESSES = 2;
/** Who looks at a chart asks again soon; a page of days made of minutes may have taken hundreds of megabytes. */
const IDLE_MS = 120_000;

export function openCharts(settings: SourceSettings, deadlineMs = DEADLINE_MS): Charts {
  const pool = openProcessPool<ToAnswerer<ChartQuestion>, ChartAnswer>({
    module: './chart-child.ts',
    processes: PROCESSES,
    deadlineMs,
    idleMs: IDLE_MS,
    greeting: { settings },
  });
  return {
    async bars(question, signal) {
      const answer = await pool.ask({ question }, signal);
      if ('json' in answer) return answer;
      throw errorOf(answer);
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  };
}
