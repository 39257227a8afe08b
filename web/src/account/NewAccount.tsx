import { orThrow, type Schemas } from '@backtest-jobs/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent, JSX } from 'react';
import { client } from '../api.ts';
import { problemAt, problemsOf } from '../lib/problems.ts';
import { KEYS } from '../live/cache.ts';
import { Field, SelectField } from '../parts/Field.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import type { CodeFor } from './AccountsPanel.tsx';

interface Wish {
  readonly name: string;
  readonly role: Schemas['Account']['role'];
}

export function NewAccount({ onMade }: { readonly onMade: (code: CodeFor) => void }): JSX.Element {
  const cache = useQueryClient();
  const add = useMutation({
    mutationFn: (body: Wish) => orThrow(client.POST('/auth/accounts', { body })),
    onSuccess: ({ code, minutes }, { name }) => {
      onMade({ name, code, minutes });
      void cache.invalidateQueries({ queryKey: KEYS.accounts });
    },
  });
  const { error } = add;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    add.mutate(Object.fromEntries(new FormData(form)) as unknown as Wish, { onSuccess: () => form.reset() });
  };
  return (
    <form className="form row new-account" aria-label="New account" onSubmit={submit}>
      <Field label="Name" name="name" required autoComplete="off" problem={problemAt(error, 'name')} />
      <SelectField label="Role" name="role" defaultValue="user" problem={problemAt(error, 'role')}>
        <option value="user">user</option>
        <option value="admin">administrator</option>
      </SelectField>
      {error && problemsOf(error).length === 0 && (
        <div className="whole">
          <Trouble what="No account was added" error={error} />
        </div>
      )}
      <div className="acts whole">
        <button type="submit" className="btn" disabled={add.isPending}>
          Add account
        </button>
      </div>
    </form>
  );
}
