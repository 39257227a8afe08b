// The account of who is signed in: password, sessions, tokens; for administrators the accounts of all.

import { orThrow, type Schemas } from '@backtest-jobs/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { client } from '../api.ts';
import { CopyButton } from '../parts/CopyButton.tsx';
import { Coming, Panel } from '../parts/Panel.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import './account.css';
import { AccountsPanel } from './AccountsPanel.tsx';
import { PasswordPanel } from './PasswordPanel.tsx';
import { SessionsPanel } from './SessionsPanel.tsx';
import { TokensPanel } from './TokensPanel.tsx';
import { whoIsHere } from './who.ts';

type User = Schemas['SignedIn'];

export default function AccountPage(): JSX.Element {
  const { data: user, error, refetch } = useQuery(whoIsHere);
  return (
    <>
      <div className="head">
        <h1>Account</h1>
        {user && <span className="about">{whoWords(user)}</span>}
        {user?.session_id && (
          <div className="acts">
            <SignOut />
          </div>
        )}
      </div>
      {error && !user && (
        <div className="panel">
          <Trouble what="It is not known who you are" error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {user ? <Parts user={user} /> : !error && <Coming height={240} />}
    </>
  );
}

function Parts({ user }: { readonly user: User }): JSX.Element {
  const hasSession = user.session_id !== null;
  // Nobody comes to this page by a token, so without a session it is the local user, or one of another identity provider.
  const isLocal = !hasSession && user.name !== null;
  return (
    <>
      {isLocal && <NoAccounts />}
      {!hasSession && !isLocal && (
        <Panel title="Password and sessions">
          <p className="ink-2">Your identity provider signs you in: it keeps your password and your sessions.</p>
        </Panel>
      )}
      {hasSession && <SessionsPanel />}
      {hasSession && user.name !== null && <PasswordPanel name={user.name} />}
      {!isLocal && <TokensPanel />}
      {user.role === 'admin' && <AccountsPanel own={user.user_id} />}
    </>
  );
}

const ADD = 'backtest user add NAME --admin';

function NoAccounts(): JSX.Element {
  return (
    <Panel title="No accounts here">
      <div className="form">
        <p className="ink-2">
          Who works at this machine is the user <b>local</b>, an administrator, and needs neither password nor token.
          Before others reach this server, add an account for yourself and sign in with it:
        </p>
        <p className="command">
          <code>{ADD}</code>
          <CopyButton text={ADD} />
        </p>
      </div>
    </Panel>
  );
}

function whoWords({ name, role }: User): string {
  return `${name ?? 'of an identity provider'}, ${role === 'admin' ? 'administrator' : 'user'}`;
}

function SignOut(): JSX.Element {
  const signOut = useMutation({
    mutationFn: () => orThrow(client.POST('/auth/sign-out')),
    // The page is loaded anew: nothing of who was here is left in it.
    onSuccess: () => globalThis.location.assign('/sign-in'),
  });
  return (
    <>
      {signOut.error && <Trouble what="You are still signed in" error={signOut.error} />}
      <button
        type="button"
        className="btn"
        disabled={signOut.isPending || signOut.isSuccess}
        onClick={() => signOut.mutate()}
      >
        Sign out
      </button>
    </>
  );
}
