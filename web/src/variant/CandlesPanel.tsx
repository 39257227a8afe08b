import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState, type JSX } from 'react';
import type { Bars, BarColumns, Mark, Overlay, ShownTrade } from '../charts/candles.ts';
import type { CandlesHandle } from '../charts/CandlesChart.tsx';
import { Key } from '../charts/Key.tsx';
import { countUpTo } from '../charts/series.ts';
import type { Table } from '../parts/csv.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { Sign } from '../parts/Sign.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { count, date, decimal, minute, percent } from '../words/format.ts';
import { barsOf as askBars, indicatorsOf, MOST_BARS, type BarsAsked } from './queries.ts';
import { barsOf, jumpTo, levelsOf, won, type Span, type Trade } from './trades.ts';
import { windowAt, type Window } from './window.ts';

const NONE: readonly Overlay[] = [];

const CandlesChart = lazy(() => import('../charts/CandlesChart.tsx'));

const HEIGHT = 460;
/** Bars of the first look. */
const FIRST_BARS = 250;

export interface Market extends Omit<BarsAsked, 'start' | 'end'>, Window {
  /** Number of bars from start to end. */
  readonly bars: number;
  readonly fill: 'close' | 'next_open';
  readonly risks: Parameters<typeof levelsOf>[1];
  /** Names the variant. */
  readonly key: string;
  readonly payload: object;
}

interface CandlesPanelProps {
  readonly market: Market;
  readonly trades: readonly Trade[];
  readonly trade: Trade | null;
  /** Range of time asked for by the address, epoch milliseconds. */
  readonly range: Window | null;
  readonly onRange: (range: Window) => void;
  readonly onStep: (by: 1 | -1) => void;
}

