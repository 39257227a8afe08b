import { useMemo, type JSX } from 'react';
import { Link } from 'wouter';
import type { Table } from '../parts/csv.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { Sign } from '../parts/Sign.tsx';
import { Tip } from '../parts/Tip.tsx';
import { Letter } from './Letter.tsx';
import type { Member } from './members.ts';
import { figureRows, parameterRows, type Row } from './rows.ts';

interface DiffersPanelProps {
  readonly members: readonly Member[];
  /** Place of the variant that differences go to. */
  readonly base: number;
  /** Whether rows in which nothing differs are shown too. */
  readonly all: boolean;
  readonly onAll: (all: boolean) => void;
  readonly onBase: (at: number) => void;
  readonly onRemove: (name: string) => void;
}

interface Group {
  readonly name: string;
  readonly rows: readonly Row[];
}

/** One table: parameters that differ, then figures, the best of each row marked, with the difference to the base. */
export function DiffersPanel({ members, base, all, onAll, onBase, onRemove }: DiffersPanelProps): JSX.Element {
  const groups = useMemo(() => groupsOf(members, base, all), [members, base, all]);
  const isComing = members.some(({ found, error }) => found === null && error === null);
  return (
    <Panel
      title="What differs, and what it did"
      note={`each against ${members[base]?.letter ?? 'A'}; the best of a row is underlined`}
      className="differs"
      flush
      tools={
        <>
          <label className="only">
            <input
              className="check"
              type="checkbox"
              checked={!all}
              onChange={(event) => onAll(!event.target.checked)}
            />
            Only what differs
          </label>
          <ShowData what="what differs" table={() => tableOf(groups, members)} />
        </>
      }
    >
      <div className="scroll" tabIndex={0} role="region" aria-label="What differs">
        <table className="numbers">
          <thead>
            <tr>
              <th scope="col">
                <span className="sr">Parameter or figure</span>
              </th>
              {members.map((member) => (
                <Column
                  key={member.name}
                  member={member}
                  isBase={member.at === base}
                  onBase={onBase}
                  onRemove={onRemove}
                />
              ))}
            </tr>
          </thead>
          {isComing && groups.length === 0 && (
            <tbody aria-hidden="true">
              <tr>
                <td colSpan={members.length + 1}>
                  <Coming height={520} />
                </td>
              </tr>
            </tbody>
          )}
          {groups.map((group) => (
            <Rows key={group.name} group={group} columns={members.length + 1} />
          ))}
        </table>
      </div>
    </Panel>
  );
}

interface ColumnProps extends Pick<DiffersPanelProps, 'onBase' | 'onRemove'> {
  readonly member: Member;
  readonly isBase: boolean;
}

function Column({ member, isBase, onBase, onRemove }: ColumnProps): JSX.Element {
  const { name, letter, at, title, job_id, variant_index } = member;
  return (
    <th scope="col" className="n" data-variant={name}>
      <button
        type="button"
        aria-pressed={isBase}
        aria-label={`Compare each against ${letter}`}
        title={isBase ? 'Each is told against this one' : `Tell each against ${letter}`}
        onClick={() => onBase(at)}
      >
        <Letter at={at} letter={letter} />
      </button>{' '}
      <Link className="name" href={`/jobs/${job_id}/variants/${variant_index}`} title={title}>
        {title}
      </Link>
      <button
        type="button"
        className="remove"
        aria-label={`Leave ${letter} out`}
        title="Leave it out"
        onClick={() => onRemove(name)}
      >
        <Sign name="cross" />
      </button>
    </th>
  );
}

function Rows({ group, columns }: { readonly group: Group; readonly columns: number }): JSX.Element {
  return (
    <tbody className={group.name === PARAMETERS ? 'parameters' : 'figures-of'}>
      <tr className="group">
        <th scope="rowgroup" colSpan={columns}>
          {group.name}
        </th>
      </tr>
      {group.rows.map(({ name, meaning, cells }) => (
        <tr key={name}>
          <th scope="row">
            <Tip words={meaning}>{name}</Tip>
          </th>
          {cells.map((cell, at) => (
            <td key={at} className="n">
              {cell ? (
                <>
                  <span className={cell.isMarked ? 'marked' : ''}>{cell.text}</span>
                  <span className={`difference ${cell.tone}`}>{cell.difference}</span>
                </>
              ) : (
                <span className="ink-3">–</span>
              )}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

const PARAMETERS = 'Parameters';

const UNSEEN = ['total_return_pct', 'max_drawdown_pct', 'sharpe', 'num_trades'] as const;

function groupsOf(members: readonly Member[], base: number, all: boolean): readonly Group[] {
  const places = members.map(({ found, variant_index }) => found && { axes: found.axes, variant_index });
  const searched = members.map(({ found }) => found && found.report.metrics);
  const unseen = members.map(({ found }) => found && (found.report.out_of_sample?.metrics ?? {}));
  const hasUnseen = members.some(({ found }) => found?.report.out_of_sample);
  const groups = [
    { name: PARAMETERS, rows: parameterRows(places, base) },
    { name: hasUnseen ? 'Figures, searched' : 'Figures', rows: figureRows(searched, base) },
    ...(hasUnseen ? [{ name: 'Figures, held out', rows: figureRows(unseen, base, UNSEEN) }] : []),
  ];
  return groups
    .map(({ name, rows }) => ({ name, rows: all ? rows : rows.filter(({ isSame }) => !isSame) }))
    .filter(({ rows }) => rows.length > 0);
}

function tableOf(groups: readonly Group[], members: readonly Member[]): Table {
  const rows = groups.flatMap((group) => group.rows.map((row) => ({ group: group.name, ...row })));
  return {
    title: 'What differs',
    file: 'compare-figures',
    columns: [
      { name: 'group' },
      { name: 'name' },
      ...members.map(({ letter, title }) => ({ name: `${letter}: ${title}` })),
    ],
    length: rows.length,
    cell: (at, column) => {
      const row = rows[at];
      if (row === undefined) return null;
      return column === 0 ? row.group : column === 1 ? row.name : (row.cells[column - 2]?.text ?? null);
    },
  };
}
