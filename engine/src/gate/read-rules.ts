// Reads the rules of a template with their parameters and constraints. Texts are judged by the rule language; what they
// mean for the values of the parameters is judged here: bounds, and parameters that could only score variants twice.

import { axisLength, decidingValues, type Axis } from '../axis.ts';
import { barsProblem } from '../grid/strategy.ts';
import { paramProblem } from '../indicators/catalogue.ts';
import { spanOf, type Ranges } from '../rules/bounds.ts';
import type { ConditionExpr, NumberExpr } from '../rules/expression.ts';
import { pointAt } from '../rules/problem.ts';
import { readConstraint, readRule } from '../rules/read-rule.ts';
import { effectiveParams, walk } from '../rules/reads.ts';
import { paramNameProblem } from '../rules/words.ts';
import type { RuleTemplate, RuleTexts } from '../spec.ts';
import { MOST } from './bounds.ts';
import {
  at,
  isAbsent,
  isObject,
  isTooLong,
  names,
  numberProblem,
  onlyKnown,
  readText,
  complain,
  shown,
  type Field,
} from './fields.ts';
import { readAxis } from './read-axis.ts';

const RULES = ['long', 'short', 'exit_long', 'exit_short'] as const;

/** Rules that nothing reads, by direction: their side is never entered. */
const IDLE: ReadonlyMap<unknown, (typeof RULES)[number]> = new Map([
  ['long-only', 'exit_short'],
  ['short-only', 'exit_long'],
]);

export function readRuleTemplate(template: Field): RuleTemplate {
  const params = readParams(at(template, 'params'));
  const scope = { params: new Set(Object.keys(params)), ranges: rangesOf(template, params) };
  const exprs = new Map<string, ConditionExpr>();
  const read = (field: Field, reader: typeof readRule): string | null => {
    if (isAbsent(field) || field.value === null) return null;
    const text = readText(field);
    if (text === undefined) return null;
    const reading = reader(text, scope);
    if ('expr' in reading) {
      if (reader === readRule) exprs.set(field.path, reading.expr);
      return text;
    }
    for (const problem of reading.problems) {
      const carets = pointAt(text, { ...problem, message: '' }).trimEnd();
      complain(field, 'invalid_rule', `column ${problem.column}: ${problem.message}\n${carets}`);
    }
    return text;
  };
  const rules = readRuleTexts(at(template, 'rules'), (field) => read(field, readRule));
  const constraints = readConstraints(at(template, 'constraints'), (field) => read(field, readConstraint));
  const faulty = template.problems.some(({ path }) => /^template\.(rules|params)\b/.test(path));
  if (!faulty) {
    const direction = at(template, 'direction_mode').value;
    const idle = exprs.get(`${template.path}.rules.${IDLE.get(direction)}`);
    checkParams(at(template, 'params'), params, { exprs: [...exprs.values()], idle, direction });
  }
  return { rules, params, constraints };
}

/** Where the values of the parameters lie; empty where they have problems of their own. */
function rangesOf({ path, problems }: Field, params: Readonly<Record<string, Axis>>): Ranges {
  if (problems.some((problem) => problem.path.startsWith(`${path}.params`))) return new Map();
  return new Map(Object.entries(params).map(([name, axis]) => [name, spanOf(decidingValues(axis).map(Number))]));
}

function readRuleTexts(field: Field, read: (field: Field) => string | null): RuleTexts {
  if (!isObject(field)) return { long: null, short: null, exit_long: null, exit_short: null };
  onlyKnown(field, RULES);
  const texts = {
    long: read(at(field, 'long')),
    short: read(at(field, 'short')),
    exit_long: read(at(field, 'exit_long')),
    exit_short: read(at(field, 'exit_short')),
  };
  const given = (name: (typeof RULES)[number]): boolean => !isAbsent(at(field, name)) && at(field, name).value !== null;
  if (!given('long') && !given('short'))
    complain(at(field, 'long'), 'required', 'give a rule for long, for short, or both');
  for (const side of ['long', 'short'] as const) {
    const exit = `exit_${side}` as const;
    if (given(exit) && !given(side))
      complain(at(field, exit), 'no_effect', `without a rule for ${side} nothing is there to exit`);
  }
  return texts;
}

