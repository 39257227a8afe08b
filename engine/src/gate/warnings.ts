// Warnings of a spec: what is allowed, and yet is seldom what somebody meant. Like problems they have the path of their field;
// unlike problems they stop nothing.

import { decidingValues, type Axis } from '../axis.ts';
import type { Defaults } from '../defaults.ts';
import type { Problem } from '../problems.ts';
import type { Spec, Template } from '../spec.ts';

/** Codes of the warnings of a spec. */
export const SPEC_WARNINGS = ['never_enters', 'shorts_on_spot', 'looks_like_fraction'] as const;

export interface SpecWarning extends Problem {
  readonly code: (typeof SPEC_WARNINGS)[number];
}

/** Lists what a spec probably does not mean; a market counts as one for spot when its name has that word. */
export function specWarnings({ template, filters }: Spec, markets: Defaults['markets']): readonly SpecWarning[] {
  return [...directionWarnings(template, markets), ...fractionWarnings(template, filters)];
}

function directionWarnings(template: Template, markets: Defaults['markets']): readonly SpecWarning[] {
  const { direction_mode, instrument_id } = template;
  const path = 'template.direction_mode';
  const rules = 'rules' in template ? template.rules : null;
  for (const side of ['long', 'short'] as const) {
    if (direction_mode !== `${side}-only` || rules === null || rules[side] !== null) continue;
    const message = `${direction_mode} without a rule for ${side} never enters: write rules.${side}, or choose another direction`;
    return [{ path, code: 'never_enters', message }];
  }
  const name = Object.hasOwn(markets, instrument_id.market_id) ? markets[instrument_id.market_id].name : '';
  const sellsShort = direction_mode !== 'long-only' && (rules === null || rules.short !== null);
  if (!sellsShort || !/\bspot\b/i.test(name)) return [];
  const message = `${direction_mode} sells short on market ${instrument_id.market_id} (${name}), where only what is owned can be sold: long-only fits it`;
  return [{ path, code: 'shorts_on_spot', message }];
}

/** Largest value in percent, exclusive, that is more often a fraction by mistake than meant. */
const SUSPECT = { cost: 0.005, exit: 0.2, share: 1 } as const;

function fractionWarnings({ execution, risk_grid }: Template, filters: Spec['filters']): readonly SpecWarning[] {
  const suspects: readonly (readonly [string, number, keyof typeof SUSPECT])[] = [
    ['template.execution.fee_pct', execution.fee_pct, 'cost'],
    ['template.execution.slippage_pct', execution.slippage_pct, 'cost'],
    ['template.execution.equity_percent', execution.equity_percent, 'share'],
    ['template.execution.safe_profit_percent', execution.safe_profit_percent, 'share'],
    ...(['sl', 'tp', 'trail'] as const).map((name) => {
      return [`template.risk_grid.${name}`, largest(risk_grid[name]), 'exit'] as const;
    }),
    ['filters.max_drawdown_pct', filters.max_drawdown_pct ?? 0, 'share'],
  ];
  return suspects
    .filter(([, value, kind]) => value > 0 && value < SUSPECT[kind])
    .map(([path, value]) => {
      const meant = Number((value * 100).toPrecision(12));
      const message = `${value} is ${value} percent: write ${meant} if you mean ${meant} %`;
      return { path, code: 'looks_like_fraction', message };
    });
}

/** Returns the largest number of an axis; 0 where it has none. */
function largest(axis: Axis): number {
  return decidingValues(axis).reduce<number>(
    (most, value) => (typeof value === 'number' && value > most ? value : most),
    0,
  );
}
