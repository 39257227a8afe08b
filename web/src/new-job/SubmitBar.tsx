// What is done with the draft: run it, or keep its strategy. The button says what it does, or what keeps it from that.

import { ApiError } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { Trouble } from '../parts/Trouble.tsx';
import { count, span } from '../words/format.ts';
import { modeOf } from './draft/draft.ts';
import { at } from './draft/plain.ts';
import type { Problem } from './draft/problems.ts';
import { Says } from './form/fields.tsx';
import { useField, useForm } from './form/form.ts';
import type { CostEstimate } from './queries.ts';
import type { Judged } from './use-judgement.ts';

interface SubmitBarProps {
  readonly cost: CostEstimate | null;
  /** What keeps it from being run; null: nothing. */
  readonly reason: string | null;
  readonly isSending: boolean;
  readonly error: unknown;
  readonly onRun: () => void;
  readonly onSave: () => void;
}

export function SubmitBar({ cost, reason, isSending, error, onRun, onSave }: SubmitBarProps): JSX.Element {
  const { judgement, problems, spec } = useForm();
  const counts = judgement?.kind === 'sound' ? judgement.counts : null;
  const { value, set, aria } = useField(['name']);
  const strays = problems.get('') ?? [];
  const isListed = error instanceof ApiError && error.code === 'validation_error';
  return (
    <div className="submit">
      {strays.length > 0 && (
        <ul className="says strays" role="alert">
          {strays.slice(0, 5).map(({ path, message }) => (
            <li key={`${path} ${message}`}>{path === '' ? message : `${path}: ${message}`}</li>
          ))}
        </ul>
      )}
      {error !== null && error !== undefined && !isListed && <Trouble what="It was not taken" error={error} />}
      <input
        {...aria}
        className="input grow"
        data-path="name"
        placeholder="Name"
        aria-label="Name"
        autoComplete="off"
        value={typeof value === 'string' ? value : ''}
        onChange={({ target }) => set(target.value === '' ? undefined : target.value)}
      />
      {modeOf(spec) !== 'saved' && (
        <button type="button" className="btn" disabled={typeof at(spec, ['template']) !== 'object'} onClick={onSave}>
          Save as strategy
        </button>
      )}
      <div className="go">
        {counts && (
          <p className="sum num">
            {count(counts.trials)} variants{cost ? `, ${span(cost.time.high_seconds)} at most` : ''},{' '}
            {counts.years >= counts.neededYears ? 'history enough' : 'more than this history carries'}
          </p>
        )}
        <button
          type="submit"
          className="btn primary"
          data-run
          aria-disabled={reason !== null || isSending}
          onClick={onRun}
        >
          {isSending ? 'Sending' : (reason ?? (counts ? `Run ${count(counts.trials)} variants` : 'Run'))}
          {reason === null && !isSending && <kbd aria-hidden="true">{IS_MAC ? '⌘↵' : 'Ctrl ↵'}</kbd>}
        </button>
      </div>
      <Says path="name" />
    </div>
  );
}

const IS_MAC = navigator.userAgent.includes('Mac');

/** Says what keeps a draft from being run; null: nothing. Sending is left to the server where the engine here cannot tell. */
export function reasonFor(
  { judgement, failure }: Judged,
  problems: readonly Problem[],
  yamlFault: string | null,
): string | null {
  if (yamlFault !== null) return 'Fix the YAML first';
  if (failure !== null || judgement?.kind !== 'problems') return null;
  if (problems.some(({ path }) => path.startsWith('template.rules'))) return 'Fix the rule first';
  const [first] = problems;
  if (first?.path.startsWith('time_range')) return 'Fix the range first';
  if (first?.path.startsWith('strategy_id')) return 'Choose a strategy first';
  if (first?.path.startsWith('template.constraints')) return 'Fix the condition first';
  return 'Fix what is marked first';
}
