import { useMemo, type JSX } from 'react';
import type { Table } from '../parts/csv.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { decimal, NONE, share } from '../words/format.ts';
import { monthlyCorrelation, sharedDays } from './alike.ts';
import { Letter } from './Letter.tsx';
import type { Found, Member } from './members.ts';

interface Read extends Found {
  readonly letter: string;
  readonly at: number;
}

/** How alike the variants are: those that are one bet in two suits are seen here. */
export function AlikePanel({ members }: { readonly members: readonly Member[] }): JSX.Element {
  const read = useMemo(
    () => members.flatMap(({ letter, at, found }): Read[] => (found ? [{ letter, at, ...found }] : [])),
    [members],
  );
  const isComing = members.some(({ found, error }) => found === null && error === null);
  return (
    <Panel title="How alike" className="alike" tools={<ShowData what="how alike" table={() => tableOf(read)} />}>
      {isComing && read.length < 2 ? (
        <Coming height={2 * (members.length * 26 + 48) + 40} />
      ) : (
        <>
          <Matrix
            title="Correlation of monthly returns"
            read={read}
            value={correlationOf}
            write={(value) => decimal(value)}
          />
          <Matrix
            title="Days in the market that both were in"
            read={read}
            value={sharedOf}
            write={(value) => share(value)}
          />
          <p className="ink-2">Close to 1: the same bet in other words. Trading both adds little.</p>
        </>
      )}
    </Panel>
  );
}

const correlationOf = (a: Read, b: Read): number | null => monthlyCorrelation(a.months, b.months);
const sharedOf = (a: Read, b: Read): number | null => sharedDays(a.days, b.days);

interface MatrixProps {
  readonly title: string;
  readonly read: readonly Read[];
  readonly value: (a: Read, b: Read) => number | null;
  readonly write: (value: number | null) => string;
}

function Matrix({ title, read, value, write }: MatrixProps): JSX.Element {
  const columns = read.slice(0, -1);
  return (
    <table>
      <caption>{title}</caption>
      <thead>
        <tr>
          <td />
          {columns.map(({ letter, at }) => (
            <th key={letter} scope="col">
              <Letter at={at} letter={letter} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {read.slice(1).map((row, below) => (
          <tr key={row.letter}>
            <th scope="row">
              <Letter at={row.at} letter={row.letter} />
            </th>
            {columns.map((column, at) =>
              at <= below ? (
                <Shaded key={column.letter} value={value(row, column)} write={write} />
              ) : (
                <td key={column.letter} />
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Shaded({ value, write }: { readonly value: number | null } & Pick<MatrixProps, 'write'>): JSX.Element {
  if (value === null) return <td title="Too little that both have">{NONE}</td>;
  const strength = Math.round(Math.abs(value) * 28);
  const name = value < 0 ? '--loss' : '--accent';
  return (
    <td style={{ background: `color-mix(in srgb, var(${name}) ${strength}%, var(--surface))` }}>{write(value)}</td>
  );
}

function tableOf(read: readonly Read[]): Table {
  const pairs = read.flatMap((a, at) => read.slice(at + 1).map((b) => [a, b] as const));
  return {
    title: 'How alike',
    file: 'alike',
    columns: [{ name: 'pair' }, { name: 'correlation of months' }, { name: 'shared days' }],
    length: pairs.length,
    cell: (row, column) => {
      const [a, b] = pairs[row] ?? [];
      if (a === undefined || b === undefined) return null;
      return column === 0 ? `${a.letter} and ${b.letter}` : column === 1 ? correlationOf(a, b) : sharedOf(a, b);
    },
  };
}
