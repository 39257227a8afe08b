// A strategy that is this variant alone: the template of its job with one value on each axis.

type Values = Readonly<Record<string, unknown>>;

interface Payload {
  readonly indicator_selections?: readonly { readonly inputs?: Values; readonly params?: Values }[] | null;
  readonly signal_params?: Readonly<Record<string, Values>> | null;
  readonly params?: Values | null;
  readonly risk_params?: Values | null;
}

interface Template {
  readonly indicator_grids?: readonly Values[] | null;
  readonly risk_grid?: Values;
}

const RISKS = { sl: 'sl_pct', tp: 'tp_pct', trail: 'trail_pct', max_bars: 'max_bars' } as const;

const only = (value: unknown): object => ({ mode: 'explicit', values: [value] });

const eachOnly = (values: Values): object =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, only(value)]));

/** Returns the template with the values of a payload. */
export function strategyOf(template: unknown, payload: unknown): object {
  const whole = template as Template;
  const { indicator_selections: selections, signal_params: signals, params, risk_params: risks } = payload as Payload;
  const grids = whole.indicator_grids?.map((grid, at) => {
    const chosen = selections?.[at];
    const source = chosen?.inputs?.['source'];
    return {
      ...grid,
      ...(source !== undefined && source !== null && { source: only(source) }),
      ...(chosen?.params && { params: eachOnly(chosen.params) }),
    };
  });
  const bySignal = Object.entries(signals ?? {}).map(([id, values]) => [id, eachOnly(values)]);
  const byRisk = Object.entries(RISKS).map(([axis, name]) => [axis, only(risks?.[name] ?? 'off')]);
  return {
    ...whole,
    ...(grids && { indicator_grids: grids, signal_grids: Object.fromEntries(bySignal) }),
    ...(params && { params: eachOnly(params) }),
    ...(risks && { risk_grid: { ...whole.risk_grid, ...Object.fromEntries(byRisk) } }),
  };
}
