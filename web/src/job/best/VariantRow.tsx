import { memo, type JSX, type MouseEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { placeText, valueAt, type NamedAxis } from '../../words/axes.ts';
import { axisValue, tone } from '../../words/format.ts';
import { hovered } from '../hovered.ts';
import { isAtEnd, metricOf, type Column, type Row } from './columns.ts';
import { linePath } from './equity-line.ts';
import type { Group } from './rows.ts';

interface VariantRowProps {
  readonly job_id: string;
  readonly group: Group;
  readonly columns: readonly Column[];
  /** Of the row in the table, its head included. */
  readonly place: number;
  readonly isChosen: boolean;
  readonly isCurrent: boolean;
  readonly onChoose: (variantIndex: number) => void;
}

/** One variant; a press anywhere but on its box opens it. */
export const VariantRow = memo(function VariantRow({
  job_id,
  group: { row, others },
  columns,
  place,
  isChosen,
  isCurrent,
  onChoose,
}: VariantRowProps): JSX.Element {
  const [, navigate] = useLocation();
  const href = `/jobs/${job_id}/variants/${row.variant_index}`;
  const open = (event: MouseEvent<HTMLElement>): void => {
    const isControl = event.target instanceof Element && event.target.closest('a, input, button, label') !== null;
    if (!isControl && (globalThis.getSelection()?.toString() ?? '') === '') navigate(href);
  };
  return (
    <tr
      aria-selected={isChosen}
      aria-rowindex={place}
      data-variant={row.variant_index}
      {...(isCurrent && { 'data-current': true })}
      onClick={open}
      onPointerEnter={() => hovered.set(row.variant_index)}
      onFocus={() => hovered.set(row.variant_index)}
    >
      <td className="tick">
        <input
          type="checkbox"
          className="check"
          checked={isChosen}
          onChange={() => onChoose(row.variant_index)}
          aria-label={`Choose rank ${row.rank}`}
        />
      </td>
      {columns.map((column) => (
        <VariantCell key={column.id} column={column} row={row} href={href} />
      ))}
      <td className="equity">{row.equity_line !== null && <EquityLine values={row.equity_line} />}</td>
      <td className="others">
        {others > 0 && (
          <span className="chip" title={`${others} more with the same trades`}>
            +{others}
          </span>
        )}
      </td>
    </tr>
  );
});

interface VariantCellProps {
  readonly column: Column;
  readonly row: Row;
  readonly href: string;
}

function VariantCell({ column, row, href }: VariantCellProps): JSX.Element {
  if (column.kind === 'rank') {
    return (
      <th scope="row" className="n rank">
        <Link href={href} aria-label={`Open rank ${row.rank}`}>
          {row.rank}
        </Link>
      </th>
    );
  }
  if (column.kind === 'axis') return <AxisCell axis={column.axis} row={row} />;
  const value = metricOf(row, column);
  const { words, isRanking } = column;
  const colour = words.signed === true ? tone(value) : '';
  return <td className={`n ${colour}${isRanking ? ' ranking' : ''}`}>{words.format(value)}</td>;
}

function AxisCell({ axis, row }: { readonly axis: NamedAxis; readonly row: Row }): JSX.Element {
  const value = valueAt(axis, row.variant_index);
  const isEnd = isAtEnd(axis, value);
  // The head of the column has the unit.
  const text = axis.values.length > 0 ? axisValue(value) : placeText(axis, row.variant_index);
  return (
    <td className="n parameter">
      {isEnd ? (
        <span className="at-end" title={`${axis.label}: at the end of what was searched`}>
          {text}
        </span>
      ) : (
        text
      )}
    </td>
  );
}

const WIDTH = 64;
const HEIGHT = 18;

function EquityLine({ values }: { readonly values: readonly number[] }): JSX.Element {
  return (
    <svg width={WIDTH} height={HEIGHT} aria-hidden="true">
      <path d={linePath(values, WIDTH, HEIGHT)} />
    </svg>
  );
}
