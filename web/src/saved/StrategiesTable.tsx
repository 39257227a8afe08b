import type { Schemas } from '@backtest-jobs/client';
import { useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Link } from 'wouter';
import { useNow } from '../lib/clock.ts';
import { Coming } from '../parts/Panel.tsx';
import { Sign } from '../parts/Sign.tsx';
import { Trouble } from '../parts/Trouble.tsx';
import { ago, bothClocks } from '../words/format.ts';
import { getStrategy } from './queries.ts';
import { templateWords } from './template-words.ts';

export type Strategy = Schemas['StrategyList']['items'][number];

interface StrategiesTableProps {
  readonly rows: readonly Strategy[];
  /** Id of the one whose template is shown. */
  readonly open: string;
  readonly onOpen: (strategy_id: string) => void;
  readonly onDelete: (strategy: Strategy) => void;
}

export function StrategiesTable({ rows, open, onOpen, onDelete }: StrategiesTableProps): JSX.Element {
  const now = useNow(30_000);
  return (
    <div className="sideways">
      <table className="numbers saved" aria-label="Saved strategies">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Instrument</th>
            <th scope="col">Timeframe</th>
            <th scope="col">Created</th>
            <th scope="col">Used by</th>
            <th scope="col">
              <span className="sr">Acts</span>
            </th>
          </tr>
        </thead>
        {rows.map((one) => (
          <StrategyRows
            key={one.strategy_id}
            strategy={one}
            now={now}
            isOpen={one.strategy_id === open}
            onOpen={onOpen}
            onDelete={onDelete}
          />
        ))}
      </table>
    </div>
  );
}

interface StrategyRowsProps extends Pick<StrategiesTableProps, 'onOpen' | 'onDelete'> {
  readonly strategy: Strategy;
  readonly now: number;
  readonly isOpen: boolean;
}

function StrategyRows({ strategy, now, isOpen, onOpen, onDelete }: StrategyRowsProps): JSX.Element {
  const { strategy_id, name, instrument_id, timeframe, created_at } = strategy;
  return (
    <tbody>
      <tr data-strategy={strategy_id}>
        <th scope="row">
          <button
            type="button"
            className="name"
            aria-expanded={isOpen}
            onClick={() => onOpen(isOpen ? '' : strategy_id)}
          >
            <Sign name={isOpen ? 'down' : 'right'} /> {name}
          </button>
        </th>
        <td>{instrument_id.symbol}</td>
        <td>{timeframe}</td>
        <td title={bothClocks(created_at)}>{ago(created_at, now)}</td>
        <td>
          <Link
            className="link"
            href={`/jobs?q=${encodeURIComponent(instrument_id.symbol)}`}
            aria-label={`Jobs on ${instrument_id.symbol}`}
          >
            Jobs on {instrument_id.symbol}
          </Link>
        </td>
        <td className="n">
          <span className="acts">
            <Link className="btn small" href={`/jobs/new?strategy=${strategy_id}`} aria-label={`New job with ${name}`}>
              New job
            </Link>
            <button
              type="button"
              className="btn quiet icon small"
              aria-label={`Delete ${name}`}
              onClick={() => onDelete(strategy)}
            >
              <Sign name="bin" />
            </button>
          </span>
        </td>
      </tr>
      {isOpen && <TemplateRow strategy_id={strategy_id} />}
    </tbody>
  );
}

/** What a strategy trades by. */
function TemplateRow({ strategy_id }: { readonly strategy_id: string }): JSX.Element {
  const { data, error, refetch } = useQuery(getStrategy(strategy_id));
  return (
    <tr className="template">
      <td colSpan={6}>
        {data ? (
          <ul>
            {templateWords(data.template).map((line) => (
              <li key={line}>
                <code>{line}</code>
              </li>
            ))}
          </ul>
        ) : error ? (
          <Trouble what="The strategy could not be read" error={error} onRetry={() => void refetch()} />
        ) : (
          <Coming height={40} />
        )}
      </td>
    </tr>
  );
}
