import { useMemo, type JSX } from 'react';
import type { Table } from '../parts/csv.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { ShowData } from '../parts/ShowData.tsx';
import { Tip } from '../parts/Tip.tsx';
import { groupFigures, type Group } from './figures.ts';
import type { Report } from './queries.ts';

/** The figures of the report in groups; what they mean shows on hover and focus. */
export function ReportPanel({ report }: { readonly report: Report | undefined }): JSX.Element {
  const held = report?.out_of_sample;
  const groups = useMemo(() => report && groupFigures(report.rows, report.out_of_sample?.rows ?? null), [report]);
  return (
    <Panel
      title="Report"
      className="report"
      note={held ? 'searched on, and held out' : `${report?.rows.length ?? 25} figures, with what they mean`}
      tools={<ShowData what="the report" table={groups ? () => tableOf(groups) : null} />}
      flush
    >
      {groups ? (
        <table>
          <caption className="sr">Figures of the report</caption>
          {held && (
            <thead>
              <tr>
                <th scope="col">
                  <span className="sr">Figure</span>
                </th>
                <th scope="col">searched</th>
                <th scope="col">held out</th>
              </tr>
            </thead>
          )}
          {groups.map((group) => (
            <GroupRows key={group.name} group={group} columns={held ? 3 : 2} />
          ))}
        </table>
      ) : (
        <Coming height={756} />
      )}
    </Panel>
  );
}

function GroupRows({ group, columns }: { readonly group: Group; readonly columns: number }): JSX.Element {
  return (
    <tbody>
      <tr className="group">
        <th scope="rowgroup" colSpan={columns}>
          {group.name}
        </th>
      </tr>
      {group.figures.map(({ name, meaning, value, heldOut }) => (
        <tr key={name}>
          <th scope="row">
            <Tip words={meaning}>{name}</Tip>
          </th>
          <td>{value}</td>
          {columns === 3 && <td className="held">{heldOut}</td>}
        </tr>
      ))}
    </tbody>
  );
}

function tableOf(groups: readonly Group[]): Table {
  const rows = groups.flatMap(({ name, figures }) => figures.map((figure) => ({ group: name, ...figure })));
  const columns = ['group', 'name', 'value', 'heldOut', 'meaning'] as const;
  return {
    title: 'Report',
    file: 'report',
    columns: [{ name: 'group' }, { name: 'figure' }, { name: 'searched' }, { name: 'held out' }, { name: 'meaning' }],
    length: rows.length,
    cell: (row, column) => {
      const name = columns[column];
      return name === undefined ? null : (rows[row]?.[name] ?? null);
    },
  };
}
