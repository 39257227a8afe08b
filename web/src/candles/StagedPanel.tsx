import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useNow } from '../lib/clock.ts';
import { Panel } from '../parts/Panel.tsx';
import { ago, count, minute } from '../words/format.ts';
import { listImports } from './queries.ts';

interface StagedPanelProps {
  /** Import that is open already. */
  readonly except: string;
  readonly onOpen: (import_id: string) => void;
}

/** Files that were sent and wait for a choice; nothing where there are none. */
export function StagedPanel({ except, onOpen }: StagedPanelProps): JSX.Element | null {
  const { data = [] } = useQuery(listImports);
  const now = useNow(30_000);
  const waiting = data.filter(({ import_id, state }) => state === 'staged' && import_id !== except);
  if (waiting.length === 0) return null;
  return (
    <Panel title="Files that wait" note="sent, not stored" flush>
      <div className="sideways">
        <table className="numbers" aria-label="Files that wait">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Series</th>
              <th scope="col" className="n">
                New bars
              </th>
              <th scope="col" className="n">
                Replaced
              </th>
              <th scope="col">Sent</th>
              <th scope="col">Waits until</th>
              <th scope="col">
                <span className="sr">Acts</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {waiting.map(({ import_id, file, report, created_at, expires_at }) => (
              <tr key={import_id}>
                <th scope="row">{file.name}</th>
                <td>
                  {report.symbol}, {report.interval}
                </td>
                <td className="n">{count(report.added)}</td>
                <td className="n">{count(report.replaced)}</td>
                <td>{ago(created_at, now)}</td>
                <td>{minute(expires_at)}</td>
                <td className="n">
                  <button
                    type="button"
                    className="btn small"
                    aria-label={`Look at it: ${file.name}`}
                    onClick={() => onOpen(import_id)}
                  >
                    Look at it
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
