import type { JSX } from 'react';
import { Coming } from '../parts/Panel.tsx';
import { count, decimal, percent, signed, tone } from '../words/format.ts';
import { figureText, metricOf } from './figures.ts';
import type { Report } from './queries.ts';

/** Seven figures, each with its companion. */
export function Figures({ report }: { readonly report: Report | undefined }): JSX.Element {
  if (report === undefined) {
    return (
      <div className="panel figures" aria-busy="true">
        <Coming height={82} />
      </div>
    );
  }
  return (
    <dl className="panel figures">
      {sevenOf(report).map(({ name, value, companion, tone: kind = '' }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={kind}>{value}</dd>
          <dd className="companion">{companion}</dd>
        </div>
      ))}
    </dl>
  );
}

interface Seven {
  readonly name: string;
  readonly value: string;
  readonly companion: string;
  readonly tone?: string;
}

/** Writes a number with its unit, and what is no number without. */
const unit = (value: string): string => (/\d/.test(value) ? `${value}%` : value);

function sevenOf({ metrics: m, rows }: Report): readonly Seven[] {
  const text = (metric: string): string => rows.find((row) => row.metric === metric)?.value ?? 'N/A';
  return [
    {
      name: 'Return',
      value: percent(m.total_return_pct),
      companion: `buy and hold ${percent(metricOf(text('Benchmark Return [%]')))}`,
      tone: tone(m.total_return_pct),
    },
    {
      name: 'Max drawdown',
      value: unit(decimal(m.max_drawdown_pct, 1)),
      companion: `longest ${figureText('Max. Drawdown Duration', text('Max. Drawdown Duration'))}`,
    },
    { name: 'Sharpe', value: decimal(m.sharpe), companion: `Sortino ${decimal(m.sortino)}` },
    {
      name: 'Profit factor',
      value: decimal(m.profit_factor),
      companion: `expectancy ${unit(signed(m.expectancy, 2))}`,
    },
    {
      name: 'Trades',
      value: count(m.num_trades),
      companion: m.num_trades === 0 ? 'it never entered' : `${unit(decimal(m.win_rate_pct, 0))} win`,
    },
    {
      name: 'In the market',
      value: unit(decimal(metricOf(text('Position Coverage [%]')), 0)),
      companion: 'of the bars',
    },
    {
      name: 'Ambiguous bars',
      value: count(m.ambiguous_bars),
      companion:
        m.ambiguous_bars > 0 ? `target first ${percent(m.total_return_pct_tp_first)}` : 'stop and target never met',
    },
  ];
}
