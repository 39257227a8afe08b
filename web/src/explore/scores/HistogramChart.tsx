import type { Schemas } from '@backtest-jobs/client';
import { useState, type JSX, type KeyboardEvent, type PointerEvent } from 'react';
import { axisValue, count, numberOf, short } from '../../words/format.ts';
import { metricText, metricWords } from '../../words/metrics.ts';
import { useWidth } from '../canvas/use-width.ts';
import { roundValues } from '../ticks.ts';
import { madeMoneyAbove, quantileAt } from '../words.ts';
import { barsOf, logShare, placedMarks, powersTo, type Bar, type Mark } from './histogram.ts';

interface HistogramChartProps {
  readonly summary: Schemas['SurfaceSummary'];
  readonly histogram: NonNullable<Schemas['SurfaceSummary']['histogram']>;
  readonly holding: number | null;
}

const HEIGHT = 262;
const ROOM = { left: 34, right: 6, top: 54, bottom: 24 } as const;
const LINE = 15;

export function HistogramChart({ summary, histogram, holding }: HistogramChartProps): JSX.Element {
  const [measure, width] = useWidth();
  const [read, setRead] = useState<{ readonly at: number; readonly byKeys: boolean } | null>(null);
  const bars = barsOf(histogram, { made: madeMoneyAbove(summary.metric), holding });
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  const { from, to } = histogram;
  const inner = Math.max(1, width - ROOM.left - ROOM.right);
  const x = (value: number): number => ROOM.left + (to > from ? ((value - from) / (to - from)) * inner : inner / 2);
  const y = (share: number): number => HEIGHT - ROOM.bottom - share * (HEIGHT - ROOM.bottom - ROOM.top);
  const bar = read === null ? undefined : bars[Math.min(read.at, bars.length - 1)];
  const text = bar ? barWords(bar, summary.metric) : '';
  const onPointerMove = (event: PointerEvent<SVGElement>): void => {
    const part = (event.clientX - event.currentTarget.getBoundingClientRect().left - ROOM.left) / inner;
    const at = Math.floor(part * bars.length);
    setRead(at < 0 || at >= bars.length ? null : { at, byKeys: false });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const now = read?.at ?? -1;
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: bars.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setRead({ at: Math.max(0, Math.min(bars.length - 1, next)), byKeys: true });
  };
  const marks = placedMarks(marksOf(summary, holding, x), width - ROOM.right);
  return (
    <div className="explore-figure" ref={measure}>
      <svg
        className="scores-chart explore-line"
        width={width}
        height={HEIGHT}
        role="application"
        aria-roledescription="histogram"
        aria-label={`${metricWords(summary.metric).long}: how many variants have which. Arrow keys read bars.`}
        tabIndex={0}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setRead(null)}
        onBlur={() => setRead(null)}
        onKeyDown={onKeyDown}
      >
        {powersTo(most).map((power) => (
          <g key={power} transform={`translate(0 ${y(logShare(power, most))})`}>
            <line className="grid" x1={ROOM.left} x2={width - ROOM.right} />
            <text x={ROOM.left - 6} dy="0.32em" textAnchor="end">
              {short(power).replace('.0', '')}
            </text>
          </g>
        ))}
        <Bars bars={bars} most={most} place={{ x, y, inner }} read={bar ?? null} />
        <line className="zero" x1={ROOM.left} x2={width - ROOM.right} y1={y(0)} y2={y(0)} />
        {roundValues(from, to, Math.max(2, Math.floor(width / 90))).map((value) => (
          <text key={value} x={x(value)} y={HEIGHT - 7} textAnchor="middle">
            {value > 0 && metricWords(summary.metric).signed ? '+' : ''}
            {axisValue(value)}
          </text>
        ))}
        {marks.map(({ id, text: label, x: at, line, anchor }) => (
          <g key={id} className={`mark ${id}`}>
            <line x1={at} x2={at} y1={LINE * line + 6} y2={y(0)} />
            <text x={at + (anchor === 'start' ? 5 : -5)} y={LINE * line + 14} textAnchor={anchor}>
              {label}
            </text>
          </g>
        ))}
      </svg>
      <p className="sr" role="status">
        {read?.byKeys ? text : ''}
      </p>
      <p className="scores-read" data-readout>
        {text}
      </p>
    </div>
  );
}

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly most: number;
  readonly place: {
    readonly x: (value: number) => number;
    readonly y: (share: number) => number;
    readonly inner: number;
  };
  readonly read: Bar | null;
}

function Bars({ bars, most, place: { x, y, inner }, read }: BarsProps): JSX.Element {
  const wide = bars.length === 1 ? 24 : inner / bars.length;
  return (
    <>
      {bars.map((bar) => {
        const left = bars.length === 1 ? x(bar.from) - wide / 2 : x(bar.from);
        const top = y(logShare(bar.count, most));
        return (
          bar.count > 0 && (
            <rect
              key={bar.from}
              className={bar.tone}
              data-read={bar === read}
              x={left}
              y={Math.min(top, y(0) - 1.5)}
              width={Math.max(0.5, wide - (wide > 3 ? 1 : 0))}
              height={Math.max(1.5, y(0) - top)}
            />
          )
        );
      })}
    </>
  );
}

function marksOf(
  summary: HistogramChartProps['summary'],
  holding: number | null,
  x: (value: number) => number,
): readonly Mark[] {
  const { metric, best, histogram } = summary;
  const [from, to] = [histogram?.from ?? 0, histogram?.to ?? 0];
  const mark = (id: Mark['id'], name: string, value: number | null): readonly Mark[] =>
    // Beyond the scores a line would lie beside the picture.
    value === null || !(value >= from && value <= to)
      ? []
      : [{ id, text: `${name} ${metricText(metric, value)}`, x: x(value) }];
  return [
    ...mark('holding', 'buy and hold', holding),
    ...mark('best', 'best', numberOf(best?.value)),
    ...mark('median', 'median', quantileAt(summary, 0.5)),
  ];
}

function barWords({ from, to, count: variants }: Bar, metric: string): string {
  return `${metricText(metric, from)} to ${metricText(metric, to)}: ${count(variants)} ${variants === 1 ? 'variant' : 'variants'}`;
}
