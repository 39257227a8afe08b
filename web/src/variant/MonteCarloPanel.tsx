import type { Schemas } from '@backtest-jobs/client';
import type { JSX } from 'react';
import { Panel } from '../parts/Panel.tsx';
import { count, decimal, percent, share } from '../words/format.ts';

type MonteCarlo = Schemas['MonteCarlo'];

/** What else the trades could have come to. */
export function MonteCarloPanel({ luck }: { readonly luck: MonteCarlo | null }): JSX.Element {
  return (
    <Panel title="The same trades, other luck" note={luck ? `${count(luck.draws)} draws` : undefined} className="draws">
      {luck === null ? (
        <p className="ink-2">It has fewer than 10 trades: too few to draw from.</p>
      ) : (
        <>
          <table>
            <caption className="sr">What the trades could have come to</caption>
            <thead>
              <tr>
                <td />
                <th scope="col">mild</th>
                <th scope="col">middle</th>
                <th scope="col">hard</th>
              </tr>
            </thead>
            <tbody>
              <Row name="Return, trades drawn anew" values={returnsOf(luck)} />
              <Row name="Drawdown, trades drawn anew" values={fallsOf(luck.resampled.closed_drawdown_pct)} />
              <Row name="Drawdown, in another order" values={fallsOf(luck.reordered.closed_drawdown_pct)} />
            </tbody>
          </table>
          <p className="ink-2">
            Of closed trades the deepest fall was {decimal(luck.closed_drawdown_pct, 1)}%. Drawn anew, they lost money
            in {share(luck.resampled.loss_probability, 1)} of the draws. Returns are the best 5%, the middle and the
            worst 5%; drawdowns the middle, the worst 5% and the worst 1%.
          </p>
        </>
      )}
    </Panel>
  );
}

function Row({ name, values }: { readonly name: string; readonly values: readonly string[] }): JSX.Element {
  return (
    <tr>
      <th scope="row">{name}</th>
      {values.map((value, at) => (
        <td key={at}>{value}</td>
      ))}
    </tr>
  );
}

const returnsOf = ({ resampled: { return_pct: r } }: MonteCarlo): readonly string[] =>
  [r.p95, r.p50, r.p5].map((value) => percent(value));

const fallsOf = (falls: { readonly p50: number; readonly p95: number; readonly p99: number }): readonly string[] =>
  [falls.p50, falls.p95, falls.p99].map((value) => `${decimal(value, 1)}%`);
