import { lazy, Suspense, useMemo, useState, type JSX } from 'react';
import { Key } from '../charts/Key.tsx';
import type { Pane } from '../charts/lines.ts';
import { lastAt } from '../charts/series.ts';
import type { Table } from '../parts/csv.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Segments } from '../parts/Segments.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { count, date, decimal, short } from '../words/format.ts';
import type { Curve } from './curve.ts';

const LinesChart = lazy(() => import('../charts/LinesChart.tsx'));

const HEIGHTS = { equity: 244, drawdown: 112 } as const;
const HOLD_DASH = [4, 3];

interface EquityPanelProps {
  readonly curve: Curve | null;
  readonly log: boolean;
  readonly onLog: (log: boolean) => void;
}

/** Equity and drawdown with one cursor; the part held out is shaded and named. */
export function EquityPanel({ curve, log, onLog }: EquityPanelProps): JSX.Element {
  const [at, setAt] = useState<number | null>(null);
  const panes = useMemo(() => curve && panesOf(curve, log), [curve, log]);
  const height = HEIGHTS.equity + HEIGHTS.drawdown;
  return (
    <Panel
      title="Equity"
      className="equity"
      tools={
        <>
          <Segments
            small
            label="Scale"
            value={log ? 'log' : 'linear'}
            options={[
              ['linear', 'Linear'],
              ['log', 'Log'],
            ]}
            onChange={(next) => onLog(next === 'log')}
          />
          <ShowData what="equity" table={curve && (() => tableOf(curve))} />
        </>
      }
    >
      <Legend curve={curve} at={at} />
      {curve && panes ? (
        <Suspense fallback={<Coming height={height} />}>
          <LinesChart
            label="Equity above, drawdown below, with buy and hold dashed"
            time={curve.time}
            panes={panes}
            shade={curve.heldOut}
            onCursor={setAt}
          />
        </Suspense>
      ) : (
        <Coming height={height} />
      )}
    </Panel>
  );
}

function Legend({ curve, at }: { readonly curve: Curve | null; readonly at: number | null }): JSX.Element {
  if (curve === null) return <p className="legend">&nbsp;</p>;
  const row = at ?? curve.time.length - 1;
  const instant = curve.time[row];
  const heldOut = curve.heldOut !== null && instant !== undefined && instant >= curve.heldOut.from;
  return (
    <p className="legend" data-readout>
      <span>
        <Key colour="--accent" />
        this <b>{count(lastAt(curve.equity, row))}</b>
      </span>
      <span>
        <Key colour="--ink-3" dash={HOLD_DASH} />
        buy and hold <b>{count(lastAt(curve.benchmark, row))}</b>
      </span>
      <span>
        <Key colour="--loss" />
        drawdown <b>{decimal(Math.abs(lastAt(curve.drawdown, row) ?? NaN), 1)}%</b>
      </span>
      <span className="ink-3">
        {instant === undefined ? '' : date(new Date(instant).toISOString())}
        {heldOut && ', held out'}
      </span>
    </p>
  );
}

function panesOf(curve: Curve, log: boolean): readonly Pane[] {
  return [
    {
      height: HEIGHTS.equity,
      log,
      format: short,
      lines: [
        { label: 'buy and hold', values: curve.benchmark, colour: '--ink-3', dash: HOLD_DASH, width: 1.25 },
        { label: 'this', values: curve.equity, colour: '--accent' },
      ],
    },
    {
      height: HEIGHTS.drawdown,
      hangs: true,
      format: (value) => `${decimal(value, Number.isInteger(value) ? 0 : 1)}%`,
      lines: [{ label: 'drawdown', values: curve.drawdown, colour: '--loss', width: 1, filled: true }],
    },
  ];
}

function tableOf({ time, equity, benchmark, drawdown, heldOut }: Curve): Table {
  const columns = [
    { name: 'time' },
    { name: 'equity', format: numbers(2) },
    { name: 'buy and hold', format: numbers(2) },
    { name: 'drawdown %', format: numbers(2) },
    { name: 'part' },
  ];
  const cells = [
    (row: number) => new Date(time[row] ?? 0).toISOString(),
    (row: number) => equity[row] ?? null,
    (row: number) => benchmark[row] ?? null,
    (row: number) => drawdown[row] ?? null,
    (row: number) => (heldOut !== null && (time[row] ?? 0) >= heldOut.from ? 'held out' : 'searched'),
  ];
  return {
    title: 'Equity and drawdown',
    file: 'equity',
    columns,
    length: time.length,
    cell: (row, column) => cells[column]?.(row) ?? null,
  };
}

/** Writes the cells of a column of numbers. */
const numbers =
  (digits: number) =>
  (value: number | string | null): string =>
    typeof value === 'string' ? value : decimal(value, digits);