export function CandlesPanel({ market, trades, trade, range, onRange, onStep }: CandlesPanelProps): JSX.Element {
  const { bars: total, fill, risks, start, end, key, payload, ...which } = market;
  const middle = range ? (range.start + range.end) / 2 : trade ? Date.parse(trade.entry_time) : end;
  const part = windowAt({ start, end }, total, MOST_BARS, middle);
  const asked = useQuery({ ...askBars({ ...which, ...part }), placeholderData: (before) => before });
  const bars = asked.data;
  const { data: overlays = NONE } = useQuery(indicatorsOf([key, which.timeframe], bars, payload));
  const [over, setOver] = useState<number | null>(null);
  return (
    <Panel
      title="Trades on the candles"
      className="on-candles"
      note={
        <a className="made-by" href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
          Charting by TradingView
        </a>
      }
      busy={asked.isPlaceholderData}
      tools={
        <>
          <button
            type="button"
            className="btn quiet small icon"
            title="Trade before (,)"
            aria-label="Trade before"
            onClick={() => onStep(-1)}
          >
            <Sign name="left" />
          </button>
          <span className="num ink-2 nowrap" data-trade={trade?.n}>
            {trade ? `trade ${count(trade.n)} of ${count(trades.length)}` : `${count(trades.length)} trades`}
          </span>
          <button
            type="button"
            className="btn quiet small icon"
            title="Next trade (.)"
            aria-label="Next trade"
            onClick={() => onStep(1)}
          >
            <Sign name="right" />
          </button>
          <ShowData what="the candles" table={bars ? () => tableOf(bars) : null} />
        </>
      }
    >
      <Legend overlays={overlays} bars={bars} over={over} write={which.timeframe === '1d' ? date : minute} />
      {asked.error ? (
        <Trouble what="The candles could not be read" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : bars === undefined ? (
        <Coming height={HEIGHT} />
      ) : bars.time.length === 0 ? (
        <p className="ink-3">There are no candles in this range any more.</p>
      ) : (
        <Suspense fallback={<Coming height={HEIGHT} />}>
          <Chart {...{ bars, overlays, trades, trade, range, fill, risks, onRange, onBar: setOver }} />
        </Suspense>
      )}
    </Panel>
  );
}

interface ChartProps
  extends Pick<CandlesPanelProps, 'trades' | 'trade' | 'range' | 'onRange'>, Pick<Market, 'fill' | 'risks'> {
  readonly bars: Bars;
  readonly overlays: readonly Overlay[];
  readonly onBar: (at: number | null) => void;
}

function Chart({ bars, overlays, trades, trade, range, fill, risks, onRange, onBar }: ChartProps): JSX.Element {
  const handle = useRef<CandlesHandle>(null);
  const spans = useMemo(
    () => new Map(trades.map((one) => [one.n, barsOf(bars.time, one, fill)])),
    [bars, trades, fill],
  );
  const marks = useMemo(() => marksOf(trades, spans, trade?.n), [trades, spans, trade?.n]);
  const shown = useMemo(
    () => (trade ? shownOf(trade, spans.get(trade.n) ?? null, risks) : null),
    [trade, spans, risks],
  );
  const span = shown && { from: shown.from, to: shown.to };
  const whole = { from: Math.max(0, bars.time.length - FIRST_BARS), to: bars.time.length };
  const first = range ? placesOf(bars.time, range) : span ? jumpTo(span, { from: -FIRST_BARS, to: -1 }) : whole;
  useEffect(() => {
    const now = handle.current?.range();
    if (now && shown && range === null) handle.current?.show(jumpTo(shown, now));
    // A range that the reader has moved to is left alone until another trade is chosen.
  }, [shown]);
  return (
    <CandlesChart
      label={`Candles with ${count(trades.length)} trades`}
      bars={bars}
      marks={marks}
      overlays={overlays}
      trade={shown}
      first={first}
      handle={handle}
      onBar={onBar}
      onMove={({ from, to }) => onRange({ start: timeAt(bars.time, from), end: timeAt(bars.time, to) })}
    />
  );
}

interface LegendProps {
  readonly overlays: readonly Overlay[];
  readonly bars: BarColumns | undefined;
  /** Place of the bar under the cursor. */
  readonly over: number | null;
  readonly write: (iso: string) => string;
}

function Legend({ overlays, bars, over, write }: LegendProps): JSX.Element {
  const at = bars && (over ?? bars.time.length - 1);
  const time = at === undefined ? undefined : bars?.time[at];
  return (
    <p className="legend">
      {overlays.map(({ label, colour, values }) => (
        <span key={label}>
          <Key colour={colour} />
          {label} {at !== undefined && <b>{decimal(values[at])}</b>}
        </span>
      ))}
      <span>
        <svg width="10" height="10" aria-hidden="true" className="ink-2">
          <path d="M5 1l4 8H1z" fill="currentColor" />
        </svg>
        in
      </span>
      <span>
        <svg width="10" height="10" aria-hidden="true" className="gain">
          <circle cx="5" cy="5" r="4.5" fill="currentColor" />
        </svg>
        out, won
      </span>
      <span>
        <svg width="10" height="10" aria-hidden="true" className="loss">
          <rect x="1" y="1" width="8" height="8" fill="currentColor" />
        </svg>
        out, lost
      </span>
      {bars && at !== undefined && time !== undefined && (
        <span className="ink-3 num">
          {write(new Date(time).toISOString())}: open {decimal(bars.open[at])}, high {decimal(bars.high[at])}, low{' '}
          {decimal(bars.low[at])}, close {decimal(bars.close[at])}
        </span>
      )}
    </p>
  );
}

function shownOf(trade: Trade, span: Span | null, risks: Market['risks']): ShownTrade | null {
  if (span === null) return null;
  return { ...span, entry: trade.entry_fill, exit: trade.exit_fill, won: won(trade), ...levelsOf(trade, risks) };
}

/** Marks entries and exits in order of time, as the chart wants them; the trade that is looked at has its return beside. */
function marksOf(
  trades: readonly Trade[],
  spans: ReadonlyMap<number, Span | null>,
  chosen: number | undefined,
): readonly Mark[] {
  const marks = trades.flatMap((trade): Mark[] => {
    const span = spans.get(trade.n);
    if (!span) return [];
    const text = trade.n === chosen ? { text: percent(trade.return_pct) } : {};
    return [
      { at: span.from, kind: trade.direction },
      { at: span.to, kind: won(trade) ? 'won' : 'lost', ...text },
    ];
  });
  return marks.sort((a, b) => a.at - b.at);
}

function placesOf(time: readonly number[], { start, end }: Window): Span {
  const from = countUpTo(time, start) - 1;
  return { from, to: Math.max(from + 5, countUpTo(time, end) - 1) };
}

function timeAt(time: readonly number[], place: number): number {
  return time[Math.max(0, Math.min(time.length - 1, Math.round(place)))] ?? 0;
}

function tableOf(bars: BarColumns): Table {
  const prices = ['open', 'high', 'low', 'close'] as const;
  return {
    title: 'Candles',
    file: 'candles',
    columns: ['time', ...prices].map((name) => ({ name })),
    length: bars.time.length,
    cell: (row, column) => {
      const name = prices[column - 1];
      return name === undefined ? new Date(bars.time[row] ?? 0).toISOString() : (bars[name][row] ?? null);
    },
  };
}
