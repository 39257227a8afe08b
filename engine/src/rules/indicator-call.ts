// Calls of indicators: a series first where the row has a source, then its parameters in catalogue order or by name.

import { defaultOf, paramProblem, type Indicator, type Param } from '../indicators/catalogue.ts';
import { isNumber, typeOf } from './arithmetic.ts';
import type { IndicatorExpr, NumberExpr, SeriesExpr } from './expression.ts';
import { complain, numberOf, seriesOf, type Check, type Operand } from './operands.ts';
import { quoted } from './problem.ts';
import type { CallSyntax } from './syntax.ts';

const CLOSE: SeriesExpr = { kind: 'column', column: 'close' };

/** How a call of an indicator with its defaults is written. */
export function indicatorUsage(name: string, { source, params }: Indicator): string {
  return `${name}(${[...(source ? ['close'] : []), ...params.map((param) => param.default)].join(', ')})`;
}

/** `operands` are the arguments of the call. Reads the first output. */
export function indicatorCall(
  check: Check,
  row: Indicator,
  call: CallSyntax,
  operands: readonly Operand[],
): IndicatorExpr | null {
  const before = check.problems.length;
  if (seriesMisplaced(check, row, call, operands)) return null;
  const given = byName(check, row, call, operands);
  const source = given.get('source');
  const input = source === undefined ? CLOSE : seriesOf(check, source);
  const params = row.params.map((param) => paramOf(check, param, given.get(param.name)));
  if (check.problems.length > before || input === null || !params.every((value) => value !== null)) return null;
  const literals = params.map((value) => (value.kind === 'number' ? value.value : NaN));
  const message = literals.some(Number.isNaN) ? null : (row.invalid?.(literals) ?? null);
  if (message !== null) return complain(check, call.nameSpan, message);
  return { kind: 'indicator', indicator: row, input: row.source ? input : null, params, output: row.outputs[0] };
}

/** A series where the indicator takes none, or none where it takes one: what follows would only confuse. */
function seriesMisplaced(
  check: Check,
  row: Indicator,
  { name, args }: CallSyntax,
  operands: readonly Operand[],
): boolean {
  const first = args.length === 0 || args[0].name !== null ? null : operands[0].expr;
  if (first === null) return false;
  const texts = args.map(({ span }) => quoted(check.text.slice(span.start, span.end)));
  if (row.source && isNumber(first)) {
    const later = operands.findIndex(({ expr }) => expr !== null && typeOf(expr) === 'series');
    const series = later < 0 ? 'close' : texts[later];
    const ordered = [series, ...texts.filter((_, at) => at !== later)];
    complain(check, args[0].span, `the first argument is a series: write ${name}(${ordered.join(', ')})`);
    return true;
  }
  if (row.source || typeOf(first) !== 'series') return false;
  const reads = row.reads.join(', ');
  complain(
    check,
    args[0].span,
    `${name} takes no series, it reads ${reads}: write ${name}(${texts.slice(1).join(', ')})`,
  );
  return true;
}

/** The arguments by the names of what they give. */
function byName(
  check: Check,
  row: Indicator,
  { name, args }: CallSyntax,
  operands: readonly Operand[],
): ReadonlyMap<string, Operand> {
  const slots = [...(row.source ? ['source'] : []), ...row.params.map((param) => param.name)];
  const given = new Map<string, Operand>();
  let names = false;
  args.forEach((arg, position) => {
    const slot = arg.name ?? slots[position];
    names ||= arg.name !== null;
    if (names && arg.name === null) {
      complain(check, arg.span, 'arguments without a name come before those with one');
    } else if (slot === undefined) {
      complain(check, arg.span, `one too many: ${name} takes ${slots.join(', ') || 'nothing'}`);
    } else if (!slots.includes(slot)) {
      complain(check, arg.span, `${name} has no ${quoted(slot)}; it has ${slots.join(', ') || 'no parameters'}`);
    } else if (given.has(slot)) {
      complain(check, arg.span, `${slot} is given twice`);
    } else {
      given.set(slot, operands[position]);
    }
  });
  return given;
}

function paramOf(check: Check, param: Param, operand?: Operand): NumberExpr | null {
  if (operand === undefined) return { kind: 'number', value: defaultOf(param, check.scope.periodsPerYear ?? null) };
  const value = numberOf(check, operand, param.name);
  const message = value?.kind === 'number' ? paramProblem(param, value.value) : null;
  return message === null ? value : complain(check, operand.span, message);
}
