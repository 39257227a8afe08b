import { ApiError, orThrow } from '@backtest-jobs/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, type FormEvent, type JSX } from 'react';
import { client } from '../api.ts';
import { problemAt, problemsOf } from '../lib/problems.ts';
import { KEYS } from '../live/cache.ts';
import { Field } from '../parts/Field.tsx';
import { say } from '../parts/notices.tsx';
import { Panel } from '../parts/Panel.tsx';
import { Trouble, wordsOf } from '../parts/Trouble.tsx';

interface Passwords {
  readonly old_password: string;
  readonly new_password: string;
}

/** Changes the password; every other session ends with it. */
export function PasswordPanel({ name }: { readonly name: string }): JSX.Element {
  const cache = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({
    mutationFn: (body: Passwords) => orThrow(client.POST('/auth/password', { body })),
    onSuccess: () => {
      form.current?.reset();
      say('The password is changed. All your other sessions have ended.');
      void cache.invalidateQueries({ queryKey: KEYS.sessions });
    },
  });
  const { error } = change;
  const isWrong = error instanceof ApiError && error.status === 403;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    change.mutate(Object.fromEntries(new FormData(event.currentTarget)) as unknown as Passwords);
  };
  return (
    <Panel title="Password" note="changing it ends all your other sessions">
      <form ref={form} className="form row" onSubmit={submit}>
        <input
          className="sr"
          type="text"
          autoComplete="username"
          value={name}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <Field
          label="Password of now"
          name="old_password"
          type="password"
          autoComplete="current-password"
          required
          problem={isWrong ? wordsOf(error) : problemAt(error, 'old_password')}
        />
        <Field
          label="New password"
          name="new_password"
          type="password"
          autoComplete="new-password"
          required
          hint="10 characters or more"
          problem={problemAt(error, 'new_password')}
        />
        {error && !isWrong && problemsOf(error).length === 0 && (
          <div className="whole">
            <Trouble what="The password is as it was" error={error} />
          </div>
        )}
        <div className="acts whole">
          <button type="submit" className="btn" disabled={change.isPending}>
            Change password
          </button>
        </div>
      </form>
    </Panel>
  );
}
