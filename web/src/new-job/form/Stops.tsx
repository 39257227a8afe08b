// How signals are traded: stops, direction, fills, costs, size.

import type { JSX } from 'react';
import { tradingRoot } from '../draft/draft.ts';
import { textAt } from '../draft/plain.ts';
import { AxisEditor } from './AxisEditor.tsx';
import { Choice, NumberInput, Row, Select } from './fields.tsx';
import { useForm } from './form.ts';

const RISKS = [
  ['sl', 'Stop loss', '%'],
  ['tp', 'Take profit', '%'],
  ['trail', 'Trailing stop', '%'],
  ['max_bars', 'Most bars', ''],
] as const;

const DIRECTIONS = [
  ['long-only', 'Long'],
  ['short-only', 'Short'],
  ['long-short', 'Both'],
] as const;

const FILLS = [
  ['close', 'that close'],
  ['next_open', 'next open'],
] as const;

const TRIGGERS = [
  ['close', 'at closes'],
  ['intrabar', 'within bars'],
] as const;

const SIZINGS = [
  ['all_in', 'all in'],
  ['fixed_quote', 'a fixed amount'],
  ['percent_of_equity', 'a percentage of equity'],
  ['strategy_compound', 'what the strategy has earned'],
  ['strategy_compound_profit_lock', 'the same, a share of wins kept'],
] as const;

export function Stops(): JSX.Element {
  const { spec, sound } = useForm();
  const root = tradingRoot(spec);
  const { template } = sound ?? {};
  const path = (...names: readonly string[]): readonly string[] => [root, ...names];
  const text = (...names: readonly string[]): string => path(...names).join('.');
  return (
    <fieldset>
      <legend>Stops and fills</legend>
      <div className="axes">
        {RISKS.map(([name, label, unit]) => (
          <AxisEditor
            key={name}
            path={path('risk_grid', name)}
            label={label}
            unit={unit}
            fallback={root === 'overrides' && template ? (template.risk_grid[name] as never) : 'off'}
          />
        ))}
      </div>
      <Row label="Trades" paths={[text('direction_mode'), text('execution', 'fill'), text('risk_grid', 'trigger')]}>
        <Choice
          path={path('direction_mode')}
          label="Direction"
          fallback={template?.direction_mode ?? 'long-short'}
          options={DIRECTIONS}
        />
        <em>filled at</em>
        <Choice
          path={path('execution', 'fill')}
          label="Filled at"
          fallback={template?.execution.fill ?? 'close'}
          options={FILLS}
        />
        <em>stops seen</em>
        <Choice
          path={path('risk_grid', 'trigger')}
          label="Stops seen"
          fallback={template?.risk_grid.trigger ?? 'close'}
          options={TRIGGERS}
        />
      </Row>
      <Costs root={root} />
      <Size root={root} />
    </fieldset>
  );
}

interface PartProps {
  readonly root: 'template' | 'overrides';
}

/** Makes a field of what a fill costs or how large it is, with its default. */
function useExecution(root: PartProps['root']) {
  const { sound } = useForm();
  const execution = sound?.template.execution;
  return (name: Exclude<keyof NonNullable<typeof execution>, 'fill'>) => ({
    path: [root, 'execution', name],
    placeholder: String(execution?.[name] ?? ''),
  });
}

function Costs({ root }: PartProps): JSX.Element {
  const of = useExecution(root);
  const paths = ['fee_pct', 'slippage_pct', 'init_cash_quote'].map((name) => `${root}.execution.${name}`);
  return (
    <Row label="Costs" paths={paths}>
      <NumberInput {...of('fee_pct')} label="Fee of each fill in percent" unit="% fee" width={60} />
      <NumberInput {...of('slippage_pct')} label="Slippage of each fill in percent" unit="% slip" width={60} />
      <NumberInput {...of('init_cash_quote')} label="Cash at the start" unit="cash" width={84} />
    </Row>
  );
}

function Size({ root }: PartProps): JSX.Element {
  const { spec, sound } = useForm();
  const of = useExecution(root);
  const sizing = textAt(spec, [root, 'sizing_mode']) || (sound?.template.sizing_mode ?? 'all_in');
  const amounts = ['fixed_quote', 'equity_percent', 'safe_profit_percent'].map((name) => `${root}.execution.${name}`);
  return (
    <Row label="Size" paths={[`${root}.sizing_mode`, ...amounts]}>
      <Select path={[root, 'sizing_mode']} label="Size of a trade" fallback={sizing} options={SIZINGS} />
      {sizing === 'fixed_quote' && (
        <NumberInput {...of('fixed_quote')} label="Amount of a trade" unit="a trade" width={84} />
      )}
      {sizing === 'percent_of_equity' && (
        <NumberInput {...of('equity_percent')} label="Percent of equity in a trade" unit="% of equity" />
      )}
      {sizing === 'strategy_compound_profit_lock' && (
        <NumberInput {...of('safe_profit_percent')} label="Percent of each win that is kept" unit="% of wins kept" />
      )}
    </Row>
  );
}