function readParams(field: Field): Readonly<Record<string, Axis>> {
  if (field.value === null || !isObject(field) || isTooLong(field, MOST.params, 'parameters')) return {};
  const axes: [string, Axis][] = [];
  for (const name of names(field)) {
    const param = at(field, name);
    const problem = paramNameProblem(name);
    if (problem !== null) complain(param, 'invalid_name', problem);
    axes.push([name, readAxis(param, (value) => numberProblem(value, {}))]);
  }
  return Object.fromEntries(axes); // in the order of the user, in which variants show them
}

function readConstraints(field: Field, read: (field: Field) => string | null): readonly string[] {
  const { value } = field;
  if (isAbsent(field) || value === null) return [];
  if (!Array.isArray(value)) {
    complain(field, 'invalid_type', `must be a list of conditions, got ${shown(value)}`);
    return [];
  }
  if (isTooLong(field, MOST.constraints, 'constraints')) return [];
  const characters = value.reduce<number>((sum, one) => sum + (typeof one === 'string' ? one.length : 0), 0);
  if (characters > MOST.constraint_characters) {
    const rule = `at most ${MOST.constraint_characters} are allowed: write fewer or shorter constraints`;
    complain(field, 'too_long', `has ${characters} characters in all constraints together, ${rule}`);
    return [];
  }
  return value.map((_, position) => {
    const one = at(field, position);
    if (one.value === null) complain(one, 'invalid_type', 'must be text, got null');
    return read(one) ?? '';
  });
}

interface Reading {
  readonly exprs: readonly ConditionExpr[];
  /** Expression that this direction never reads. */
  readonly idle: ConditionExpr | undefined;
  readonly direction: unknown;
}

/** Checks that each value of a parameter is valid where it stands alone, and that several values can change a rule. */
function checkParams(field: Field, params: Readonly<Record<string, Axis>>, { exprs, idle, direction }: Reading): void {
  const checked = new Set<string>();
  // A text may name a parameter a thousand times, and a parameter may have a million values.
  const check = (expr: NumberExpr, place: string, problem: (value: number) => string | null): void => {
    if (expr.kind !== 'param' || checked.has(`${place} ${expr.name}`) || checked.has(expr.name)) return;
    checked.add(`${place} ${expr.name}`);
    const found = firstProblem(params[expr.name], problem);
    if (found === null) return;
    checked.add(expr.name);
    complain(at(field, expr.name), 'invalid_value', found);
  };
  for (const expr of exprs) {
    walk(expr, (part) => {
      if (part.kind === 'indicator') {
        const { indicator } = part;
        part.params.forEach((param, position) =>
          check(param, `${indicator.id} ${position}`, (value) =>
            prefixed(indicator.short, paramProblem(indicator.params[position], value)),
          ),
        );
      }
      if (part.kind === 'lag') check(part.bars, 'lag', (value) => prefixed('a lag', barsProblem(value, 0)));
      if (part.kind === 'extreme') check(part.window, 'window', (value) => prefixed(part.op, barsProblem(value, 1)));
    });
  }
  const effective = new Set(exprs.flatMap((expr) => (expr === idle ? [] : [...effectiveParams(expr)])));
  const rules = idle === undefined ? 'any rule' : `any rule that ${String(direction)} reads`;
  for (const [name, axis] of Object.entries(params)) {
    if (effective.has(name) || axisLength(axis) === 1) continue;
    complain(at(field, name), 'no_effect', `${name} has no effect on ${rules}: its values would score the same`);
  }
}

/** Returns what is wrong with the first value of an axis that breaks a rule, or null. */
function firstProblem(axis: Axis, problem: (value: number) => string | null): string | null {
  for (const value of decidingValues(axis)) {
    const found = problem(Number(value));
    if (found !== null) return found;
  }
  return null;
}

function prefixed(where: string, problem: string | null): string | null {
  return problem === null ? null : `${where}: ${problem}`;
}
