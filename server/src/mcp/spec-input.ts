// A spec as tools take it: as an object, or as text in YAML or JSON; the API judges it. Its warnings.

import { z } from 'zod';

export const SpecInput = z
  .union(
    [z.record(z.string(), z.unknown()), z.string().min(1)],
    'must be a spec: an object, or text in YAML or JSON; the resource backtest://reference/spec.md says how to write one',
  )
  .describe(
    'the spec, as an object or as text in YAML (or JSON): time_range, template {instrument_id, timeframe, indicator_grids or rules, params, risk_grid}, ...; ' +
      'see the resources backtest://example/sma-rsi-stops.yaml and backtest://reference/spec.md',
  );

export const SpecWarnings = z
  .array(z.object({ path: z.string(), code: z.string(), message: z.string() }))
  .describe('allowed, and seldom meant');
