// Signing in by name and password, or with a one-time code that sets the password first.

import { ApiError, orThrow } from '@backtest-jobs/client';
import { useMutation } from '@tanstack/react-query';
import type { FormEvent, JSX } from 'react';
import { client } from '../api.ts';
import { useAddress } from '../lib/address.ts';
import { problemAt, problemsOf } from '../lib/problems.ts';
import { flag } from '../lib/search.ts';
import { Field } from '../parts/Field.tsx';
import { Segments } from '../parts/Segments.tsx';
import { wordsOf } from '../parts/Trouble.tsx';
import './account.css';
import { wayBack } from './sign-in-again.ts';

const FIELDS = { code: flag() };
const WAYS = [
  ['password', 'Password'],
  ['code', 'One-time code'],
] as const;

interface Asked {
  readonly name: string;
  readonly password: string;
  /** Only with a one-time code, which sets the password. */
  readonly code?: string;
}

/** Goes in, and back to where one came from. */
export default function SignInPage(): JSX.Element {
  const [{ code: byCode }, change] = useAddress(FIELDS);
  const signIn = useMutation({
    mutationFn: enter,
    // The page is loaded anew: nothing of who was here before is left in it.
    onSuccess: () => globalThis.location.assign(wayBack(globalThis.location.search, globalThis.location.origin)),
  });
  const { error } = signIn;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    signIn.mutate(Object.fromEntries(new FormData(event.currentTarget)) as unknown as Asked);
  };
  const choose = (way: (typeof WAYS)[number][0]): void => {
    signIn.reset();
    change({ code: way === 'code' });
  };
  return (
    <section className="panel sign-in" aria-labelledby="sign-in">
      <form className="body form" onSubmit={submit}>
        <h1 id="sign-in">Sign in</h1>
        <Segments label="By" value={byCode ? 'code' : 'password'} options={WAYS} onChange={choose} />
        <Field label="Name" name="name" autoComplete="username" required autoFocus problem={problemAt(error, 'name')} />
        {byCode && (
          <Field
            label="Code"
            name="code"
            autoComplete="one-time-code"
            required
            hint="good for 15 minutes"
            problem={problemAt(error, 'code')}
          />
        )}
        <Field
          key={byCode ? 'new' : 'old'}
          label={byCode ? 'New password' : 'Password'}
          name="password"
          type="password"
          autoComplete={byCode ? 'new-password' : 'current-password'}
          required
          hint={byCode ? '10 characters or more' : undefined}
          problem={problemAt(error, 'password') ?? problemAt(error, 'new_password')}
        />
        {error && problemsOf(error).length === 0 && (
          <p className="loss" role="alert">
            {refusal(error)}
          </p>
        )}
        <button type="submit" className="btn primary" disabled={signIn.isPending || signIn.isSuccess}>
          {signIn.isPending ? 'Signing in' : byCode ? 'Set password and sign in' : 'Sign in'}
        </button>
        <p className="ink-3">
          {byCode ? 'A code comes from an administrator: ' : 'A forgotten password is set anew by an administrator: '}
          <code>backtest user password NAME</code>
          {byCode && ', or the page of their account'}.
        </p>
      </form>
    </section>
  );
}

async function enter({ name, password, code }: Asked): Promise<void> {
  if (code !== undefined) await orThrow(client.POST('/auth/code', { body: { name, code, new_password: password } }));
  await orThrow(client.POST('/auth/sign-in', { body: { name, password } }));
}

function refusal(error: unknown): string {
  const seconds = error instanceof ApiError ? error.retryAfterSeconds : null;
  return seconds === null ? wordsOf(error) : `${wordsOf(error)}, in ${seconds} s`;
}
