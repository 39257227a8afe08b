// A template in a line: what it trades by, and what it searches over. The server has judged it, so what is here is sound;
// what is not known here is left out.

import { axisValue } from '../words/format.ts';

type Json = Readonly<Record<string, unknown>>;

/** Says what a template trades by: its rules, or its indicators with their parameters. */
export function templateWords(template: Json): readonly string[] {
  const { rules, params, indicator_grids: grids } = template;
  const lines: string[] = [];
  if (isObject(rules))
    lines.push(
      ...Object.entries(rules).flatMap(([name, rule]) => (typeof rule === 'string' ? [`${name}: ${rule}`] : [])),
    );
  if (isObject(params) && Object.keys(params).length > 0) lines.push(axesWords(params));
  if (Array.isArray(grids))
    lines.push(
      ...grids
        .filter(isObject)
        .map(({ indicator_id, params: own }) => `${String(indicator_id)}${isObject(own) ? ` ${axesWords(own)}` : ''}`),
    );
  return lines;
}

const axesWords = (axes: Json): string =>
  Object.entries(axes)
    .map(([name, axis]) => `${name} ${axisWords(axis)}`)
    .join(', ');

/** Writes an axis short: one value, a list, or a range with its step. */
function axisWords(axis: unknown): string {
  if (!isObject(axis)) return axisValue(axis as number);
  const { mode, values, start, stop_incl, step } = axis;
  if (mode === 'explicit' && Array.isArray(values)) return values.map((one) => axisValue(one as number)).join(' | ');
  const by = step === 1 || step === undefined ? '' : ` by ${axisValue(step as number)}`;
  return `${axisValue(start as number)} to ${axisValue(stop_incl as number)}${by}`;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
