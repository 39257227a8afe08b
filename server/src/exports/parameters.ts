// The parameters of variants as columns: the value on each axis of the grid, by its key.

import type { Spec } from '@backtest-jobs/engine';
import { layoutOf, riskAt, type Layout } from '@backtest-jobs/engine/internal';
import type { Cell, SheetColumn } from './sheet.ts';

export interface Parameters {
  readonly columns: readonly SheetColumn[];
  /** Values of a base variant on each axis. */
  readonly ofBase: (base: number) => readonly Cell[];
  readonly riskColumns: readonly SheetColumn[];
  /** Levels of a variant; null: off. */
  readonly ofRisk: (variant: number) => readonly Cell[];
  readonly layout: Layout;
}

const RISKS = ['sl', 'tp', 'trail', 'max_bars'] as const;

/** `taken` are names of other columns: a parameter of that name is written with `param.` before it. */
export function parameterColumns(spec: Spec, taken: readonly string[]): Parameters {
  const layout = layoutOf(spec);
  const { axes, strides, riskTotal } = layout;
  const named = (key: string, type: SheetColumn['type']): SheetColumn => {
    return { name: taken.includes(key) ? `param.${key}` : key, type };
  };
  return {
    columns: axes.map(({ key, values }) => named(key, typeOf(values))),
    ofBase: (base) =>
      axes.map(({ values }, at) => values[Math.floor(base / (strides[at] ?? 1)) % values.length] ?? null),
    riskColumns: RISKS.map((key) => {
      const ofAxis = axes.some((axis) => axis.key === key);
      return {
        name: ofAxis || taken.includes(key) ? `risk.${key}` : key,
        type: key === 'max_bars' ? 'whole' : 'number',
      };
    }),
    ofRisk: (variant) => {
      const { sl, tp, trail, maxBars } = riskAt(layout, variant % riskTotal);
      return [sl, tp, trail, maxBars];
    },
    layout,
  };
}

function typeOf(values: readonly (number | string)[]): SheetColumn['type'] {
  if (values.some((value) => typeof value === 'string')) return 'text';
  return values.every(Number.isInteger) ? 'whole' : 'number';
}
