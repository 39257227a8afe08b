// A chart of candles: made, coloured, marked. Times are UTC.

import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  LineStyle,
  LineSeries,
  type IChartApi,
  type ISeriesApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { BarColumns, Mark, Overlay, ShownTrade } from './candles.ts';
import { colour } from './colours.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

export interface CandlePlot {
  readonly chart: IChartApi;
  readonly series: ISeriesApi<'Candlestick'>;
  readonly range: () => Range | null;
  readonly show: (range: Range) => void;
  /** Reads the colours of the theme anew. */
  readonly paint: () => void;
  readonly mark: (marks: readonly Mark[]) => void;
  readonly path: (trade: ShownTrade) => ISeriesApi<'Line'>;
  /** Draws a line of an indicator. */
  readonly overlay: (overlay: Overlay) => ISeriesApi<'Line'>;
  readonly isGone: () => boolean;
}

/** Of a pane of indicators below the candles. */
const PANE_HEIGHT = 80;

const seconds = (ms: number | undefined): UTCTimestamp => Math.floor((ms ?? 0) / 1000) as UTCTimestamp;

export function makeCandles(box: HTMLElement, bars: BarColumns): CandlePlot {
  const chart = createChart(box, {
    autoSize: true,
    // The page names the library beside the chart; its logo would insert a style sheet that the policy of the page refuses.
    layout: { attributionLogo: false },
    // The wheel is the page's, and one finger scrolls it.
    handleScroll: { mouseWheel: false, pressedMouseMove: true, horzTouchDrag: true, vertTouchDrag: false },
    handleScale: { mouseWheel: false, pinch: true, axisPressedMouseMove: true, axisDoubleClickReset: true },
    timeScale: { timeVisible: isIntraday(bars.time), secondsVisible: false, minBarSpacing: 0.05 },
    rightPriceScale: { borderVisible: false },
  });
  const series = chart.addSeries(CandlestickSeries, { priceLineVisible: false, lastValueVisible: false });
  series.setData(
    bars.time.map((time, at) => ({
      time: seconds(time),
      open: bars.open[at] ?? NaN,
      high: bars.high[at] ?? NaN,
      low: bars.low[at] ?? NaN,
      close: bars.close[at] ?? NaN,
    })),
  );
  const markers = createSeriesMarkers<Time>(series, []);
  const paint = (): void => paintChart(chart, series);
  paint();
  const scale = chart.timeScale();
  return {
    chart,
    series,
    range: () => scale.getVisibleLogicalRange(),
    show: (range) => scale.setVisibleLogicalRange(range),
    paint,
    mark: (marks) => markers.setMarkers(marks.map((mark) => markerOf(mark, bars))),
    path: (trade) => addPath(chart, bars, trade),
    overlay: (overlay) => addOverlay(chart, bars, overlay),
    isGone: () => !box.isConnected || box.childElementCount === 0,
  };
}

function paintChart(chart: IChartApi, series: ISeriesApi<'Candlestick'>): void {
  const [ink, line, surface, control] = ['--ink-2', '--line', '--surface', '--control'].map(colour);
  if (!ink || !line || !surface || !control) return;
  const fontFamily = getComputedStyle(document.body).fontFamily;
  chart.applyOptions({
    layout: {
      background: { color: surface },
      textColor: colour('--ink-3'),
      fontFamily,
      fontSize: 11,
      panes: { separatorColor: line, separatorHoverColor: colour('--hover') },
    },
    grid: { vertLines: { color: line }, horzLines: { color: line } },
    timeScale: { borderColor: line },
    crosshair: {
      vertLine: { color: control, labelBackgroundColor: ink },
      horzLine: { color: control, labelBackgroundColor: ink },
    },
  });
  series.applyOptions({
    upColor: surface,
    downColor: ink,
    borderUpColor: ink,
    borderDownColor: ink,
    wickUpColor: ink,
    wickDownColor: ink,
  });
}

const MARKS = {
  long: { shape: 'arrowUp', position: 'belowBar', colour: '--ink-2' },
  short: { shape: 'arrowDown', position: 'aboveBar', colour: '--ink-2' },
  won: { shape: 'circle', position: 'aboveBar', colour: '--gain' },
  lost: { shape: 'square', position: 'aboveBar', colour: '--loss' },
} as const;

function markerOf({ at, kind, text }: Mark, bars: BarColumns): SeriesMarker<Time> {
  const { shape, position, colour: name } = MARKS[kind];
  return { time: seconds(bars.time[at]), shape, position, color: colour(name), ...(text !== undefined && { text }) };
}

function addPath(chart: IChartApi, bars: BarColumns, { from, to, entry, exit }: ShownTrade): ISeriesApi<'Line'> {
  const path = chart.addSeries(LineSeries, {
    lineWidth: 2,
    priceLineVisible: false,
    lastValueVisible: false,
    crosshairMarkerVisible: false,
    autoscaleInfoProvider: () => null,
  });
  const ends = [{ time: seconds(bars.time[from]), value: entry }];
  if (to > from) ends.push({ time: seconds(bars.time[to]), value: exit });
  path.setData(ends);
  return path;
}

function addOverlay(
  chart: IChartApi,
  bars: BarColumns,
  { values, pane, levels, colour: name }: Overlay,
): ISeriesApi<'Line'> {
  const line = chart.addSeries(
    LineSeries,
    {
      color: colour(name),
      lineWidth: 1,
      priceLineVisible: false,
      lastValueVisible: false,
      crosshairMarkerVisible: false,
    },
    pane,
  );
  line.setData(
    bars.time.map((time, at) => {
      const value = values[at] ?? NaN;
      return Number.isFinite(value) ? { time: seconds(time), value } : { time: seconds(time) };
    }),
  );
  for (const { value, title } of levels) {
    line.createPriceLine({
      price: value,
      title,
      color: colour('--control'),
      lineWidth: 1,
      lineStyle: LineStyle.Dotted,
    });
  }
  if (pane > 0) chart.panes()[pane]?.setHeight(PANE_HEIGHT);
  return line;
}

function isIntraday(time: readonly number[]): boolean {
  const [first = 0, second = 0] = time;
  return second - first < 86_400_000;
}
