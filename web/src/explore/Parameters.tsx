// A card for each parameter: what each of its values reaches, whatever the others are.

import './explore.css';
import type { Schemas } from '@backtest-jobs/client';
import type { JSX, MouseEvent } from 'react';
import type { Table } from '../parts/csv.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { Sign } from '../parts/Sign.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { placeAt, valueText, type NamedAxis } from '../words/axes.ts';
import { axisValue, count, numberOf, share } from '../words/format.ts';
import { metricText, metricWords } from '../words/metrics.ts';
import { binAt } from './axes.ts';
import { useWidth } from './canvas/use-width.ts';
import { lineOf, scaleOf } from './lines.ts';
import { withUnit } from './map/cells.ts';
import { useExplored, type ExploreProps } from './use-explored.ts';
import { nothingWords } from './words.ts';

type AxisSummary = Schemas['SurfaceSummary']['axes'][number];

export function Parameters(props: ExploreProps): JSX.Element {
  const { axes, metric, summary, pair, winner, change } = useExplored(props);
  const { data } = summary;
  const put = (key: string, event: MouseEvent): void => {
    if (pair === null) return;
    // The one that it takes the place of goes where it was.
    if (event.shiftKey) change(key === pair.x ? { x: pair.y ?? '', y: key } : { x: pair.x, y: key });
    else change(key === pair.y ? { x: key, y: pair.x } : { x: key, y: pair.y ?? '' });
  };
  return (
    <Panel
      title="Each parameter by itself"
      note={<CardsNote />}
      busy={summary.isPlaceholderData}
      tools={<ShowData what="each parameter" table={data ? () => cardsTable(data, axes) : null} />}
      flush
    >
      <div className="explore-body">
        {summary.isError && data === undefined && (
          <Trouble
            what="The parameters could not be read"
            error={summary.error}
            onRetry={() => void summary.refetch()}
          />
        )}
        {axes.length === 0 && <p className="ink-2">No parameter varies in stage 1.</p>}
        {data?.scores === 0 && axes.length > 0 && <p className="ink-2">{nothingWords(props.job, data.units)}</p>}
        {data === undefined && !summary.isError && axes.length > 0 && (
          <div className="cards">
            {axes.map(({ key }) => (
              <Coming key={key} height={108} />
            ))}
          </div>
        )}
        {data !== undefined && data.scores > 0 && (
          <div className="cards">
            {axes.map((axis) => {
              const own = data.axes.find(({ key }) => key === axis.key);
              const role = pair?.x === axis.key ? 'x' : pair?.y === axis.key ? 'y' : null;
              return (
                own && (
                  <Card
                    key={axis.key}
                    axis={axis}
                    summary={own}
                    metric={metric}
                    winner={winner}
                    role={role}
                    onPut={(event) => put(axis.key, event)}
                  />
                )
              );
            })}
          </div>
        )}
      </div>
    </Panel>
  );
}

function CardsNote(): JSX.Element {
  return (
    <>
      <i className="dash best" /> best, <i className="dash" /> median of all the others; the share is how much of the
      spread it explains
    </>
  );
}

interface CardProps {
  readonly axis: NamedAxis;
  readonly summary: AxisSummary;
  readonly metric: string;
  readonly winner: number | null;
  /** Where it stands on the map; null: it does not. */
  readonly role: 'x' | 'y' | null;
  readonly onPut: (event: MouseEvent) => void;
}

const HEIGHT = 56;
const MARGIN = 5;

function Card({ axis, summary, metric, winner, role, onPut }: CardProps): JSX.Element {
  const [measure, width] = useWidth();
  const best = summary.best.map(numberOf);
  const median = summary.median.map(numberOf);
  const finite = [...best, ...median].filter(Number.isFinite);
  const y = scaleOf(Math.min(...finite), Math.max(...finite), HEIGHT - MARGIN, MARGIN + 2);
  const bins = best.length;
  const x = (at: number): number => MARGIN + ((at + 0.5) / bins) * Math.max(1, width - 2 * MARGIN);
  const place = winner === null ? null : placeAt(axis, winner);
  const bin = place === null ? summary.winner : binAt(place, axis.length, bins);
  const value = bin === null ? NaN : (best[bin] ?? NaN);
  const hasZero = y.low < 0 && y.high > 0;
  const words = cardWords({ axis, summary, metric, place });
  return (
    <button
      type="button"
      className="card"
      aria-pressed={role !== null}
      title="Click: columns of the map. Shift and click: rows"
      data-axis={axis.key}
      onClick={onPut}
    >
      <span className="top">
        <b>{axis.label}</b>
        {role !== null && <span className="role">{role}</span>}
        <span className="grow" />
        <span className="num ink-3">
          {share(summary.explained)}
          <span className="sr"> of the spread explained{words}</span>
        </span>
      </span>
      <span className="draw" ref={measure}>
        <svg width={width} height={HEIGHT} aria-hidden="true">
          {hasZero && <line className="zero" x1={MARGIN} x2={width - MARGIN} y1={y.at(0)} y2={y.at(0)} />}
          <path className="median" d={lineOf(median, x, y.at)} />
          <path className="line" d={lineOf(best, x, y.at)} />
          {bin !== null && <line className="cursor" x1={x(bin)} x2={x(bin)} y1="0" y2={HEIGHT} />}
          {bin !== null && !Number.isNaN(value) && <circle className="ring" cx={x(bin)} cy={y.at(value)} r="4" />}
        </svg>
      </span>
      <Ends axis={axis} summary={summary} place={place} />
    </button>
  );
}

