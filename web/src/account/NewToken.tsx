import { orThrow, type Schemas } from '@backtest-jobs/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, type FormEvent, type JSX } from 'react';
import { client } from '../api.ts';
import { otherProblems, problemAt, problemsOf } from '../lib/problems.ts';
import { KEYS } from '../live/cache.ts';
import { Field } from '../parts/Field.tsx';
import { Trouble } from '../parts/Trouble.tsx';

type Scope = Schemas['ApiToken']['scopes'][number];

const SCOPES: readonly (readonly [Scope, string])[] = [
  ['read', 'read everything of yours, and estimate'],
  ['jobs', 'submit, cancel and delete jobs and strategies'],
  ['candles', 'send candles'],
];

const DAYS = 90;

interface NewTokenProps {
  readonly onMade: (made: Schemas['NewApiToken']) => void;
}

export function NewToken({ onMade }: NewTokenProps): JSX.Element {
  const cache = useQueryClient();
  const group = useId();
  const create = useMutation({
    mutationFn: (body: { name: string; scopes: Scope[]; expires_in_days: number }) =>
      orThrow(client.POST('/auth/tokens', { body })),
    onSuccess: (made) => {
      onMade(made);
      void cache.invalidateQueries({ queryKey: KEYS.tokens });
    },
  });
  const { error } = create;
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const scopes = SCOPES.map(([scope]) => scope).filter((scope) => fields.getAll('scopes').includes(scope));
    const form = event.currentTarget;
    const wish = { name: fields.get('name') as string, scopes, expires_in_days: Number(fields.get('days')) };
    create.mutate(wish, { onSuccess: () => form.reset() });
  };
  const scopeProblem = problemAt(error, 'scopes');
  return (
    <form className="form row new-token" aria-label="New token" onSubmit={submit}>
      <Field
        label="Name"
        name="name"
        required
        maxLength={100}
        placeholder="what it is for"
        problem={problemAt(error, 'name')}
      />
      <Field
        label="Days until it expires"
        name="days"
        type="number"
        min={1}
        max={366}
        defaultValue={DAYS}
        required
        problem={problemAt(error, 'expires_in_days')}
      />
      <div className="field whole" role="group" aria-labelledby={group}>
        <span id={group} className="label">
          It may
        </span>
        <div className="checks">
          {SCOPES.map(([scope, words]) => (
            <label key={scope}>
              <input className="check" type="checkbox" name="scopes" value={scope} defaultChecked={scope === 'read'} />
              <span>
                <b>{scope}</b> <span className="ink-2">{words}</span>
              </span>
            </label>
          ))}
        </div>
        {scopeProblem !== null && (
          <span className="loss" role="alert">
            {scopeProblem}
          </span>
        )}
      </div>
      {error &&
        (problemsOf(error).length === 0 || otherProblems(error, ['name', 'scopes', 'expires_in_days']).length > 0) && (
          <div className="whole">
            <Trouble what="No token was made" error={error} />
          </div>
        )}
      <div className="acts whole">
        <button type="submit" className="btn" disabled={create.isPending}>
          Create token
        </button>
      </div>
    </form>
  );
}
