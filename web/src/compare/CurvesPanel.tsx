import { lazy, Suspense, useMemo, useState, type JSX } from 'react';
import { Key } from '../charts/Key.tsx';
import { DASHES, seriesColour, type Line, type Pane } from '../charts/lines.ts';
import { align, lastAt, rebase, type Timed } from '../charts/series.ts';
import type { Table } from '../parts/csv.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Segments } from '../parts/Segments.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { count, date, decimal, short } from '../words/format.ts';
import { whatDiffers } from './comparable.ts';
import type { Member } from './members.ts';

const LinesChart = lazy(() => import('../charts/LinesChart.tsx'));

const HEIGHTS = { equity: 300, drawdown: 128 } as const;

interface CurvesPanelProps {
  readonly members: readonly Member[];
  readonly log: boolean;
  readonly onLog: (log: boolean) => void;
}

/** Equity from 100, and drawdown, of all variants. */
export function CurvesPanel({ members, log, onLog }: CurvesPanelProps): JSX.Element {
  const [at, setAt] = useState<number | null>(null);
  const curves = useMemo(() => curvesOf(members), [members]);
  const panes = useMemo(() => panesOf(curves, log), [curves, log]);
  const height = HEIGHTS.equity + HEIGHTS.drawdown;
  return (
    <Panel
      title="Equity"
      note="100 at the start"
      className="curves"
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
          <ShowData what="equity" table={curves.time.length > 0 ? () => tableOf(curves) : null} />
        </>
      }
    >
      <Legend curves={curves} at={at} />
      {curves.time.length > 0 ? (
        <Suspense fallback={<Coming height={height} />}>
          <LinesChart
            label="Equity from 100 above, drawdown below"
            time={curves.time}
            panes={panes}
            shade={curves.shade}
            onCursor={setAt}
          />
        </Suspense>
      ) : (
        <Coming height={height} />
      )}
    </Panel>
  );
}

interface Curves {
  readonly time: readonly number[];
  readonly equity: readonly Line[];
  readonly drawdown: readonly Line[];
  readonly shade: NonNullable<Member['found']>['curve']['heldOut'];
}

function curvesOf(members: readonly Member[]): Curves {
  const read = members.flatMap(({ letter, at, found }) => (found ? [{ letter, at, ...found }] : []));
  const alike = whatDiffers(read).length === 0;
  const [first] = read;
  const holding: Timed[] = alike && first ? [{ time: first.curve.time, values: rebase(first.curve.benchmark) }] : [];
  const { time, columns } = align([
    ...read.map(({ curve }) => ({ time: curve.time, values: rebase(curve.equity) })),
    ...read.map(({ curve }) => ({ time: curve.time, values: curve.drawdown })),
    ...holding,
  ]);
  const lineOf =
    (shift: number, width: number) =>
    (member: (typeof read)[number], row: number): Line => ({
      label: member.letter,
      values: columns[row + shift] ?? [],
      colour: seriesColour(member.at),
      dash: DASHES[member.at] ?? [],
      width,
    });
  const hold = columns[read.length * 2];
  return {
    time,
    equity: [
      ...(hold ? [{ label: 'buy and hold', values: hold, colour: '--line-2', width: 1.25 }] : []),
      ...read.map(lineOf(0, 1.6)),
    ],
    drawdown: read.map(lineOf(read.length, 1.1)),
    // Held-out bars are told where all hold out the same.
    shade: alike ? (first?.curve.heldOut ?? null) : null,
  };
}

function panesOf({ equity, drawdown }: Curves, log: boolean): readonly Pane[] {
  return [
    { lines: equity, height: HEIGHTS.equity, log, format: short },
    {
      lines: drawdown,
      height: HEIGHTS.drawdown,
      hangs: true,
      format: (value) => `${decimal(value, Number.isInteger(value) ? 0 : 1)}%`,
    },
  ];
}

function Legend({ curves, at }: { readonly curves: Curves; readonly at: number | null }): JSX.Element {
  const row = at ?? curves.time.length - 1;
  const instant = curves.time[row];
  const lines = [...curves.equity].sort((a, b) => a.label.length - b.label.length);
  return (
    <p className="legend" data-readout>
      {lines.map(({ label, colour, dash, values }) => (
        <span key={label}>
          <Key colour={colour} dash={dash ?? []} />
          {label} <b>{count(lastAt(values, row))}</b>
        </span>
      ))}
      <span className="ink-3">{instant === undefined ? '' : date(new Date(instant).toISOString())}</span>
    </p>
  );
}

function tableOf({ time, equity, drawdown }: Curves): Table {
  const columns = [
    ...equity.map(({ label, values }) => ({ name: `${label} equity`, values })),
    ...drawdown.map(({ label, values }) => ({ name: `${label} drawdown %`, values })),
  ];
  return {
    title: 'Equity from 100, and drawdown',
    file: 'compare',
    columns: [
      { name: 'time' },
      ...columns.map(({ name }) => ({
        name,
        format: (value: number | string | null) => (typeof value === 'string' ? value : decimal(value)),
      })),
    ],
    length: time.length,
    cell: (row, column) =>
      column === 0 ? new Date(time[row] ?? 0).toISOString() : (columns[column - 1]?.values[row] ?? null),
  };
}