/** The ends of an axis, and the value of the winner: in caution where that is an end. */
function Ends({ axis, summary, place }: Pick<CardProps, 'axis' | 'summary'> & { readonly place: number | null }) {
  const [first, last] = [summary.from[0] ?? '', summary.to.at(-1) ?? ''];
  const isFirst = place === 0;
  const isLast = place === axis.length - 1;
  const text = place === null ? '' : winnerText(axis, summary, place);
  const along = place === null ? 0 : (place + 0.5) / axis.length;
  const isEdge = isAtEnd(axis, place);
  return (
    <span className="ends num" aria-hidden="true">
      {/* An end that the winner's value would cover is left out. */}
      <span>{isFirst || (place !== null && along < 0.16) ? '' : axisValue(first)}</span>
      {place !== null && (
        <b className={isEdge ? 'caution' : ''} style={{ left: `clamp(18px, ${100 * along}%, 100% - 18px)` }}>
          {isEdge && isLast && <Sign name="edge" />}
          {text}
          {isEdge && isFirst && <Sign name="edge" />}
        </b>
      )}
      <span>{isLast || (place !== null && along > 0.84) ? '' : axisValue(last)}</span>
    </span>
  );
}

/** Writes the value at a place; of an axis whose values are not listed, the first of its bin. */
function winnerText(axis: NamedAxis, { from }: AxisSummary, place: number): string {
  const value = axis.values.length === 0 ? from[binAt(place, axis.length, from.length)] : axis.values[place];
  return valueText(axis, value ?? null);
}

/** Of two values both are ends, which says nothing. */
const isAtEnd = ({ length }: NamedAxis, place: number | null): boolean =>
  length > 2 && (place === 0 || place === length - 1);

interface Told {
  readonly axis: NamedAxis;
  readonly summary: AxisSummary;
  readonly metric: string;
  readonly place: number | null;
}

/** Says what a card draws. */
function cardWords({ axis, summary, metric, place }: Told): string {
  const best = Math.max(...summary.best.map(numberOf).filter((value) => !Number.isNaN(value)), -Infinity);
  const reaches = Number.isNaN(best) ? '' : `, up to ${metricText(metric, best)}`;
  const winner = place === null ? '' : `, the best has ${winnerText(axis, summary, place)}`;
  return `${reaches}${winner}${isAtEnd(axis, place) ? ', at the end of what was searched' : ''}`;
}

function cardsTable({ axes: all, metric }: Schemas['SurfaceSummary'], axes: readonly NamedAxis[]): Table {
  const rows = axes.flatMap((axis) => {
    const own = all.find(({ key }) => key === axis.key);
    return own ? own.from.map((_, bin) => ({ axis, own, bin })) : [];
  });
  const { format, name, unit } = metricWords(metric);
  const score = (value: unknown): string => format(value as number);
  const numbered = withUnit({ name, unit });
  return {
    title: 'Each parameter by itself',
    file: 'parameters',
    columns: [
      { name: 'Parameter' },
      { name: 'From' },
      { name: 'To' },
      { name: `Best ${numbered}`, format: score },
      { name: `Median ${numbered}`, format: score },
      { name: 'Variants', format: (value) => count(value as number) },
    ],
    length: rows.length,
    cell: (row, column) => {
      const at = rows[row];
      if (at === undefined) return null;
      const { axis, own, bin } = at;
      const cells = [axis.label, own.from[bin], own.to[bin], numberOf(own.best[bin]), numberOf(own.median[bin])];
      return (column === 5 ? own.scores[bin] : cells[column]) ?? null;
    },
  };
}
