// A series as one would write it in a rule, with the values of one variant in the place of parameters.

import type { AxisValue } from '../axis.ts';
import { concreteNumber } from './concrete.ts';
import type { NumberExpr, SeriesExpr } from './expression.ts';

/** `valueOf`: the value of a parameter or a text axis by its name. */
export function seriesText(expr: SeriesExpr, valueOf: (name: string) => AxisValue): string {
  const text = (inner: SeriesExpr): string => seriesText(inner, valueOf);
  const number = (inner: NumberExpr): string => String(concreteNumber(inner, valueOf));
  switch (expr.kind) {
    case 'column':
      return expr.column;
    case 'clock':
      return expr.unit;
    case 'constant':
      return number(expr.of);
    case 'indicator': {
      const { indicator, input, params, output } = expr;
      const values = [...(input === null ? [] : [text(input)]), ...params.map(number)];
      return `${indicator.short}(${values.join(', ')})${output === indicator.outputs[0] ? '' : `.${output}`}`;
    }
    case 'lag':
      return `${text(expr.of)}[${number(expr.bars)}]`;
    case 'series_op': {
      const [left, right] = [text(expr.left), text(expr.right)];
      return expr.op === 'min' || expr.op === 'max' ? `${expr.op}(${left}, ${right})` : `(${left} ${expr.op} ${right})`;
    }
    case 'series_abs':
      return `abs(${text(expr.of)})`;
    case 'extreme':
      return `${expr.op}(${text(expr.of)}, ${number(expr.window)})`;
    case 'choose_series':
      return text(expr.cases[valueOf(expr.axis)]);
  }
}
