import { orThrow } from '@backtest-jobs/client';
import { useMutation } from '@tanstack/react-query';
import { useId, type FormEvent, type JSX } from 'react';
import { client } from '../api.ts';
import { wordsOf } from '../parts/Trouble.tsx';
import './account.css';
import { wayBack } from './sign-in-again.ts';

/** Asks for name and password, and goes back to where one came from. */
export default function SignInPage(): JSX.Element {
  const name = useId();
  const password = useId();
  const signIn = useMutation({
    mutationFn: (body: { name: string; password: string }) => orThrow(client.POST('/auth/sign-in', { body })),
    // The page is loaded anew: nothing of who was here before is left in it.
    onSuccess: () => globalThis.location.assign(wayBack(globalThis.location.search, globalThis.location.origin)),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget)) as { name: string; password: string };
    signIn.mutate(fields);
  };
  return (
    <section className="panel sign-in" aria-labelledby="sign-in">
      <form className="body" onSubmit={submit}>
        <h1 id="sign-in">Sign in</h1>
        <label htmlFor={name}>Name</label>
        <input id={name} name="name" className="input" autoComplete="username" required autoFocus />
        <label htmlFor={password}>Password</label>
        <input
          id={password}
          name="password"
          type="password"
          className="input"
          autoComplete="current-password"
          required
        />
        {signIn.error && (
          <p className="loss" role="alert">
            {wordsOf(signIn.error)}
          </p>
        )}
        <button type="submit" className="btn primary" disabled={signIn.isPending || signIn.isSuccess}>
          Sign in
        </button>
        <p className="ink-3">
          A forgotten password is set anew by an administrator: <code>backtest user password NAME</code>.
        </p>
      </form>
    </section>
  );
}
