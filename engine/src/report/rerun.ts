// One variant, run again in full: the simulation behind a row of the result and behind a report that somebody asks for.
// It is the simulation that ranked the variant, so score and report cannot differ.

import { openArena } from '../columns/arena.ts';
import { valuesAt } from '../grid/grid.ts';
import { openFlagged } from '../grid/short-history.ts';
import { payloadOf, type Payload, type Values } from '../grid/variant.ts';
import { targetOf, type Prepared } from '../prepare.ts';
import { openSignals, type Signals } from '../signals/signals.ts';
import type { OtherBounds } from '../simulate/metrics-json.ts';
import { openBuffers, settingOf, type Risk, type Buffers, type Setting, type Simulation } from '../simulate/setting.ts';
import { simulate } from '../simulate/simulate.ts';

export interface Rerun {
  readonly values: Values;
  readonly payload: Payload;
  readonly simulation: Simulation;
  readonly bounds: OtherBounds;
  /** First target bars on which an indicator of it has no value, where they are a tenth of all or more; else left out. */
  readonly history: { readonly short_history_bars?: number };
}

/**
 * Runs base variants under a risk setting, one by one; from other cash than the template's where it is given. Simulations are
 * valid until the next run.
 */
export function openRerun(prepared: Prepared): (base: number, risk: Risk, initCash?: number) => Rerun {
  const { spec, grid } = prepared;
  const { target } = targetOf(prepared);
  // Kept variants come in grid order: what two neighbours share is what each column holds anyway, its last value.
  const signals = openSignals(prepared, { bytes: 0, arena: openArena() });
  let last = -1;
  let ofLast: Signals | null = null;
  const buffers = openBuffers(target.time.length);
  const flagged = openFlagged(grid, prepared.timeline);
  const others: Partial<Record<keyof OtherBounds, Buffers>> = {};
  return (base, risk, initCash = spec.template.execution.init_cash_quote) => {
    const values = valuesAt(grid, base);
    const found = base === last ? ofLast : signals(base);
    last = base;
    ofLast = found;
    if (values === null || found === null) throw new RangeError(`index ${base} is not a variant of the grid`);
    const run = (setting: Setting, into: Buffers): Simulation =>
      simulate(target, found.signal, setting, found.exits, into);
    const simulation = run({ ...settingOf(spec.template, risk), initCash }, buffers);
    const bound = (name: keyof OtherBounds, bars: number): Simulation => {
      if (bars === 0) return simulation;
      others[name] ??= openBuffers(target.time.length);
      return run({ ...simulation.setting, ambiguous: name === 'tpFirst' ? 'tp_first' : 'trail_hit' }, others[name]);
    };
    const { ambiguousBars, possibleTrails } = simulation;
    const bounds = {
      tpFirst: bound('tpFirst', ambiguousBars - possibleTrails),
      trailHit: bound('trailHit', possibleTrails),
    };
    const short_history_bars = flagged(base);
    const history = short_history_bars > 0 ? { short_history_bars } : {};
    return { values, payload: payloadOf(spec, values, risk), simulation, bounds, history };
  };
}
