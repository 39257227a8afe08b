import type { Schemas } from '@backtest-jobs/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useNow } from '../lib/clock.ts';
import { KEYS } from '../live/cache.ts';
import { say } from '../parts/notices.tsx';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { ago, bothClocks, date } from '../words/format.ts';
import { agentWords } from './agent.ts';
import { endSession, listSessions } from './queries.ts';

type Session = Schemas['Session'];

/** Where one is signed in, and how to end that. */
export function SessionsPanel(): JSX.Element {
  const cache = useQueryClient();
  const asked = useQuery(listSessions);
  const end = useMutation({
    mutationFn: async (ids: readonly string[]) => {
      for (const id of ids) await endSession(id);
      return ids.length;
    },
    onSuccess: (ended) => say(ended === 1 ? 'The session has ended.' : `${ended} sessions have ended.`),
    onSettled: () => cache.invalidateQueries({ queryKey: KEYS.sessions }),
  });
  const others = asked.data?.items.filter(({ current }) => !current) ?? [];
  return (
    <Panel
      title="Sessions"
      note="where you are signed in"
      flush
      tools={
        others.length > 0 && (
          <button
            type="button"
            className="btn small"
            disabled={end.isPending}
            onClick={() => end.mutate(others.map(({ session_id }) => session_id))}
          >
            Revoke all others
          </button>
        )
      }
    >
      {end.error && <Trouble what="A session goes on" error={end.error} />}
      {asked.data ? (
        <SessionsTable sessions={asked.data.items} onEnd={(id) => end.mutate([id])} />
      ) : asked.error ? (
        <Trouble what="Your sessions could not be read" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Coming height={88} />
      )}
    </Panel>
  );
}

interface SessionsTableProps {
  readonly sessions: readonly Session[];
  readonly onEnd: (session_id: string) => void;
}

function SessionsTable({ sessions, onEnd }: SessionsTableProps): JSX.Element {
  const now = useNow(30_000);
  return (
    <div className="sideways">
      <table className="numbers" aria-label="Sessions">
        <thead>
          <tr>
            <th scope="col">Where</th>
            <th scope="col">Address</th>
            <th scope="col">Seen</th>
            <th scope="col">Signed in</th>
            <th scope="col">Ends</th>
            <th scope="col">
              <span className="sr">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((one) => (
            <tr key={one.session_id} data-session={one.session_id}>
              <th scope="row" title={one.agent ?? undefined}>
                {agentWords(one.agent)}
              </th>
              <td className="num">{one.address ?? '–'}</td>
              <td title={bothClocks(one.last_seen_at)}>
                {one.current ? <span className="chip">this one</span> : ago(one.last_seen_at, now)}
              </td>
              <td title={bothClocks(one.created_at)}>{ago(one.created_at, now)}</td>
              <td title={bothClocks(one.expires_at)}>{date(one.expires_at)}</td>
              <td className="n">
                {!one.current && (
                  <button type="button" className="btn small" onClick={() => onEnd(one.session_id)}>
                    Revoke
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
