import type { Schemas } from '@backtest-jobs/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { useNow } from '../lib/clock.ts';
import { KEYS } from '../live/cache.ts';
import { say } from '../parts/notices.tsx';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { ago, bothClocks, date } from '../words/format.ts';
import { NewToken } from './NewToken.tsx';
import { listTokens, revokeToken } from './queries.ts';
import { Secret } from './Secret.tsx';

type Token = Schemas['ApiToken'];

/** Tokens for programs: made here, shown once, revoked at once. */
export function TokensPanel(): JSX.Element {
  const cache = useQueryClient();
  const asked = useQuery(listTokens);
  const [made, setMade] = useState<Schemas['NewApiToken'] | null>(null);
  const revoke = useMutation({
    mutationFn: revokeToken,
    onSuccess: ({ token_id }) => {
      say('The token is revoked.');
      if (made?.token_id === token_id) setMade(null);
    },
    onSettled: () => cache.invalidateQueries({ queryKey: KEYS.tokens }),
  });
  return (
    <Panel title="API tokens" note="for programs that act for you" flush>
      {made && (
        <Secret label="New token" secret={made.token} onDone={() => setMade(null)}>
          The token <b>{made.name}</b> is shown this once. Keep it where your program reads it; it is good until{' '}
          {date(made.expires_at)}.
        </Secret>
      )}
      {revoke.error && <Trouble what="The token was not revoked" error={revoke.error} />}
      {asked.data ? (
        asked.data.items.length > 0 && <TokensTable tokens={asked.data.items} onRevoke={(id) => revoke.mutate(id)} />
      ) : asked.error ? (
        <Trouble what="Your tokens could not be read" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Coming height={58} />
      )}
      <NewToken onMade={setMade} />
    </Panel>
  );
}

interface TokensTableProps {
  readonly tokens: readonly Token[];
  readonly onRevoke: (token_id: string) => void;
}

function TokensTable({ tokens, onRevoke }: TokensTableProps): JSX.Element {
  const now = useNow(30_000);
  return (
    <div className="sideways">
      <table className="numbers" aria-label="API tokens">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Begins</th>
            <th scope="col">May</th>
            <th scope="col">Created</th>
            <th scope="col">Last used</th>
            <th scope="col">Expires</th>
            <th scope="col">
              <span className="sr">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((one) => (
            <tr key={one.token_id} data-token={one.token_id}>
              <th scope="row">{one.name}</th>
              <td>
                <code>{one.prefix}…</code>
              </td>
              <td>{one.scopes.join(', ')}</td>
              <td title={bothClocks(one.created_at)}>{ago(one.created_at, now)}</td>
              <td {...(one.last_used_at !== null && { title: bothClocks(one.last_used_at) })}>
                {one.last_used_at === null ? 'never' : ago(one.last_used_at, now)}
              </td>
              <td title={bothClocks(one.expires_at)}>
                {Date.parse(one.expires_at) < now ? <span className="caution">expired</span> : date(one.expires_at)}
              </td>
              <td className="n">
                <button
                  type="button"
                  className="btn small"
                  aria-label={`Revoke ${one.name}`}
                  onClick={() => onRevoke(one.token_id)}
                >
                  Revoke
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
