// The bars of the preview: those with a signal are coloured, entries have arrows.

import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  LineSeries,
  type IChartApi,
  type SeriesMarker,
  type Time,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useEffect, useRef, useState, type JSX } from 'react';
import type { Preview } from '../engine/preview.ts';

/** Counts the changes of the colours. */
function useTheme(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const change = (): void => setVersion((now) => now + 1);
    const system = matchMedia('(prefers-color-scheme: dark)');
    globalThis.addEventListener('themechange', change);
    system.addEventListener('change', change);
    return () => {
      globalThis.removeEventListener('themechange', change);
      system.removeEventListener('change', change);
    };
  }, []);
  return version;
}

const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

export function PreviewChart({ drawn }: { readonly drawn: Preview }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const version = useTheme();
  useEffect(() => {
    if (place.current === null) return undefined;
    const chart = openChart(place.current);
    draw(chart, drawn);
    return () => chart.remove();
  }, [drawn, version]);
  const { entries, candles } = drawn;
  const label = `The last ${candles.time.length} bars with ${entries.length} entries. Show data has the same numbers.`;
  return <div className="chart" ref={place} role="img" aria-label={label} />;
}

function openChart(place: HTMLElement): IChartApi {
  return createChart(place, {
    autoSize: true,
    layout: {
      background: { color: css('surface') },
      textColor: css('ink-3'),
      fontFamily: css('font'),
      fontSize: 11,
      attributionLogo: false, // it brings a style without a nonce; the legend names its makers
    },
    grid: { vertLines: { visible: false }, horzLines: { color: css('line') } },
    rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.14 } },
    timeScale: { borderColor: css('line-2') },
    handleScroll: { mouseWheel: false },
    handleScale: { mouseWheel: false },
  });
}

const LINE_COLOURS = ['accent', 'series-b', 'series-c', 'series-d'] as const;

function draw(chart: IChartApi, { candles, signal, entries, lines }: Preview): void {
  const times = Array.from(candles.time, (time) => (time / 1000) as UTCTimestamp);
  const colourOf = { '1': css('gain'), '-1': css('loss'), '0': css('line-2') };
  const surface = css('surface');
  const series = chart.addSeries(CandlestickSeries, { priceLineVisible: false, lastValueVisible: false });
  series.setData(
    times.map((time, bar) => {
      const [open = 0, high = 0, low = 0, close = 0] = [candles.open, candles.high, candles.low, candles.close].map(
        (one) => one[bar],
      );
      const colour = colourOf[String(signal[bar] ?? 0) as keyof typeof colourOf];
      return {
        time,
        open,
        high,
        low,
        close,
        color: close >= open ? surface : colour,
        borderColor: colour,
        wickColor: colour,
      };
    }),
  );
  lines.forEach(({ values }, position) => {
    const line = chart.addSeries(LineSeries, {
      color: css(LINE_COLOURS[position] ?? 'ink-3'),
      lineWidth: 1,
      priceLineVisible: false,
      lastValueVisible: false,
      crosshairMarkerVisible: false,
    });
    line.setData(
      times.map((time, bar) => {
        const value = values[bar] ?? Number.NaN;
        return Number.isNaN(value) ? { time } : { time, value };
      }),
    );
  });
  const markers = entries.flatMap(({ bar, side }): SeriesMarker<Time>[] => {
    const time = times[bar];
    if (time === undefined) return [];
    return side > 0
      ? [{ time, position: 'belowBar', shape: 'arrowUp', color: colourOf[1], size: 0.7 }]
      : [{ time, position: 'aboveBar', shape: 'arrowDown', color: colourOf[-1], size: 0.7 }];
  });
  createSeriesMarkers(series, markers);
  chart.timeScale().fitContent();
}
