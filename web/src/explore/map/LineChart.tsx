// The map of one axis: a line, with the band of what lies around each value.

import { useMemo, useState, type JSX, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import type { NamedAxis } from '../../words/axes.ts';
import { axisValue } from '../../words/format.ts';
import { metricText, metricWords } from '../../words/metrics.ts';
import { useWidth } from '../canvas/use-width.ts';
import { areaOf, bandOf, lineOf, scaleOf } from '../lines.ts';
import { roundValues, ticksOf } from '../ticks.ts';
import { cellWords } from './cells.ts';
import { movedBy, type Place } from './frame.ts';
import type { MapModel } from './model.ts';

interface LineChartProps {
  readonly model: MapModel;
  readonly axis: NamedAxis;
  readonly best: Place | null;
  readonly isOld: boolean;
  readonly onOpen: (place: Place) => void;
  /** What stands below while no value is read. */
  readonly children: ReactNode;
}

const HEIGHT = 320;
const ROOM = { left: 56, right: 14, top: 14, bottom: 38 } as const;

export function LineChart({ model, axis, best, isOld, onOpen, children }: LineChartProps): JSX.Element {
  const [measure, width] = useWidth();
  const [read, setRead] = useState<{ readonly at: number; readonly byKeys: boolean } | null>(null);
  const { map, holding, columns } = model;
  const { lower, upper } = useMemo(() => bandOf(map.cells), [map]);
  const levels = [...map.cells, ...(holding === null ? [] : [holding]), 0].filter(Number.isFinite);
  const y = scaleOf(Math.min(...levels), Math.max(...levels), HEIGHT - ROOM.bottom, ROOM.top);
  const x = (at: number): number => ROOM.left + ((at + 0.5) / columns) * Math.max(1, width - ROOM.left - ROOM.right);
  const at = read === null ? null : Math.min(read.at, columns - 1);
  const text = at === null ? '' : cellWords(map, { x: axis, y: null }, { i: at, j: 0 });
  const point = (event: PointerEvent<SVGElement>): number => {
    const part = (event.clientX - event.currentTarget.getBoundingClientRect().left - ROOM.left) / (x(columns) - x(0));
    return Math.max(0, Math.min(columns - 1, Math.floor(part * columns)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && at !== null) return onOpen({ i: at, j: 0 });
    const from = at === null ? (best ?? { i: 0, j: 0 }) : { i: at, j: 0 };
    const next = movedBy(event.key, from, model);
    if (next === null) return;
    event.preventDefault();
    setRead({ at: at === null ? from.i : next.i, byKeys: true });
  };
  const marked = best === null ? NaN : (map.cells[best.i] ?? NaN);
  return (
    <>
      <div className="explore-figure" ref={measure} data-old={isOld}>
        <svg
          width={width}
          height={HEIGHT}
          className="explore-line"
          role="application"
          aria-roledescription="line chart"
          aria-label={`${metricWords(map.metric).long} by ${axis.label}, with the lowest and highest around each value. Arrow keys read values, Enter opens the variant.`}
          tabIndex={0}
          data-map
          onPointerMove={(event) => setRead({ at: point(event), byKeys: false })}
          onPointerLeave={() => setRead(null)}
          onBlur={() => setRead(null)}
          onClick={(event) => onOpen({ i: point(event as unknown as PointerEvent<SVGElement>), j: 0 })}
          onKeyDown={onKeyDown}
        >
          {roundValues(y.low, y.high, 6).map((value) => (
            <g key={value} transform={`translate(0 ${y.at(value)})`}>
              <line className={value === 0 ? 'zero' : 'grid'} x1={ROOM.left} x2={width - ROOM.right} />
              <text x={ROOM.left - 8} dy="0.32em" textAnchor="end">
                {axisValue(value)}
              </text>
            </g>
          ))}
          <path className="band" d={areaOf(upper, lower, x, y.at)} />
          {holding !== null && (
            <line className="hold" x1={ROOM.left} x2={width - ROOM.right} y1={y.at(holding)} y2={y.at(holding)} />
          )}
          <path className="line" d={lineOf(map.cells, x, y.at)} />
          {ticksOf(map.x, Math.max(2, Math.floor(width / 64))).map(({ bin, value }) => (
            <text key={bin} x={x(bin)} y={HEIGHT - ROOM.bottom + 16} textAnchor="middle">
              {axisValue(value)}
            </text>
          ))}
          <text className="name" x={(ROOM.left + width) / 2} y={HEIGHT - 4} textAnchor="middle">
            {axis.label}
          </text>
          {best !== null && Number.isFinite(marked) && (
            <circle className="ring" cx={x(best.i)} cy={y.at(marked)} r="6" />
          )}
          {at !== null && <line className="cursor" x1={x(at)} x2={x(at)} y1={ROOM.top} y2={HEIGHT - ROOM.bottom} />}
        </svg>
      </div>
      <p className="sr" role="status">
        {read?.byKeys ? text : ''}
      </p>
      <div className="map-read" data-readout>
        {text === '' ? children : text}
        {holding !== null && text === '' && (
          <span className="ink-3">buy and hold {metricText(map.metric, holding)}</span>
        )}
      </div>
    </>
  );
}
