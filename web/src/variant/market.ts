// What candles a variant was run on, as its charts ask for them.

import type { Market } from './CandlesPanel.tsx';
import type { Report, Request } from './queries.ts';

interface Template {
  readonly instrument_id: { readonly market_id: number; readonly symbol: string };
  readonly timeframe: Market['timeframe'];
}

/** Returns the market of a report; the bars held out are of it too. */
export function marketOf(
  { payload, rows, out_of_sample, series, ledger, variant_key }: Report,
  { spec }: Request,
): Market {
  const { instrument_id, timeframe } = spec['template'] as Template;
  const execution = payload['execution_params'] as { readonly fill?: Market['fill'] };
  const start = Date.parse(rows.find(({ metric }) => metric === 'Start')?.value ?? '');
  const end = (out_of_sample?.series ?? series).time.at(-1) ?? start;
  return {
    ...instrument_id,
    timeframe,
    start,
    end,
    bars: ledger.target_bars ?? series.time.length,
    fill: execution.fill ?? 'close',
    risks: payload.risk_params,
    before: Number(spec['warmup_bars'] ?? 0) || 0,
    key: variant_key,
    payload,
  };
}
