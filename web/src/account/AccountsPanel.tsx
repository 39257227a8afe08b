import { orThrow, type Schemas } from '@backtest-jobs/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type JSX } from 'react';
import { client } from '../api.ts';
import { KEYS } from '../live/cache.ts';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { date } from '../words/format.ts';
import { NewAccount } from './NewAccount.tsx';
import { listAccounts } from './queries.ts';
import { Secret } from './Secret.tsx';

type Account = Schemas['Account'];
type Act = 'disable' | 'enable' | 'code';

/** A code to hand on, with the name of who gets it. */
export interface CodeFor {
  readonly name: string;
  readonly code: string;
  readonly minutes: number;
}

/** Who may use this server, for administrators. */
export function AccountsPanel({ own }: { readonly own: string }): JSX.Element {
  const cache = useQueryClient();
  const asked = useQuery(listAccounts);
  const [code, setCode] = useState<CodeFor | null>(null);
  const act = useMutation({
    mutationFn: async ({ what, account: { user_id, name } }: { what: Act; account: Account }) => {
      const params = { path: { user_id } };
      if (what !== 'code') return void (await orThrow(client.POST(`/auth/accounts/{user_id}/${what}`, { params })));
      const issued = await orThrow(client.POST('/auth/accounts/{user_id}/code', { params }));
      setCode({ name: name ?? user_id, code: issued.code, minutes: issued.minutes });
    },
    onSettled: () => cache.invalidateQueries({ queryKey: KEYS.accounts }),
  });
  return (
    <Panel title="Accounts" note="who may use this server" flush>
      {code && (
        <Secret label="One-time code" secret={code.code} onDone={() => setCode(null)}>
          Give this code to <b>{code.name}</b>: on the page that signs in it sets a password, once, within{' '}
          {code.minutes} minutes.
        </Secret>
      )}
      {act.error && <Trouble what="The account is as it was" error={act.error} />}
      {asked.data ? (
        asked.data.items.length > 0 && (
          <AccountsTable
            accounts={asked.data.items}
            own={own}
            onAct={(what, account) => act.mutate({ what, account })}
          />
        )
      ) : asked.error ? (
        <Trouble what="The accounts could not be read" error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Coming height={58} />
      )}
      <NewAccount onMade={setCode} />
    </Panel>
  );
}

interface AccountsTableProps {
  readonly accounts: readonly Account[];
  readonly own: string;
  readonly onAct: (what: Act, account: Account) => void;
}

function AccountsTable({ accounts, own, onAct }: AccountsTableProps): JSX.Element {
  return (
    <div className="sideways">
      <table className="numbers" aria-label="Accounts">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Since</th>
            <th scope="col">State</th>
            <th scope="col">
              <span className="sr">Acts</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((one) => (
            <AccountRow
              key={one.user_id}
              account={one}
              isOwn={one.user_id === own}
              onAct={(what) => onAct(what, one)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface AccountRowProps {
  readonly account: Account;
  readonly isOwn: boolean;
  readonly onAct: (what: Act) => void;
}

function AccountRow({ account, isOwn, onAct }: AccountRowProps): JSX.Element {
  const { name, subject, role, created_at, disabled_at } = account;
  const called = name ?? subject ?? account.user_id;
  const isOut = disabled_at !== null;
  return (
    <tr data-account={called}>
      <th scope="row">
        {called} {isOwn && <span className="chip">you</span>}
      </th>
      <td>{role === 'admin' ? 'administrator' : 'user'}</td>
      <td>{date(created_at)}</td>
      <td>{isOut ? <span className="caution">disabled {date(disabled_at)}</span> : 'may sign in'}</td>
      <td className="n">
        <span className="acts">
          {!isOut && name !== null && (
            <button
              type="button"
              className="btn small"
              aria-label={`One-time code for ${called}`}
              onClick={() => onAct('code')}
            >
              One-time code
            </button>
          )}
          {!isOwn && (
            <button
              type="button"
              className="btn small"
              aria-label={`${isOut ? 'Enable' : 'Disable'} ${called}`}
              onClick={() => onAct(isOut ? 'enable' : 'disable')}
            >
              {isOut ? 'Enable' : 'Disable'}
            </button>
          )}
        </span>
      </td>
    </tr>
  );
}
