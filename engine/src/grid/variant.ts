// A variant as a thing of its own: its payload says everything needed to run it again, its keys say which variants are
// the same strategy, whatever grid they came from.

import { single, type Axis, type AxisValue } from '../axis.ts';
import { canonicalJson } from '../identity/canonical.ts';
import { sha256 } from '../identity/sha256.ts';
import { indicatorById, signalParams } from '../indicators/catalogue.ts';
import { indicatorsOf } from '../rules/concrete.ts';
import { axisKey, rowOf } from '../rules/translate.ts';
import type { Risk } from '../simulate/setting.ts';
import type {
  Execution,
  IndicatorGrid,
  IndicatorTemplate,
  RiskGrid,
  RuleTemplate,
  RuleTexts,
  Spec,
  Template,
} from '../spec.ts';
import type { Grid } from './grid.ts';

/** The value of a variant on each axis of its grid, by the axis' key. */
export type Values = Readonly<Record<string, AxisValue>>;

/** Everything needed to run one variant again, on the instrument, bars and settings of a spec. */
export interface Payload {
  /** Empty where the signals come from rules. */
  readonly indicator_selections: readonly IndicatorSelection[];
  /** By indicator id. */
  readonly signal_params: Readonly<Record<string, Readonly<Record<string, AxisValue>>>>;
  /** Null: the signals come from the indicators. */
  readonly rules: RuleTexts | null;
  readonly params: Readonly<Record<string, number>> | null;
  readonly risk_params: RiskParams;
  readonly execution_params: Execution;
  readonly direction_mode: Template['direction_mode'];
  readonly sizing_mode: Template['sizing_mode'];
}

