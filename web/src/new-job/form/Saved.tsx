// A strategy that was saved, with overrides of this job.

import { useQuery } from '@tanstack/react-query';
import { useId, type JSX } from 'react';
import { Link } from 'wouter';
import { Trouble } from '../../parts/Trouble.tsx';
import { date } from '../../words/format.ts';
import { listStrategies } from '../queries.ts';
import { Row } from './fields.tsx';
import { useField } from './form.ts';

export function Saved(): JSX.Element {
  const id = useId();
  const asked = useQuery(listStrategies);
  const { value, set, aria } = useField(['strategy_id']);
  const items = asked.data?.items ?? [];
  const isThere = items.some(({ strategy_id }) => strategy_id === value);
  return (
    <>
      <Row label="Strategy" htmlFor={id} paths={['strategy_id']}>
        <select
          {...aria}
          id={id}
          className="input"
          data-path="strategy_id"
          value={typeof value === 'string' ? value : ''}
          onChange={({ target }) => set(target.value)}
        >
          <option value="none">Choose one</option>
          {!isThere && typeof value === 'string' && value !== 'none' && <option value={value}>{value}</option>}
          {items.map(({ strategy_id, name, instrument_id, timeframe, created_at }) => (
            <option key={strategy_id} value={strategy_id}>
              {name} ({instrument_id.symbol}, {timeframe}, {date(created_at)})
            </option>
          ))}
        </select>
      </Row>
      {asked.error && (
        <Trouble what="The strategies could not be read" error={asked.error} onRetry={() => void asked.refetch()} />
      )}
      {asked.isSuccess && items.length === 0 && (
        <p className="ink-2">No saved strategy yet. Save one from a variant that held, or from this form.</p>
      )}
      <p className="ink-3">
        Stops and fills below are laid over those of the strategy.{' '}
        <Link className="link" href="/saved">
          All strategies
        </Link>
      </p>
    </>
  );
}
