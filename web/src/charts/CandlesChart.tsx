// Candles by TradingView's Lightweight Charts, with the trades on them. Loaded when a page draws one.

import './charts.css';
import { LineStyle } from 'lightweight-charts';
import { useEffect, useImperativeHandle, useRef, type JSX, type KeyboardEvent, type Ref } from 'react';
import type { BarColumns, Mark, Overlay, ShownTrade } from './candles.ts';
import { colour, onThemeChange } from './colours.ts';
import { makeCandles, type CandlePlot } from './make-candles.ts';
import { zoomByWheel } from './zoom.ts';

/** Places of bars, fractions at the edges. */
interface Range {
  readonly from: number;
  readonly to: number;
}

export interface CandlesHandle {
  readonly range: () => Range | null;
  readonly show: (range: Range) => void;
}

interface CandlesChartProps {
  readonly label: string;
  readonly bars: BarColumns;
  readonly marks: readonly Mark[];
  readonly overlays: readonly Overlay[];
  readonly trade: ShownTrade | null;
  /** Range of the first drawing. */
  readonly first: Range;
  /** Takes the range when the reader has moved it. */
  readonly onMove: (range: Range) => void;
  readonly onBar: (at: number | null) => void;
  readonly handle: Ref<CandlesHandle>;
}

/** Bars and marks must keep their identity as long as they are the same. */
export default function CandlesChart(props: CandlesChartProps): JSX.Element {
  const { label, bars, marks, overlays, trade, first, onMove, onBar, handle } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<CandlePlot>(null);
  const told = useRef({ first, onMove, onBar });
  useEffect(() => {
    told.current = { first, onMove, onBar };
  });
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const made = makeCandles(box, bars);
    plot.current = made;
    made.show(told.current.first);
    made.chart.subscribeCrosshairMove(({ logical }) => told.current.onBar(logical ?? null));
    const stopMoves = hearMoves(box, made, (range) => told.current.onMove(range));
    const stopTheme = onThemeChange(made.paint);
    return () => {
      stopMoves();
      stopTheme();
      plot.current = null;
      made.chart.remove();
    };
  }, [bars]);
  useEffect(() => {
    plot.current?.mark(marks);
    return onThemeChange(() => plot.current?.mark(marks));
  }, [bars, marks]);
  useEffect(() => drawOverlays(plot.current, overlays), [bars, overlays]);
  useEffect(() => drawTrade(plot.current, trade), [bars, trade]);
  useImperativeHandle(handle, () => ({
    range: () => plot.current?.range() ?? null,
    show: (range) => plot.current?.show(range),
  }));
  const move = (event: KeyboardEvent): void => {
    const range = plot.current?.range();
    const next = range && keyedRange(event, range);
    if (!next) return;
    event.preventDefault();
    plot.current?.show(next);
    onMove(next);
  };
  return (
    <div
      ref={place}
      className="plot candles"
      role="img"
      tabIndex={0}
      aria-label={`${label}. Arrow keys move, plus and minus zoom.`}
      onKeyDown={move}
    />
  );
}

/** Draws the lines of indicators; returns how to take them away. */
function drawOverlays(plot: CandlePlot | null, overlays: readonly Overlay[]): (() => void) | undefined {
  if (plot === null || overlays.length === 0) return undefined;
  const draw = () => overlays.map((overlay) => plot.overlay(overlay));
  const clear = (): void => {
    for (const line of lines) plot.chart.removeSeries(line);
  };
  let lines = draw();
  const stopTheme = onThemeChange(() => {
    clear();
    lines = draw();
  });
  return () => {
    stopTheme();
    if (!plot.isGone()) clear();
  };
}

function keyedRange({ key, ctrlKey, metaKey }: KeyboardEvent, { from, to }: Range): Range | null {
  if (ctrlKey || metaKey) return null;
  const width = to - from;
  if (key === 'ArrowLeft') return { from: from - width / 8, to: to - width / 8 };
  if (key === 'ArrowRight') return { from: from + width / 8, to: to + width / 8 };
  if (key === '+' || key === '=') return { from: from + width / 6, to: to - width / 6 };
  if (key === '-') return { from: from - width / 4, to: to + width / 4 };
  return null;
}

/** Tells the range after the reader, and nobody else, has moved it. */
function hearMoves(box: HTMLElement, plot: CandlePlot, tell: (range: Range) => void): () => void {
  let byHand = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const touch = (): void => {
    byHand = true;
  };
  const changed = (): void => {
    if (!byHand) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const range = plot.range();
      byHand = false;
      if (range) tell(range);
    }, 250);
  };
  box.addEventListener('pointerdown', touch);
  box.addEventListener('touchstart', touch, { passive: true });
  const stopWheel = zoomByWheel(box, (left, factor) => {
    touch();
    const range = plot.range();
    const at = plot.chart.timeScale().coordinateToLogical(left);
    if (range && at !== null) plot.show({ from: at - (at - range.from) * factor, to: at + (range.to - at) * factor });
  });
  plot.chart.timeScale().subscribeVisibleLogicalRangeChange(changed);
  return () => {
    clearTimeout(timer);
    stopWheel();
    box.removeEventListener('pointerdown', touch);
    box.removeEventListener('touchstart', touch);
  };
}

/** Draws a trade from its entry to its exit, with its stop and target; returns how to take it away. */
function drawTrade(plot: CandlePlot | null, trade: ShownTrade | null): (() => void) | undefined {
  if (plot === null || trade === null) return undefined;
  const path = plot.path(trade);
  const levels = [
    ['stop', trade.stop, '--loss'],
    ['target', trade.target, '--gain'],
  ] as const;
  const draw = (): (() => void) => {
    const lines = levels.flatMap(([title, price, name]) =>
      price === null
        ? []
        : [
            plot.series.createPriceLine({
              price,
              title,
              color: colour(name),
              lineWidth: 1,
              lineStyle: LineStyle.Dotted,
            }),
          ],
    );
    path.applyOptions({ color: colour(trade.won ? '--gain' : '--loss') });
    return () => {
      for (const line of lines) plot.series.removePriceLine(line);
    };
  };
  let clear = draw();
  const stopTheme = onThemeChange(() => {
    clear();
    clear = draw();
  });
  return () => {
    stopTheme();
    if (plot.isGone()) return;
    clear();
    plot.chart.removeSeries(path);
  };
}
