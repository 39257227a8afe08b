// A rule after its text is forgotten: a tree whose types say which values are one for a whole combination of parameters,
// which are one a bar, and which are true or false. Rules of templates are built as the same trees, so that one evaluator
// serves both.

import type { Source } from '../bars/candles.ts';
import type { Indicator } from '../indicators/catalogue.ts';

export type ArithmeticOp = '+' | '-' | '*' | '/' | 'min' | 'max';
export type CompareOp = '<' | '<=' | '>' | '>=' | '==' | '!=';
export type CrossOp = 'cross_above' | 'cross_below';

export type Expr = NumberExpr | SeriesExpr | ConditionExpr;

/** One value for a combination of parameters. */
export type NumberExpr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'param'; readonly name: string }
  | {
      readonly kind: 'number_op';
      readonly op: ArithmeticOp;
      readonly left: NumberExpr;
      readonly right: NumberExpr;
    }
  | { readonly kind: 'number_abs'; readonly of: NumberExpr };

/** One value a bar. */
export type SeriesExpr =
  | { readonly kind: 'column'; readonly column: Source }
  /** Of the bar's open, UTC; dayofweek 0 is Monday, 6 Sunday. */
  | { readonly kind: 'clock'; readonly unit: 'hour' | 'dayofweek' }
  /** A number where a series is needed. */
  | { readonly kind: 'constant'; readonly of: NumberExpr }
  | IndicatorExpr
  | { readonly kind: 'lag'; readonly of: SeriesExpr; readonly bars: NumberExpr }
  | {
      readonly kind: 'series_op';
      readonly op: ArithmeticOp;
      readonly left: SeriesExpr;
      readonly right: SeriesExpr;
    }
  | { readonly kind: 'series_abs'; readonly of: SeriesExpr }
  | {
      readonly kind: 'extreme';
      readonly op: 'highest' | 'lowest';
      readonly of: SeriesExpr;
      readonly window: NumberExpr;
    }
  /** Picked by the value of a text axis; the language cannot write it. */
  | { readonly kind: 'choose_series'; readonly axis: string; readonly cases: Readonly<Record<string, SeriesExpr>> };

export interface IndicatorExpr {
  readonly kind: 'indicator';
  readonly indicator: Indicator;
  /** Null: the row has no source. */
  readonly input: SeriesExpr | null;
  /** In catalogue order, defaults filled in. */
  readonly params: readonly NumberExpr[];
  readonly output: string;
}

/** True or false a bar, or undefined where a value it reads is NaN. */
export type ConditionExpr =
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: SeriesExpr; readonly right: SeriesExpr }
  | { readonly kind: 'compare_numbers'; readonly op: CompareOp; readonly left: NumberExpr; readonly right: NumberExpr }
  | { readonly kind: 'cross'; readonly op: CrossOp; readonly left: SeriesExpr; readonly right: SeriesExpr }
  | { readonly kind: 'and' | 'or'; readonly left: ConditionExpr; readonly right: ConditionExpr }
  | { readonly kind: 'not'; readonly of: ConditionExpr }
  | { readonly kind: 'exists'; readonly of: SeriesExpr }
  /** True where `of` is defined and true, else false and defined; the language cannot write it. */
  | { readonly kind: 'holds'; readonly of: ConditionExpr }
  /** Picked by the value of a text axis; the language cannot write it. */
  | {
      readonly kind: 'choose_condition';
      readonly axis: string;
      readonly cases: Readonly<Record<string, ConditionExpr>>;
    };

/** Null: there is no such rule. */
export interface Rules {
  readonly long: ConditionExpr | null;
  readonly short: ConditionExpr | null;
  readonly exit_long: ConditionExpr | null;
  readonly exit_short: ConditionExpr | null;
}