interface IndicatorSelection {
  readonly indicator_id: string;
  /** `source`, where the indicator has one. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, number>>;
}

/** A number is null while its exit is off. */
interface RiskParams {
  readonly sl_enabled: boolean;
  readonly sl_pct: number | null;
  readonly tp_enabled: boolean;
  readonly tp_pct: number | null;
  readonly trail_enabled: boolean;
  readonly trail_pct: number | null;
  readonly max_bars_enabled: boolean;
  readonly max_bars: number | null;
  readonly trigger: RiskGrid['trigger'];
}

export function payloadOf({ template }: Spec, values: Values, risk: Risk): Payload {
  const { execution, direction_mode, sizing_mode, risk_grid } = template;
  const { sl, tp, trail, maxBars } = risk;
  return {
    ...('rules' in template ? rulesPart(template, values) : indicatorPart(template, values)),
    risk_params: {
      sl_enabled: sl !== null,
      sl_pct: sl,
      tp_enabled: tp !== null,
      tp_pct: tp,
      trail_enabled: trail !== null,
      trail_pct: trail,
      max_bars_enabled: maxBars !== null,
      max_bars: maxBars,
      trigger: risk_grid.trigger,
    },
    execution_params: execution,
    direction_mode,
    sizing_mode,
  };
}

/**
 * Returns a payload that was kept as JSON with its parameters in the order in which they are written: those of indicators as
 * the catalogue has them, those of rules in the order of their spec. What is no payload stays as it is.
 * @param order names of the parameters of rules; without it they are sorted
 */
export function inOrderOfSpec(payload: Payload, order?: readonly string[]): Payload {
  const { indicator_selections, signal_params, params } = payload;
  if (!Array.isArray(indicator_selections)) return payload;
  const selections = (indicator_selections as readonly IndicatorSelection[]).map(
    ({ indicator_id, inputs, params: own }) => {
      const names = indicatorById(indicator_id)?.params.map(({ name }) => name);
      return { indicator_id, inputs, params: inOrder(own, names) };
    },
  );
  const signals = selections.map(({ indicator_id }) => {
    const row = indicatorById(indicator_id);
    const names = row && signalParams(row).map(({ name }) => name);
    return [indicator_id, inOrder(signal_params[indicator_id] ?? {}, names)] as const;
  });
  return {
    ...payload,
    indicator_selections: selections,
    signal_params: Object.fromEntries(signals),
    params: params && inOrder(params, order),
  };
}

/**
 * Returns a template that was kept as JSON with its parameters in the order in which they are written, as `inOrderOfSpec` does
 * with a payload.
 */
export function templateInOrder<T extends Template>(template: T, order?: readonly string[]): T {
  if ('rules' in template) return { ...template, params: inOrder(template.params, order) };
  const indicator_grids = template.indicator_grids.map(({ indicator_id, source, params }) => {
    const names = indicatorById(indicator_id)?.params.map(({ name }) => name);
    return { indicator_id, ...(source && { source }), params: inOrder(params, names) };
  });
  const signals = indicator_grids.map(({ indicator_id }) => {
    const row = indicatorById(indicator_id);
    const names = row && signalParams(row).map(({ name }) => name);
    return [indicator_id, inOrder(template.signal_grids[indicator_id] ?? {}, names)] as const;
  });
  return { ...template, indicator_grids, signal_grids: Object.fromEntries(signals) };
}

/** Returns the members in the order of their names; those that are not named come last, sorted. */
export function inOrder<T>(
  members: Readonly<Record<string, T>>,
  names: readonly string[] = [],
): Readonly<Record<string, T>> {
  const named = names.filter((name) => Object.hasOwn(members, name));
  const others = Object.keys(members).filter((name) => !names.includes(name));
  return Object.fromEntries([...named, ...others.sort()].map((name) => [name, members[name]]));
}

/** Identity of a strategy on an instrument: what it trades and how, not when. */
export function variantKey({ template }: Spec, payload: Payload): string {
  const { instrument_id, timeframe } = template;
  return sha256(canonicalJson({ instrument_id, timeframe, ...payload }));
}

type SignalPart = Pick<Payload, 'indicator_selections' | 'signal_params' | 'rules' | 'params'>;

function rulesPart({ rules, params }: RuleTemplate, values: Values): SignalPart {
  const chosen = Object.keys(params).map((name) => [name, Number(values[name])] as const);
  return { indicator_selections: [], signal_params: {}, rules, params: Object.fromEntries(chosen) };
}

function indicatorPart({ indicator_grids }: IndicatorTemplate, values: Values): SignalPart {
  const selections = indicator_grids.map(({ indicator_id, source, params }): IndicatorSelection => ({
    indicator_id,
    inputs: source === undefined ? {} : { source: String(values[axisKey(indicator_id, 'source')]) },
    params: Object.fromEntries(Object.keys(params).map((name) => [name, Number(values[axisKey(indicator_id, name)])])),
  }));
  const signals = indicator_grids.map(({ indicator_id }) => {
    const names = signalParams(rowOf(indicator_id)).map(({ name }) => name);
    return [
      indicator_id,
      Object.fromEntries(names.map((name) => [name, values[axisKey(indicator_id, name)]])),
    ] as const;
  });
  return { indicator_selections: selections, signal_params: Object.fromEntries(signals), rules: null, params: null };
}

/** Identity of the indicators alone: variants that share it read the same series. */
export function indicatorVariantKey({ template }: Spec, { strategy }: Grid, values: Values): string {
  const { instrument_id, timeframe } = template;
  const indicator_selections =
    'rules' in template ? indicatorsOf(strategy.rules, values) : indicatorPart(template, values).indicator_selections;
  return sha256(canonicalJson({ instrument_id, timeframe, indicator_selections }));
}

/** Identity of one run of a variant: of the strategy, the bars it saw and the code that ran it. */
export function runId(
  { time_range, warmup_bars, runtime }: Spec,
  run: { readonly variant_key: string; readonly data_digest: string; readonly engine_version: string },
): string {
  return sha256(canonicalJson({ ...run, time_range, warmup_bars, runtime }));
}

/**
 * A spec whose grid is this one variant, on the instrument, bars and settings of `spec`. The payload is taken as it is,
 * unchecked; `variantReport` checks one that comes from outside.
 */
export function specFromPayload(spec: Spec, payload: Payload): Spec {
  const { risk_params, execution_params, direction_mode, sizing_mode } = payload;
  const { sl_enabled, sl_pct, tp_enabled, tp_pct, trail_enabled, trail_pct, max_bars_enabled, max_bars } = risk_params;
  const { instrument_id, timeframe } = spec.template;
  return {
    ...spec,
    sample: null,
    template: {
      instrument_id,
      timeframe,
      ...signalsFrom(payload),
      direction_mode,
      sizing_mode,
      execution: execution_params,
      risk_grid: {
        sl: riskAxis(sl_enabled, sl_pct),
        tp: riskAxis(tp_enabled, tp_pct),
        trail: riskAxis(trail_enabled, trail_pct),
        max_bars: riskAxis(max_bars_enabled, max_bars),
        trigger: risk_params.trigger,
      },
    },
  };
}

function riskAxis(enabled: boolean, value: number | null): Axis {
  return single(enabled && value !== null ? value : 'off');
}

function signalsFrom({
  indicator_selections,
  signal_params,
  rules,
  params,
}: Payload): IndicatorTemplate | RuleTemplate {
  if (rules !== null) return { rules, params: singles(params ?? {}), constraints: [] };
  return {
    indicator_grids: indicator_selections.map(singlePoint),
    signal_grids: Object.fromEntries(Object.entries(signal_params).map(([id, values]) => [id, singles(values)])),
  };
}

function singlePoint({ indicator_id, inputs, params }: IndicatorSelection): IndicatorGrid {
  return { indicator_id, params: singles(params), ...singles(inputs) };
}

function singles(values: Readonly<Record<string, AxisValue>>): Readonly<Record<string, Axis>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, single(value)]));
}
