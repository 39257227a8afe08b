// One pane of lines as uPlot wants it.

import uPlot from 'uplot';
import { colour, paleColour } from './colours.ts';
import { rangeOf, type Line, type Pane, type Shade } from './lines.ts';
import { logTicks, roundTicks } from './ticks.ts';

interface Around {
  readonly width: number;
  readonly syncKey: string;
  readonly isFirst: boolean;
  /** Whether the axis of time stands below it. */
  readonly isLast: boolean;
  readonly shade: Shade | null;
}

const AXIS = 56;

// uPlot names these in its types alone.
const NUMBERS: unknown = { linear: 1, log: 3, right: 1 };
const {
  linear,
  log: logarithmic,
  right,
} = NUMBERS as {
  readonly linear: uPlot.Scale.Distr;
  readonly log: uPlot.Scale.Distr;
  readonly right: uPlot.Axis.Side;
};

/** Colours are asked for with each drawing, so a new theme needs a redraw only. */
export function plotOptions(pane: Pane, { width, syncKey, isFirst, isLast, shade }: Around): uPlot.Options {
  const log = pane.log ?? false;
  const font = `11px ${getComputedStyle(document.body).fontFamily}`;
  const most = Math.max(2, Math.floor(pane.height / 46));
  const ink = { font, stroke: () => colour('--ink-3'), ticks: { show: false }, border: { show: false } };
  const grid = { stroke: () => colour('--line'), width: 1 };
  return {
    width,
    height: pane.height,
    ms: 1,
    tzDate: (instant) => uPlot.tzDate(new Date(instant), 'Etc/UTC'),
    padding: [8, 0, isLast ? 0 : 4, 2],
    legend: { show: false },
    cursor: {
      sync: { key: syncKey, setSeries: false },
      y: false,
      points: { size: 7, fill: (_plot, at) => colour(pane.lines[at - 1]?.colour ?? '--ink') },
      drag: { x: true, y: false, dist: 6 },
    },
    scales: {
      x: { time: true },
      y: { distr: log ? logarithmic : linear, range: (_plot, min, max) => rangeOf(min, max, pane) },
    },
    axes: [
      { ...ink, show: true, size: isLast ? 28 : 4, grid, values: isLast ? TIME_FORMATS : () => [] },
      {
        ...ink,
        side: right,
        size: AXIS,
        gap: 6,
        grid,
        splits: (_plot, _axis, min, max) => (log ? logTicks : roundTicks)(min, max, most),
        filter: (_plot, splits) => splits,
        values: (_plot, splits) => splits.map((value) => pane.format(value)),
      },
    ],
    series: [{}, ...pane.lines.map(seriesOf)],
    hooks: { drawClear: [(plot) => shade && drawShade(plot, shade, isFirst, font)] },
  };
}

// uPlot's own formats begin a line with the year where it changes; these do too, with ISO months and days.
const TIME_FORMATS: uPlot.Axis.DynamicValues | (string | number | null)[][] = [
  [365 * 86_400_000, '{YYYY}', null, null, null, null, null, null, 1],
  [28 * 86_400_000, '{YYYY}-{MM}', null, null, null, null, null, null, 1],
  [86_400_000, '{MM}-{DD}', '\n{YYYY}', null, null, null, null, null, 1],
  [60_000, '{HH}:{mm}', '\n{YYYY}-{MM}-{DD}', null, '\n{MM}-{DD}', null, null, null, 1],
];

function seriesOf({ label, colour: name, dash, width = 1.5, filled = false }: Line): uPlot.Series {
  return {
    label,
    stroke: () => colour(name),
    width,
    spanGaps: true,
    points: { show: false },
    ...(dash && dash.length > 0 && { dash: [...dash] }),
    ...(filled && { fill: () => paleColour(name, 0.14), fillTo: 0 }),
  };
}

function drawShade(plot: uPlot, { from, to, name }: Shade, named: boolean, font: string): void {
  const { ctx, bbox } = plot;
  const left = Math.max(bbox.left, plot.valToPos(from, 'x', true));
  const end = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true));
  if (end <= left) return;
  ctx.save();
  ctx.fillStyle = colour('--inset');
  ctx.fillRect(left, bbox.top, end - left, bbox.height);
  if (named) {
    ctx.fillStyle = colour('--ink-3');
    ctx.font = font.replace('11px', `${11 * devicePixelRatio}px`);
    ctx.textBaseline = 'bottom';
    ctx.fillText(name, left + 6 * devicePixelRatio, bbox.top + bbox.height - 5 * devicePixelRatio);
  }
  ctx.restore();
}
