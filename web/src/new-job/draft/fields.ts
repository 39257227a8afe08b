// The fields of the form by their paths, as the engine writes them: problems are looked for among these.

import { MODES, modeOf, tradingRoot } from './draft.ts';
import { at, textAt, type Plain, type PlainObject } from './plain.ts';

const COMMON = [
  'name',
  'time_range',
  'time_range.start',
  'time_range.end',
  'strategy_id',
  'ranking.primary_metric',
  'ranking.secondary_metric',
  'ranking.plateau',
  'filters.min_trades',
  'filters.max_drawdown_pct',
  'top_k',
  'preselect',
  'top_trades_n',
  'sample',
  'luck',
  'validation',
  'warmup_bars',
  'priority',
];

const TRADING = [
  'direction_mode',
  'sizing_mode',
  'execution.fee_pct',
  'execution.slippage_pct',
  'execution.init_cash_quote',
  'execution.fixed_quote',
  'execution.equity_percent',
  'execution.safe_profit_percent',
  'execution.fill',
  'risk_grid.sl',
  'risk_grid.tp',
  'risk_grid.trail',
  'risk_grid.max_bars',
  'risk_grid.trigger',
];

const RULES = ['long', 'short', 'exit_long', 'exit_short'].map((name) => `template.rules.${name}`);

/** Lists the fields that the form has for a spec. */
export function fieldsOf(spec: PlainObject): readonly string[] {
  const root = tradingRoot(spec);
  const common = [...COMMON, ...TRADING.map((name) => `${root}.${name}`)];
  const mode = modeOf(spec);
  if (mode === MODES[2]) return common;
  const market = ['template.instrument_id', 'template.timeframe'];
  if (mode === 'rules') {
    const params = Object.keys(at(spec, ['template', 'params']) ?? {});
    return [
      ...common,
      ...market,
      ...RULES,
      ...params.map((name) => `template.params.${name}`),
      'template.params',
      'template.constraints',
    ];
  }
  const grids = at(spec, ['template', 'indicator_grids']);
  const list = Array.isArray(grids) ? (grids as readonly Plain[]) : [];
  const own = list.flatMap((grid, position) => fieldsOfCard(spec, grid, `template.indicator_grids[${position}]`));
  return [...common, ...market, 'template.indicator_grids', ...own];
}

function fieldsOfCard(spec: PlainObject, grid: Plain, card: string): readonly string[] {
  const signals = `template.signal_grids.${textAt(grid, ['indicator_id'])}`;
  const own = Object.keys(at(spec, ['template', 'signal_grids', textAt(grid, ['indicator_id'])]) ?? {});
  const params = Object.keys(at(grid, ['params']) ?? {}).map((name) => `${card}.params.${name}`);
  return [card, `${card}.source`].concat(
    params,
    own.map((name) => `${signals}.${name}`),
  );
}
