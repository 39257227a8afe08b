// Lines over time by uPlot: panes under each other with one cursor. Loaded when a page draws one.

import 'uplot/dist/uPlot.min.css';
import './charts.css';
import { useEffect, useRef, type JSX, type KeyboardEvent } from 'react';
import uPlot from 'uplot';
import { onThemeChange } from './colours.ts';
import type { Pane, Shade } from './lines.ts';
import { plotOptions } from './plot-options.ts';
import { zoomByWheel } from './zoom.ts';

interface LinesChartProps {
  /** What it shows, for readers who do not see it. */
  readonly label: string;
  /** Epoch milliseconds of the values. */
  readonly time: readonly number[];
  readonly panes: readonly Pane[];
  readonly shade?: Shade | null;
  /** Takes the place of the cursor; null: it has left. */
  readonly onCursor: (at: number | null) => void;
}

/** The panes must keep their identity as long as they are the same, or the chart is made anew. */
export default function LinesChart({ label, time, panes, shade = null, onCursor }: LinesChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const plots = useRef<readonly uPlot[]>([]);
  const told = useRef(onCursor);
  useEffect(() => {
    told.current = onCursor;
  });
  useEffect(() => {
    const box = place.current;
    if (box === null) return;
    const made = makePlots(box, { time, panes, shade, onCursor: (at) => told.current(at) });
    plots.current = made;
    const fit = new ResizeObserver(() => {
      for (const plot of made) plot.setSize({ width: box.clientWidth, height: plot.height });
    });
    fit.observe(box);
    const stopTheme = onThemeChange(() => {
      for (const plot of made) plot.redraw(true, true);
    });
    const stopWheel = zoomByWheel(box, (left, factor) => zoom(made[0], left, factor));
    return () => {
      fit.disconnect();
      stopTheme();
      stopWheel();
      plots.current = [];
      for (const plot of made) plot.destroy();
    };
  }, [time, panes, shade]);

  const step = (event: KeyboardEvent): void => {
    const by = STEPS[event.key];
    const [plot] = plots.current;
    if (by === undefined || plot === undefined) return;
    event.preventDefault();
    const at = Math.min(
      time.length - 1,
      Math.max(0, (plot.cursor.idx ?? time.length - 1) + by * (event.shiftKey ? 20 : 1)),
    );
    plot.setCursor({ left: plot.valToPos(time[at] ?? 0, 'x'), top: 10 });
  };
  const height = panes.reduce((sum, pane) => sum + pane.height, 0);
  return (
    <div
      ref={place}
      className="plot"
      role="img"
      tabIndex={0}
      aria-label={`${label}. Arrow keys move the cursor; ctrl and wheel, or a drag, zoom; a double click shows all.`}
      style={{ minHeight: height }}
      onKeyDown={step}
    />
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

interface Wanted {
  readonly time: readonly number[];
  readonly panes: readonly Pane[];
  readonly shade: Shade | null;
  readonly onCursor: (at: number | null) => void;
}

function makePlots(box: HTMLElement, { time, panes, shade, onCursor }: Wanted): readonly uPlot[] {
  const made: uPlot[] = [];
  // One sync group for each chart, since a page may have two.
  const sync = uPlot.sync(`${Math.random()}`);
  const follow = (one: uPlot): void => {
    const { min, max } = one.scales['x'] ?? {};
    for (const other of made) {
      const { min: low, max: high } = other.scales['x'] ?? {};
      if (other === one || min == null || max == null || (low === min && high === max)) continue;
      other.setScale('x', { min, max });
    }
  };
  for (const [at, pane] of panes.entries()) {
    const options = plotOptions(pane, {
      width: Math.max(1, box.clientWidth),
      syncKey: sync.key,
      isLast: at === panes.length - 1,
      shade,
      isFirst: at === 0,
    });
    options.hooks = {
      ...options.hooks,
      setScale: [(plot, key) => key === 'x' && follow(plot)],
      ...(at === 0 && { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] }),
    };
    const data = [time, ...pane.lines.map(({ values }) => values)] as uPlot.AlignedData;
    made.push(new uPlot(options, data, box));
  }
  return made;
}

/** Zooms about a place of the plot; never further out than all. */
function zoom(plot: uPlot | undefined, left: number, factor: number): void {
  const { min, max } = plot?.scales['x'] ?? {};
  const all = plot?.data[0] ?? [];
  if (plot === undefined || min == null || max == null) return;
  const at = plot.posToVal(left - plot.bbox.left / devicePixelRatio, 'x');
  const [first, last] = [all[0] ?? min, all.at(-1) ?? max];
  const from = Math.max(first, at - (at - min) * factor);
  const to = Math.min(last, at + (max - at) * factor);
  if (to - from > (last - first) / 2000) plot.setScale('x', { min: from, max: to });
}
