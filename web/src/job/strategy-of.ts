// The template of one variant: that of its job with one value on each axis.

interface Payload {
  readonly indicator_selections?: readonly Selection[] | null;
  readonly signal_params?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly params?: Readonly<Record<string, unknown>> | null;
  readonly risk_params?: Readonly<Record<string, unknown>> | null;
}

interface Selection {
  readonly inputs: { readonly source?: unknown };
  readonly params: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly indicator_grids?: readonly { readonly source?: unknown; readonly params?: object }[] | null;
  readonly risk_grid?: Readonly<Record<string, unknown>>;
}

const only = (value: unknown) => ({ mode: 'explicit', values: [value] });

const eachOnly = (values: Readonly<Record<string, unknown>>): object =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, only(value)]));

const RISKS = [
  ['sl', 'sl_pct'],
  ['tp', 'tp_pct'],
  ['trail', 'trail_pct'],
  ['max_bars', 'max_bars'],
] as const;

/** Returns a template that has this variant alone. */
export function strategyOf(template: unknown, payload: unknown): object {
  const whole = template as Template;
  const { indicator_selections, signal_params, params, risk_params } = payload as Payload;
  const grids = whole.indicator_grids?.map((grid, at) => {
    const selection = indicator_selections?.[at];
    if (selection === undefined) return grid;
    const { source } = selection.inputs;
    return { ...grid, ...(source !== undefined && { source: only(source) }), params: eachOnly(selection.params) };
  });
  const signals =
    signal_params && Object.fromEntries(Object.entries(signal_params).map(([id, values]) => [id, eachOnly(values)]));
  const stops =
    risk_params && Object.fromEntries(RISKS.map(([axis, name]) => [axis, only(risk_params[name] ?? 'off')]));
  return {
    ...whole,
    ...(grids && { indicator_grids: grids }),
    ...(grids && signals && { signal_grids: signals }),
    ...(params && { params: eachOnly(params) }),
    ...(stops && { risk_grid: { ...whole.risk_grid, ...stops } }),
  };
}
