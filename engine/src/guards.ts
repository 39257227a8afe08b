// What only all fields together can break: no bar to trade on, too many variants, too much memory.

import { estimate } from './estimate.ts';
import { at, report } from './fields.ts';
import type { Field } from './fields.ts';
import { buildGrid, rawTotalOf } from './grid.ts';
import type { Guards, Spec } from './spec.ts';
import { TIMEFRAMES, bucketFrom } from './timeframe.ts';

/** How many times the most variants a grid may have in indexes, those of senseless combinations included. */
const RAW_FACTOR = 4;

/** What a grid is made of. */
const GRID = ['indicator_grids', 'signal_grids', 'rules', 'params', 'constraints', 'risk_grid'].map(
  (name) => `template.${name}`,
);

/** Reports to the root field of a spec. What rests on fields with problems of their own is not judged. */
export function guard(root: Field, spec: Spec, guards: Guards): void {
  const faulty = (...paths: readonly string[]): boolean =>
    paths.some((path) => root.problems.some((problem) => problem.path.startsWith(path)));
  if (!faulty('time_range', 'template.timeframe')) guardRange(root, spec);
  if (!faulty(...GRID, 'sample')) guardGrid(root, spec, guards);
}

/** A range without one whole bar can have no target slice, whatever candles there are. */
function guardRange(root: Field, { time_range, template }: Spec): void {
  const timeframeMs = TIMEFRAMES[template.timeframe];
  const firstClose = bucketFrom(Date.parse(time_range.start), timeframeMs) + timeframeMs;
  if (firstClose <= Date.parse(time_range.end)) return;
  report(at(root, 'time_range'), 'no_bar_in_range', `holds no whole bar of ${template.timeframe}`);
}

function guardGrid(root: Field, spec: Spec, guards: Guards): void {
  const template = at(root, 'template');
  const most = guards.max_variants_per_compute;
  const raw = rawTotalOf(spec.template);
  if (raw > most * RAW_FACTOR) {
    const limit = `the limit is ${most * RAW_FACTOR}, ${RAW_FACTOR} times max_variants_per_compute`;
    report(template, 'too_many_variants', `the axes multiply to ${raw} combinations; ${limit}`);
    return;
  }
  const grid = buildGrid(spec);
  const { stage_a_variants, stage_b_variants, bytes } = estimate(spec, grid);
  const limit = `the limit (max_variants_per_compute) is ${most}`;
  if (stage_a_variants === 0) {
    report(template, 'no_valid_combination', `none of ${raw} combinations makes sense`);
  }
  if (stage_a_variants > most) {
    report(template, 'too_many_variants', `stage_a would score ${stage_a_variants} variants; ${limit}`);
  }
  if (stage_b_variants > most) {
    const product = `${Math.min(spec.preselect, stage_a_variants)} shortlisted x ${grid.riskTotal} risk settings`;
    const message = `stage_b would score ${stage_b_variants} variants, ${product}; ${limit}`;
    report(at(template, 'risk_grid'), 'too_many_variants', message);
  }
  if (bytes > guards.max_compute_bytes_total) {
    const allowed = `the limit (max_compute_bytes_total) is ${guards.max_compute_bytes_total}`;
    report(template, 'too_much_memory', `the search would need about ${bytes} bytes; ${allowed}`);
  }
}
