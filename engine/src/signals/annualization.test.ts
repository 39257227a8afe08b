// What annualises and is left out takes the year of the market, in rules and in templates.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSpec } from '../gate/parse-spec.ts';
import { buildGrid } from '../grid/grid.ts';
import { CATALOGUE, type Indicator } from '../indicators/catalogue.ts';
import { walk } from '../rules/reads.ts';
import { specInput } from '../testing/specs.ts';

function paramOf(market_id: number, rule: string): number | null {
  const template = { instrument_id: { market_id, symbol: 'X' }, indicator_grids: undefined, rules: { long: rule } };
  const { strategy } = buildGrid(parseSpec(specInput({}, template)));
  let found: number | null = null;
  if (strategy.rules.long !== null)
    walk(strategy.rules.long, (part) => {
      const param = part.kind === 'indicator' ? part.params[part.indicator.params.length - 1] : null;
      if (param?.kind === 'number') found = param.value;
    });
  return found;
}

test('hv annualises by the periods per year of the market; a number is kept', () => {
  assert.equal(paramOf(5, 'hv(close, 20) > 30'), 252);
  assert.equal(paramOf(1, 'hv(close, 20) > 30'), 365);
  assert.equal(paramOf(5, 'hv(close, 20, 365) > 30'), 365);
  assert.equal(paramOf(5, 'hv(close, 20, annualization = 12) > 30'), 12);
});

test('in a template too', () => {
  const yearly = (market_id: number, params: object): unknown => {
    const grids = [{ indicator_id: 'volatility.hv', params }];
    const { template } = parseSpec(
      specInput({}, { instrument_id: { market_id, symbol: 'X' }, indicator_grids: grids }),
    );
    return 'rules' in template ? null : template.indicator_grids[0].params.annualization;
  };
  assert.deepEqual(yearly(5, {}), { mode: 'explicit', values: [252] });
  assert.deepEqual(yearly(2, { window: 9 }), { mode: 'explicit', values: [365] });
  assert.deepEqual(yearly(5, { annualization: 100 }), { mode: 'explicit', values: [100] });
});

test('every parameter that annualises says so in its row', () => {
  const yearly = CATALOGUE.flatMap(({ id, params }: Indicator) =>
    params.filter((p) => p.yearly).map(({ name }) => `${id}.${name}`),
  );
  const named = CATALOGUE.flatMap(({ id, params }) =>
    params.filter((p) => /annual/.test(p.name)).map(({ name }) => `${id}.${name}`),
  );
  assert.deepEqual(yearly, named);
});
